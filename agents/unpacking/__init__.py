"""Unpacking a recording: what it is, its parts, its notes, and files to go on with."""
