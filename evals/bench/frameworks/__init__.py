"""A turn of ours against the same turn in other frameworks, on the same scripted models."""
