"""How well events are seen in pictures of sound."""
