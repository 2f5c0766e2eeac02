"""The memory with its real index and with processes that die."""
