"""The typed reads and writes of one project; what is newer supersedes, nothing is overwritten."""
