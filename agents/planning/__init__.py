"""How a request in words becomes a plan: vocabulary, targets, intent, operations."""
