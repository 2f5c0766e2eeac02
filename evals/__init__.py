"""Datasets, scorers, baselines and benchmarks."""
