"""Servers on the loopback address that speak the protocols of model servers, faults included."""
