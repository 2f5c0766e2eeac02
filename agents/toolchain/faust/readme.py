"""What a package's README says of its Faust source."""

from collections.abc import Sequence

from agents.workflows.checks import Check
from agents.workflows.reporting import checks_text


def with_measurements(readme: str, checks: Sequence[Check], path: str, version: str) -> str:
    """A README with a part on the Faust source at its end.

    Args:
        readme: as it was.
        checks: of the Faust source.
        path: where the source lies.
        version: of the compiler.
    """
    return (
        f"{readme.rstrip()}\n\n## Faust\n\n"
        f"`{path}` is the same processor as Faust source, with the same parameters as sliders. It "
        f"needs nothing but Faust's own `maths.lib`:\n\n"
        f"```\nfaust -double -lang cpp {path} -o processor.h\n```\n\n"
        f"Measured with faust {version} in double precision; the response is in "
        f"`faust/response.csv`.\n\n{checks_text(checks)}\n"
    )
