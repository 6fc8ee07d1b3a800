"""From a folder of files as a planner has them to a region.toml.

look        which file, sheet or layer is which table, and why
choices     what the files do not say: datum, frame, names that stand for others
region_toml the choices as lines that can be changed
missing     what is not there, and where cities get it
begin       start(): all of it, and the doctor's findings
"""
