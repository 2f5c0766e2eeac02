"""The index of meanings: embeddings, and Chroma in a process of its own that may fail."""
