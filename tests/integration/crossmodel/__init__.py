"""All roles played by models in their real runtimes at once."""
