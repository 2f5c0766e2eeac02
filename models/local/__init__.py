"""Models in folders of this machine: their files, their loading and their generation."""
