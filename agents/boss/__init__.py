"""The model-backed supervisor: it improves what the instruments drafted, within checked bounds."""
