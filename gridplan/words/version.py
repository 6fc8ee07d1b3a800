"""The version of gridplan: written here, read by the set-up, the command line, plan folders and run folders."""

# Not asked of the installed distribution: a tree on PYTHONPATH has none, and `gridplan` on the public package index
# is somebody else's (ours is `gridplan-health`).
VERSION = "0.1.0"
