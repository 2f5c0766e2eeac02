"""What models are told: one Markdown file for each prompt, and what fills it in."""
