"""Graph nodes: thin functions from a slice of the state to an update."""
