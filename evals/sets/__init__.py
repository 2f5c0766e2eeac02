"""The sets that ``grym eval`` scores: items, targets and evaluators, run by LangSmith's runner."""
