"""What is wrong with the data: one small function per fault, and repairs only when asked.

doctor      check(): all of it at once
levels      districts among units, towns beside their villages
cells       blank, negative or absurd numbers, unknown words, unsafe and repeated ids
links       ids that point to nothing, former district codes
places      swapped, absurd, outside every district, without a district or location
suspicions  another datum, another district, two hospitals in one place
shapes      invalid polygons, overlaps, gaps, islands
minutes     a travel table against distance
totals      empty tables, empty districts, sums that differ, units that nobody can leave
repair      repair_folder(): a new folder with what can safely be put right
"""
