"""Many reports become few findings, and findings that can not all be true become conflicts."""
