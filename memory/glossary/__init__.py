"""The words of the trade, shared and per project, and what they mean in aspects and numbers."""
