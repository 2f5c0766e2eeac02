"""How the coder writes code with a model: brief, draft, check, approval, trial, and again."""
