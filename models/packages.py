"""Whether the packages that run models are installed."""

from importlib.util import find_spec

from grym_synth.errors import ModelUnavailable


def need_packages(tried: str, *names: str) -> None:
    """Go on only with these packages.

    Raises:
        ModelUnavailable: some are not installed.
    """
    if missing := [name for name in names if find_spec(name) is None]:
        verb = "is" if len(missing) == 1 else "are"
        happened = f"{' and '.join(missing)} {verb} not installed"
        raise ModelUnavailable(tried, happened, "Install them: pip install -e '.[models]'")
