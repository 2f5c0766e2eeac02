"""The package around a processor that a model wrote."""

from collections.abc import Sequence

from agents.coding.approval import Source
from agents.toolchain.bench import Told
from agents.toolchain.specification import ParameterSpec, Specification
from agents.toolchain.writing import PackageFile, frame_files
from grym_synth.errors import BadInput

MODULE = "definition.py"
"""The file that holds the processor."""


def framed(specification: Specification, sources: Sequence[Source]) -> tuple[PackageFile, ...]:
    """A whole project: a model's sources and tests, and what every package has beside.

    Args:
        specification: of kind ``free``.
        sources: the processor first; those named ``test_…`` are its tests.
    """
    name = specification.name
    own = [
        PackageFile(
            f"tests/{one.name}" if one.name.startswith("test_") else f"src/{name}/{one.name}",
            one.text if one.text.endswith("\n") else one.text + "\n",
        )
        for one in sources
    ]
    taken = {one.path for one in own}
    frame = [one for one in frame_files(specification) if one.path not in taken]
    return tuple(sorted((*own, *frame), key=lambda one: one.path))


def declared(specification: Specification, told: Sequence[Told]) -> Specification:
    """The specification with the parameters of the processor, where it names none itself.

    Raises:
        BadInput: a parameter that is declared has no sensible range.
    """
    if specification.parameters:
        return specification
    for one in told:
        if not one.minimum < one.maximum or not one.minimum <= one.default <= one.maximum:
            raise BadInput(
                "reading the parameters of the processor",
                f"{one.name} goes from {one.minimum:g} to {one.maximum:g} with the default "
                f"{one.default:g}",
                "Declare a range with the default inside of it",
            )
    made = tuple(
        ParameterSpec(
            name=one.name, role=one.name, unit=one.unit, minimum=one.minimum, maximum=one.maximum,
            default=one.default,
        )
        for one in told
    )  # fmt: skip
    return specification.model_copy(update={"parameters": made})
