"""Runs generated scripts where they can read, write and reach nothing but their own files."""
