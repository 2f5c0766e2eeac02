"""Prompts as Markdown files and the function that renders them."""
