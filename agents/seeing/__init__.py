"""How qwen_vl reads pictures."""
