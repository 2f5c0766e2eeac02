"""The sound library in the studio's hands: requests read as searches, and answers from them."""
