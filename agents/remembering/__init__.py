"""What a turn reads from project memory and writes to it."""
