"""How the coder carries out operations and tells of them."""
