"""Composing: from a brief to an order, a plan, a song, its files, and what was checked of them."""
