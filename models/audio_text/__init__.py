"""Runtimes of models that hear sound and answer in text."""
