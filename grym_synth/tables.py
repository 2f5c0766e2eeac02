"""Findings and answers on the terminal."""

import sys
from collections.abc import Iterable, Mapping

from pydantic import JsonValue
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grym_synth.options import say, say_line
from grym_synth.plain_text import one_line
from grym_synth.result import FindingResult, TurnResult


def findings_table(findings: Iterable[FindingResult]) -> None:
    """Print one line per finding: aspect, value, confidence and method."""
    table = Table(box=None, pad_edge=False)
    for column in ("aspect", "value", "confidence", "method"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        value = f"{show_value(finding.value)} {finding.unit}".strip()
        sure = "you said" if finding.evidence == "user" else f"{finding.confidence:.2f}"
        table.add_row(
            *(Text(one_line(one)) for one in (finding.aspect, value, sure, finding.method))
        )
    Console().print(table)


def findings_by_file(findings: Iterable[FindingResult], names: Mapping[str, str]) -> None:
    """Print the findings of each file, section or element under its name.

    Args:
        findings: in any order.
        names: file names by asset id.
    """
    by_subject: dict[tuple[str, str], list[FindingResult]] = {}
    for one in findings:
        key = str(one.subject["kind"]), str(one.subject["id"])
        by_subject.setdefault(key, []).append(one)
    for (kind, id_), held in by_subject.items():
        name = names.get(id_, id_[:12]) if kind == "asset" else f"{kind} {id_}"
        say(f"\n**{name}**")
        findings_table(held)


def tell(result: TurnResult, *, as_json: bool = False) -> None:
    """Print a turn's answer, then where each file that it made lies; who reads it sees it at once.

    Args:
        result: what the turn came to.
        as_json: print the whole result as one object instead.
    """
    if as_json:
        print(result.model_dump_json())
    else:
        say(result.answer)
        for artifact in result.artifacts:
            say_line(f"{artifact.kind}: {artifact.path}")
    sys.stdout.flush()


def show_value(value: JsonValue) -> str:
    """A value in one cell: lists by their length and first entries."""
    if isinstance(value, list):
        first = ", ".join(str(entry) for entry in value[:3])
        return f"{len(value)}: {first}{', …' if len(value) > 3 else ''}"
    return "none or can't be told" if value is None else str(value)
