"""Which models are loaded: within the memory that there is, with as few loads as can be."""
