"""Project, sections and elements as a tree, with a running summary at each place."""
