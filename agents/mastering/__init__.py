"""Mastering: from stems or a mix to masters that are measured, by a chain that can be replayed."""
