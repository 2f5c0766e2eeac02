"""Reading a specification: plain words, words with a parameter table, TOML or JSON."""

import json
import re
import tomllib
from collections.abc import Mapping

from pydantic import JsonValue, TypeAdapter, ValidationError

from agents.toolchain.banding import role_named
from agents.toolchain.designing import designed, package_name
from agents.toolchain.family import KINDS
from agents.toolchain.outside import OutsideFamily, outside
from agents.toolchain.rows import Row, table_rows
from agents.toolchain.specification import ParameterSpec, Specification
from agents.toolchain.structure import structure_of
from agents.toolchain.table_reading import read_table
from agents.toolchain.text_reading import beyond_in, kind_of, rows_in
from grym_synth.errors import BadInput

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
    rows, words = table_rows(text)
    title = _title(words)
    kind = kind_of(words)
    if not kind or beyond_in(words):
        raise outside(words)
    structure = structure_of(_TITLE.sub(" ; ", words))
    read = rows_in(structure.rest, kind)
    taken = {one.role or one.name.casefold() for one in rows}
    told = [] if rows else list(read.rows.values())
    extra = [one for one in read.rows.values() if rows and _is_new(one, kind, rows, taken)]
    return designed(
        kind, structure, [*rows, *told, *extra], title=title, text=text, unread=read.left
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
        if text.startswith("{"):
            return _TABLES.validate_python(json.loads(text))
        if re.match(
            r"(?:#[^\n]*\n|\s)*(?:\[\[?[\w.\" -]+\]\]?\s*(?:#[^\n]*)?$|[\w-]+\s*=)", text, re.M
        ):
            return _TABLES.validate_python(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, ValidationError) as fault:
        first = str(fault).splitlines()[0]
        raise BadInput("reading the specification", first, "Mend its TOML or JSON") from fault
    return None
