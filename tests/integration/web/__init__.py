"""The web studio as real processes, over real HTTP."""
