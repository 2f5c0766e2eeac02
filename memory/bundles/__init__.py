"""A whole project as one file: written, checked, and read into a memory."""
