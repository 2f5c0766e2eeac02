"""Models of this machine behind an OpenAI-compatible HTTP API."""
