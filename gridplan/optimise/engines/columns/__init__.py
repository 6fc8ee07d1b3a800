"""Plans under caps and capacities at any size, by column generation (FORMULATION.md, "By columns").

`sets` what a district may choose and what it costs at given prices · `bound` the master and the bound · `choice` a plan
of whole units for chosen sets · `tree` branch and bound over pairs.
"""
