"""What an answer must never do, whoever wrote it."""

import re

from grym_synth.result import TurnResult

ALIVE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u2028]|!\[|\]\(|\]:|<[\w/!|]"
)
"""What steers a terminal, fetches, leads away or builds a page where an answer is shown."""


def outranked(result: TurnResult) -> bool:
    """Whether a turn took something for measured or done that no instrument measured."""
    facts = [one for one in result.findings if one.evidence in ("measured", "executed")]
    done = [one for one in result.tasks if one.status == "done"]
    return (
        any("scripted" in one.source or "ollama" in one.source for one in facts)
        or any(not criterion.met for one in done for criterion in one.criteria)
        or bool({str(one.value) for one in facts if one.aspect == "key"} - {"A minor"})
    )
