"""Project memory: words, store, repository, packages, conflicts, checkpoints."""
