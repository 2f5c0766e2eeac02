"""The aspects and conditions that a decision names, as instruments can measure them."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from pydantic import JsonValue

from agents.boss.forms import CriterionForm
from agents.boss.verdict import Verdict
from agents.planning.criteria import criterion, targets
from agents.planning.measures import MEANT
from audio.aspects import ASPECTS, PROFILE, is_number, parse_key
from memory.context import AgentName, Criterion

_ALIKE = 0.85
"""How alike a misspelt aspect is to the one that is meant."""


def aspects_named(said: str) -> tuple[str, ...]:
    """The aspects that a name, a family or a musician's word stands for; none when it is unclear.

    Misspelt names count where only one aspect is that alike.
    """
    name = said.strip().casefold()
    if name in ASPECTS:
        return (name,)
    if found := MEANT.get(name.replace(" ", "_").replace("-", "_")):
        return found
    if family := tuple(one for one in ASPECTS if one.startswith(f"{name.rstrip('.*')}.")):
        return family
    alike = get_close_matches(name, ASPECTS, n=2, cutoff=_ALIKE)
    return tuple(alike) if len(alike) == 1 else ()


def criteria_of(
    forms: Iterable[CriterionForm], agent: AgentName, verdict: Verdict, where: str
) -> tuple[Criterion, ...]:
    """The conditions of a task, each with an instrument, a value of its kind, and the unit."""
    return tuple(one for form in forms for one in _criterion(form, agent, verdict, where))


def _criterion(
    form: CriterionForm, agent: AgentName, verdict: Verdict, where: str
) -> Iterator[Criterion]:
    measurable = () if agent == "qwen_vl" else PROFILE
    able = [name for name in aspects_named(form.aspect) if name in measurable][:1]
    if not able:
        happened = f"no instrument of {agent} measures {form.aspect!r}"
        verdict.fault(where, happened, measurable)
        return
    if able[0] != form.aspect:
        verdict.repair(where, f"{form.aspect} read as {able[0]}")
    value, why = _value(able[0], form)
    if why:
        verdict.fault(where, why)
        return
    yield criterion(able[0], form.op, value, form.tolerance)


def _value(aspect: str, form: CriterionForm) -> tuple[float | int | str | None, str]:
    """The value in the aspect's kind; else why it is none."""
    kind, value = ASPECTS[aspect].kind, form.value
    if kind == "list":
        return None, f"{aspect} is a list: no condition compares it"
    if value is None:
        return None, "" if form.op == "==" else f"null can't be compared with {form.op}"
    if kind == "text":
        wrong = aspect == "key" and parse_key(str(value)) is None
        if wrong or form.op != "==":
            return None, f"{aspect} is text such as F# minor for key or 4/4 for meter, and needs =="
        return str(value), ""
    number: JsonValue = value if is_number(value) else _number(aspect, str(value))
    if not is_number(number):
        return None, f"{aspect} needs a number in {ASPECTS[aspect].unit or 'no unit'}: {value!r}"
    return number, ""


def _number(aspect: str, said: str) -> JsonValue:
    """The number in words such as ``-14 LUFS``."""
    stated = [one.value for one in targets(said) if one.aspect == aspect]
    if len(stated) == 1:
        return stated[0]
    try:
        return float(said.split()[0])
    except (ValueError, IndexError):
        return None
