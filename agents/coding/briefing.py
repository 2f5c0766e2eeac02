"""What a coding model is told: the task, its numbers, the project, a recipe, and what was wrong."""

from collections.abc import Mapping, Sequence

from agents.coding.forms import CodeForm
from agents.coding.nearest import nearest_recipe, recipe_source
from agents.coding.rehearsal import names_of
from agents.contexts.coder import CoderSlice
from agents.sandbox.runs import OUTPUT_FILES
from agents.wording import criterion_text
from audio.aspects import ASPECTS, PROFILE
from audio.assets import AssetRef
from memory.context import Finding
from models.base import Message
from prompts.outline import outline
from prompts.rendering import render

LIBRARIES = "numpy, scipy and soundfile"
_MEMORY = "2 GiB"


def briefing(slice_: CoderSlice, seconds: float) -> list[Message]:
    """The messages that ask for the first version.

    Args:
        slice_: all that the coder is shown.
        seconds: longest run of the program.
    """
    task, sounds = slice_["task"], slice_["assets"]
    names = names_of(sounds)
    rules = render(
        "code_rules",
        form=outline(CodeForm),
        libraries=LIBRARIES,
        seconds=f"{seconds:.0f}",
        memory=_MEMORY,
        files=OUTPUT_FILES,
        aspects=", ".join(_aspect(name) for name in PROFILE if ASPECTS[name].kind != "list"),
    )
    asked = render(
        "code",
        request=slice_["request"],
        objective=task.objective,
        sounds=[_sound(one, names[one.id]) for one in sounds],
        facts=[_fact(one, names) for one in slice_["facts"] if one.subject.id in names],
        criteria=[criterion_text(one, verdict=False) for one in task.criteria],
        requirements=slice_["requirements"],
        context=slice_["package"].text,
        recipe=recipe_source(nearest_recipe(f"{slice_['request']} {task.objective}")),
    )
    return [Message("system", rules), Message("user", asked)]


def sent_back(form: CodeForm | None, number: int, faults: Sequence[str]) -> list[Message]:
    """What is added to the messages when a version is not right."""
    said = form.model_dump_json() if form is not None else "{}"
    again = render("code_again", number=number, faults=faults)
    return [Message("assistant", said), Message("user", again)]


def _aspect(name: str) -> str:
    unit = ASPECTS[name].unit
    return f"{name} [{unit}]" if unit else name


def _sound(asset: AssetRef, name: str) -> str:
    """A sound in a programmer's terms."""
    rate, seconds = asset.sample_rate_hz or 0, asset.seconds or 0.0
    return f"{name}: {rate} Hz, {asset.channels} channels, {round(rate * seconds)} frames"


def _fact(finding: Finding, names: Mapping[str, str]) -> str:
    value = f"{finding.value} {finding.unit}".strip()
    return f"{names[finding.subject.id]}: {finding.aspect} = {value}"
