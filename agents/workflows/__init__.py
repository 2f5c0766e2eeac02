"""What all workflows share: how they are ordered, what they check, and how they report."""
