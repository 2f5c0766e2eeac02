"""The members of the documented family: what is built without a model."""
