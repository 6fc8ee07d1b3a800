"""A router inside the package: minutes on a map of OpenStreetMap, without a server and without the network."""
