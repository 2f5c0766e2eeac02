"""What is not in the documented family."""

from agents.toolchain.family import KINDS, family_text
from agents.toolchain.naming import beyond_in, format_in, kind_of, kinds_in, named_heads
from grym_synth.errors import BadInput


class OutsideFamily(BadInput):
    """The specification is of nothing that is built without a model."""


def member_in(text: str) -> str:
    """The one member of the family that a text is about.

    Raises:
        OutsideFamily: it names none, or several, or asks for what none of them does.
        BadInput: it asks for a form of plugin that isn't written.
    """
    kind = kind_of(text)
    if not kind or beyond_in(text, kind):
        raise outside(text)
    check_format(text)
    return kind


def check_format(text: str) -> None:
    """Refuse a form of plugin, or a language, that isn't written.

    Raises:
        BadInput: the text asks for one.
    """
    if form := format_in(text):
        raise BadInput(
            "reading the specification",
            f"it asks for {form}, and what is built is a Python package, with Faust source beside",
            f"Leave {form} out to have that; the compiler of Faust makes plugins from its source",
        )


def outside(words: str) -> OutsideFamily:
    """Why a text is of no one member of the family."""
    named = named_heads(kinds_in(words))
    beyond = beyond_in(words, named[0] if len(named) == 1 else "")
    happened = (
        f"it asks for {beyond!r}, which is not in the documented family"
        if beyond
        else f"it names {' and '.join(KINDS[one].label for one in named)}; one is built at a time"
        if len(named) > 1
        else "it names nothing of the documented family"
    )
    return OutsideFamily(
        "reading the specification",
        happened,
        f"Ask for one of: {family_text()}; or give the coder a model, which writes other things",
    )
