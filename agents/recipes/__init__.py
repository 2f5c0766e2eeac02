"""What a script may do to a sound: each recipe is a module here and a part of the scripts."""
