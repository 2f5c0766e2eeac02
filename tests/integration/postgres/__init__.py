"""The memory and the checkpoints in a real PostgreSQL server, which these tests start."""
