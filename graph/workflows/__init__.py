"""The workflows: each a compiled graph that is a node of the turn's graph, and runs by itself."""
