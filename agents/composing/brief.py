"""A brief, as text or TOML, becomes an order."""

import tomllib
from collections.abc import Mapping

from pydantic import JsonValue

from agents.composing.free_text import fields_of_text
from agents.composing.order import ComposeOrder, order_of
from audio.songs.sections import role_of
from grym_synth.errors import BadInput

_MOST_LETTERS = 20_000
_DO = "Write the brief in words, or as TOML; docs/composing.md has examples of both"


def read_order(parameters: Mapping[str, JsonValue]) -> ComposeOrder:
    """The order that a workflow's parameters tell: a ``brief``, fields of their own, or both.

    Fields beside a brief hold against what it says. Where an earlier session is named as the
    ``base``, words say what is to change in it.

    Raises:
        BadInput: the brief or a field can't be understood, or is impossible.
    """
    fields = dict(parameters)
    brief = fields.pop("brief", None)
    if brief is None:
        return order_of(fields)
    if not isinstance(brief, str) or not brief.strip():
        raise BadInput("reading the brief", "it is empty", _DO)
    if len(brief) > _MOST_LETTERS:
        raise BadInput("reading the brief", f"it has {len(brief):,} letters", "Write less")
    read = _toml(brief)
    if read is None:
        read = {"wish": brief.strip()[:2000]} if fields.get("base") else fields_of_text(brief)
    return order_of({**read, **fields})


def _toml(brief: str) -> dict[str, JsonValue] | None:
    """The fields of a brief in TOML; None where it is plain text.

    Text counts as TOML where a line of it is a table or gives a field a value, so that a slip in
    a TOML file is told of and not read as prose.
    """
    meant = any(
        line.strip().startswith("[") or line.partition("=")[0].strip() in _FIELDS
        for line in brief.splitlines()
        if "=" in line or line.strip().startswith("[[")
    )
    try:
        fields: dict[str, JsonValue] = tomllib.loads(brief)
    except tomllib.TOMLDecodeError as fault:
        if meant:
            raise BadInput("reading the brief as TOML", str(fault), _DO) from fault
        return None
    return _usual(fields)


_FIELDS = frozenset(ComposeOrder.model_fields) | {"bpm", "tempo_bpm", "sections", "time_signature"}
_OTHER_NAMES = {
    "bpm": "tempo", "tempo_bpm": "tempo", "sections": "form", "time_signature": "meter",
    "band": "instruments", "scale": "key",
}  # fmt: skip


def _usual(fields: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Fields under their own names, sections and instruments as tables."""
    made: dict[str, JsonValue] = {}
    for name, value in fields.items():
        made[_OTHER_NAMES.get(name, name)] = value
    form, band = made.get("form"), made.get("instruments")
    if isinstance(form, dict):
        form = [{"kind": name, "bars": bars} for name, bars in form.items()]
    if isinstance(form, list):
        made["form"] = [_section(one) for one in form]
    if isinstance(band, list):
        made["instruments"] = [{"name": one} if isinstance(one, str) else one for one in band]
    if isinstance(made.get("chords"), str):
        made["chords"] = list(bars_of(str(made["chords"])))
    return made


def _section(one: JsonValue) -> JsonValue:
    """A section as a table: from its name, a pair such as ``["verse", 8]``, or a table."""
    if isinstance(one, str):
        return {"kind": kind_of(one), "name": ""}
    if isinstance(one, list) and len(one) == 2 and isinstance(one[0], str):
        return {"kind": kind_of(one[0]), "bars": one[1]}
    if not isinstance(one, dict):
        return one
    made = dict(one)
    if "kind" not in made and isinstance(made.get("name"), str):
        made["kind"] = kind_of(str(made["name"]))
    if isinstance(made.get("chords"), str):
        made["chords"] = list(bars_of(str(made["chords"])))
    return made


def kind_of(name: str) -> str:
    """The kind of a section by its name: ``verse`` for ``Verse 2``, else the name itself."""
    plain = name.strip().rstrip("0123456789 ").strip() or name.strip()
    return role_of(name) or (plain if len(plain) == 1 else plain.lower())


def bars_of(chords: str) -> tuple[str, ...]:
    """Chords as one text a bar: bars between lines as they stand, else each chord is a bar."""
    if "|" in chords:
        bars = [" ".join(bar.replace(",", " ").split()) for bar in chords.split("|")]
        return tuple(bar for bar in bars if bar)
    return tuple(chords.replace(",", " ").replace("–", " ").replace("→", " ").split())
