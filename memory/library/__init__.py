"""The user's sound library: what is in its folders, measured, kept and found again."""
