"""Measuring whole folders of sounds: one light profile and one likeness vector for each file."""
