"""Pictures of sound for a vision model's eyes, what it points at, and what they show."""
