"""The page: a few built files, served under their own names and no other."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

FOLDER = Path(__file__).with_name("page")

_NONCE = "__STYLE_NONCE__"
"""Stands in the page where this answer's nonce belongs."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".txt": "text/plain; charset=utf-8",
}

_ABSENT = "The page is not built: `make page` builds it. The API is here all the same.\n"


class Page:
    """Serves what lies in the page's folder when the process starts."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = _listed(folder)
        index = self._files.get("/index.html")
        self._index = index.read_text(encoding="utf-8") if index is not None else ""

    def serve(self, request: Request) -> Response:
        """A file of the page; a request's path is only looked up in the list of them."""
        wanted = request.url.path
        if wanted in ("/", "/index.html"):
            return self._first() if self._index else PlainTextResponse(_ABSENT, 404)
        found = self._files.get(wanted)
        if found is None:
            raise HTTPException(404, "there is no such page")
        # the names of built assets hold a digest of their content
        lasting = wanted.startswith("/assets/")
        return FileResponse(
            found,
            media_type=_TYPES[found.suffix],
            headers={
                "cache-control": "public, max-age=31536000, immutable" if lasting else "no-cache",
                "content-security-policy": policy(""),
            },
        )

    def _first(self) -> Response:
        """The page itself, whose styles may be told by a word that nobody else knows."""
        nonce = secrets.token_urlsafe(16)
        return HTMLResponse(
            self._index.replace(_NONCE, nonce),
            headers={
                "cache-control": "no-store",
                "content-security-policy": policy(nonce),
                "cross-origin-opener-policy": "same-origin",
            },
        )


def policy(nonce: str) -> str:
    """What the page may load: what this server has, and nothing else.

    Args:
        nonce: of the styles that its scripts put into it; empty for none.
    """
    own = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    parts = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": own,
        "img-src": "'self'",
        "media-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in parts.items())


def _listed(folder: Path) -> Mapping[str, Path]:
    """Every file below a folder, by the path that opens it."""
    if not folder.is_dir():
        return {}
    return {
        f"/{one.relative_to(folder).as_posix()}": one
        for one in folder.rglob("*")
        if one.is_file() and one.suffix in _TYPES
    }
