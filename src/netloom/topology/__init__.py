"""The network as a graph: links, paths, layouts and drawings."""
