"""Addresses of a project's files: nobody guesses them, and each opens one file of one project.

An address is what it names, the project and the asset, behind a code that only the home's owner can
make (HMAC-SHA-256, RFC 2104, cut to 128 bits). It stays the same for as long as the home keeps its
secret, so that links in old answers go on working; without the file of the secret all are void.
"""

import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from pathlib import Path
from tempfile import mkstemp
from threading import Lock

_FILE = "addresses.key"
_SECRET_BYTES, _CODE_BYTES, _ID_BYTES = 32, 16, 32
_MAKING = Lock()


def sign(home: Path, project: str, asset: str) -> str:
    """The address of a file.

    Args:
        home: whose secret signs it.
        project: the name of the project that has the file.
        asset: its id, a SHA-256 in hexadecimal digits.

    Returns:
        A word of letters, digits, ``-`` and ``_``, fit for a path of a URL.
    """
    named = bytes.fromhex(asset) + project.encode()
    return urlsafe_b64encode(_code(home, named) + named).decode().rstrip("=")


def opened(home: Path, token: str) -> tuple[str, str] | None:
    """What an address names: its project and its asset's id; None where this home never gave it."""
    try:
        parts = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        code, named = parts[:_CODE_BYTES], parts[_CODE_BYTES:]
        asset, project = named[:_ID_BYTES].hex(), named[_ID_BYTES:].decode()
    except ValueError:
        return None
    if not hmac.compare_digest(code, _code(home, named)) or sign(home, project, asset) != token:
        return None
    return project, asset


def _code(home: Path, named: bytes) -> bytes:
    return hmac.digest(_secret(home.absolute()), named, "sha256")[:_CODE_BYTES]


@cache
def _secret(home: Path) -> bytes:
    """The home's secret; its owner process makes it once, whole, readable for its user alone."""
    place = home / _FILE
    with _MAKING:
        if not place.exists():
            handle, draft = mkstemp(dir=home, prefix=_FILE)  # its rights are 0600
            with open(handle, "wb") as file:
                file.write(secrets.token_bytes(_SECRET_BYTES))
                file.flush()
                os.fsync(handle)
            os.replace(draft, place)
        return place.read_bytes()
