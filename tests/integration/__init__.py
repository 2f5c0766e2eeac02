"""Tests against real parts: Chroma, SQLite, HTTP, a server."""
