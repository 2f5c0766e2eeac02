"""Reading a specification: plain words, words with a parameter table, TOML or JSON."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence

from pydantic import JsonValue, TypeAdapter, ValidationError

from agents.toolchain.banding import role_named
from agents.toolchain.demands import demands_in
from agents.toolchain.designing import designed, package_name
from agents.toolchain.family import KINDS
from agents.toolchain.naming import beside_in
from agents.toolchain.outside import OutsideFamily, member_in
from agents.toolchain.rows import Row, table_rows
from agents.toolchain.specification import ParameterSpec, Specification
from agents.toolchain.structure import structure_of
from agents.toolchain.table_reading import read_table
from agents.toolchain.text_reading import rows_in
from agents.toolchain.wording import respelt, written_out
from grym_synth.errors import BadInput
from grym_synth.plain_text import without_runs

LONGEST = 20_000
"""Characters of a specification."""

_TITLE = re.compile(
    r"(?:called|named|namens|name|title|titel)\s*[:=]?\s*[\"“„'](?P<quoted>[^\"”“']{1,60})[\"”“']|"
    r"^(?:#+|title:|name:|titel:)\s*(?P<line>\S[^\n]{0,60})$",
    re.I | re.M,
)
_TABLES = TypeAdapter(dict[str, JsonValue])


def read_specification(text: str) -> Specification:
    """Understand a specification.

    Args:
        text: English or German words, a Markdown table of parameters among them if there is one;
            or TOML; or JSON.

    Raises:
        OutsideFamily: it names nothing of the documented family, or several of its members.
        BadInput: it can't be read, contradicts itself or can't be built.
    """
    plain = text.strip().replace("+/-", "±")
    if not plain:
        raise BadInput("reading the specification", "it is empty", "Say what is to be built")
    if len(plain) > LONGEST:
        raise BadInput(
            "reading the specification",
            f"it has {len(plain):,} characters, {LONGEST:,} are taken",
            "Say what is to be built in fewer words",
        )
    tables = _tables(plain)
    return read_table(tables, plain) if tables is not None else _read_words(plain)


def check_specification(text: str) -> None:
    """Refuse what can't be built as it is; what only a model can write passes.

    Args:
        text: as in ``read_specification``.

    Raises:
        BadInput: it can't be read, contradicts itself or can't be built.
    """
    try:
        read_specification(text)
    except OutsideFamily:
        return


def free_specification(text: str) -> Specification:
    """A specification that only a model can fulfil: what can be read of it without one.

    Raises:
        BadInput: its parameter table can't be read.
    """
    title = _title(text) or " ".join(text.split()[:5])
    rows, words = table_rows(text)
    return Specification(
        title=title,
        name=package_name(title, "free"),
        kind="free",
        text=text,
        channels=structure_of(words).channels or 2,
        parameters=tuple(
            ParameterSpec(
                name=row.name, role=row.name, unit=row.unit or "", minimum=row.minimum,
                maximum=row.maximum,
                default=row.minimum if row.default is None else row.default, text=row.text,
            )
            for row in rows
            if row.minimum is not None and row.maximum is not None
        ),
    )  # fmt: skip


def _read_words(text: str) -> Specification:
    rows, words = table_rows(without_runs(text))
    title, words = _title(words), respelt(words)
    kind = member_in(words)
    roles = KINDS[kind].roles
    demands = demands_in(_TITLE.sub(" ; ", words), "gain" in roles)
    structure = structure_of(written_out(demands.rest, kind))
    read = rows_in(structure.rest, kind)
    _check_agreement(rows, read.rows, kind)
    taken = {one.role or one.name.casefold() for one in rows}
    told = [one for one in read.rows.values() if not rows or _is_new(one, kind, rows, taken)]
    return designed(
        kind, structure, [*rows, *told], title=title, text=text,
        requirements=demands.requirements, unread=[*read.left, *beside_in(words)],
    )  # fmt: skip


def _check_agreement(rows: Sequence[Row], told: Mapping[str, Row], kind: str) -> None:
    """Refuse words that name another default than the table does.

    Raises:
        BadInput: they do.
    """
    roles = KINDS[kind].roles
    for row in rows:
        other = told.get(role_named(row.name, roles))
        if other is None or None in (row.default, other.default) or row.default == other.default:
            continue
        if (row.unit or "") == (other.unit or ""):
            raise BadInput(
                "reading the specification",
                f"it contradicts itself: {row.name} {row.default:g} in the table and "
                f"{other.default:g} beside it",
                f"Name one {row.name}",
            )


def _is_new(row: Row, kind: str, rows: list[Row], taken: set[str]) -> bool:
    """Whether the words speak of a parameter that the table doesn't list."""
    listed = {role_named(one.name, KINDS[kind].roles) for one in rows}
    member = KINDS[kind]
    if row.role.partition("_")[0] in member.each_split:
        return False
    return row.role.partition("@")[0] not in listed and row.role not in taken


def _title(text: str) -> str:
    found = _TITLE.search(text)
    return (found["quoted"] or found["line"]).strip() if found else ""


def _tables(text: str) -> Mapping[str, JsonValue] | None:
    """What TOML or JSON holds; None where the text is neither.

    Raises:
        BadInput: it begins as one of them and can't be read.
    """
    try:
        if re.match(r"[{]|\[\s*[{\[]", text):
            return _TABLES.validate_python(json.loads(text))
        if re.match(
            r"(?:#[^\n]*\n|\s)*(?:\[\[?[\w.\" -]+\]\]?\s*(?:#[^\n]*)?$|[\w-]+\s*=)", text, re.M
        ):
            return _TABLES.validate_python(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as fault:
        first = str(fault).splitlines()[0]
        raise BadInput("reading the specification", first, "Mend its TOML or JSON") from fault
    except ValidationError as fault:
        raise BadInput(
            "reading the specification", "it is a list", "Give one table of keys and values"
        ) from fault
    return None
