"""Benchmarks: time and memory of whole parts, each run by hand."""
