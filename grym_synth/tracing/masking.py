"""What no trace ever tells: keys, passwords, and what the user hides."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from pydantic import SecretStr

from grym_synth.errors import BadInput
from grym_synth.settings import Settings

HIDDEN = "***"

_NAMED = r"(?:api[-_]?key|access[-_]?key|token|secret|password|passwd|pwd|authorization)"
_LOOKS_SECRET = re.compile(
    rf"""(?ix)
    -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----.*?(?:-----END[ ][A-Z ]*PRIVATE[ ]KEY-----|\Z)
    | (?<=://) [^/\s:@]* : [^/\s@]+ (?=@)                     # in an address
    | \b bearer \s+ [\w.~+/=-]+
    | \b eyJ[\w-]{{8,}} \. [\w-]+ \. [\w-]*                   # JSON Web Token
    | \b (?:sk|pk|rk|lsv2|ghp|gho|ghs|hf|glpat|xox[abprs]) [-_] [\w-]{{8,}}
    | \b (?:AKIA|ASIA)[A-Z0-9]{{12,}} \b
    | (?<= ["'\s&?,;{{(] ) {_NAMED} ["']? \s* [:=] \s* ["']? [^\s"',;&)}}]+
    | ^ {_NAMED} ["']? \s* [:=] \s* ["']? [^\s"',;&)}}]+
    """,
    re.DOTALL | re.MULTILINE,
)


def masker(settings: Settings) -> Callable[[str], str]:
    """What turns a text into one that may leave: secrets and what the user hides are replaced.

    Args:
        settings: whose keys, whose databases' passwords, and whose ``tracing.hide``.

    Raises:
        BadInput: what the user hides is no regular expression.
    """
    values = [one for _, one in settings if isinstance(one, SecretStr)]
    known = sorted({*filter(None, map(_secret, values))}, key=len, reverse=True)
    parts = [*map(re.escape, known), *(f"(?:{one})" for one in settings.tracing.hide)]
    try:
        own = re.compile("|".join(parts)) if parts else None
    except re.error as fault:
        do = "Mend GRYM_TRACING__HIDE: a JSON list of regular expressions"
        raise BadInput("reading what traces hide", str(fault), do) from fault

    def masked(text: str) -> str:
        return _LOOKS_SECRET.sub(HIDDEN, own.sub(HIDDEN, text) if own else text)

    return masked


def _secret(held: SecretStr) -> str:
    """The key, or the password where it is part of an address."""
    text = held.get_secret_value()
    return (urlsplit(text).password or "") if "://" in text else text
