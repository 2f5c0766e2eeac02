"""The web studio: a page and its API on loopback, with the turns that run behind it."""
