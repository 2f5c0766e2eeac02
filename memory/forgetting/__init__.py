"""A request to forget, from what it names to what is really gone."""
