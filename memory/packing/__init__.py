"""From a task to its context package: gathered, filtered, ranked, compressed to a budget."""
