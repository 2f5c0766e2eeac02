"""GAMA, a large audio-language model, as a normal ``transformers`` model."""
