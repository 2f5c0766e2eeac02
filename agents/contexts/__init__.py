"""Context adapters: what each agent is handed of the project memory for one task."""
