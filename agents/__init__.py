"""The supervisor and its three specialists, each with its context adapter."""
