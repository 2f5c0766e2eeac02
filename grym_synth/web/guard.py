"""Who may use the studio: whoever has the key, from this machine and this page.

A browser gets two halves in the key's place, and the API asks for both. The cookie can't be read by
scripts or sent by other sites; but browsers send it to every port of this machine, so whoever
serves another one may have it. The word is kept by the page in its own origin's storage, which no
other port can read. Files ask for the cookie alone: their addresses can't be guessed.
Other servers on this machine count as the same site, so where a browser says that somebody else's
page asks, the request is refused too.
"""

import hmac
import secrets
import threading
import time
from pathlib import Path
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from grym_synth.drafts import write_whole
from grym_synth.server_note import check_own

GUARDED = ("/api", "/files")
"""Paths that need the key; the rest is the page itself, which says nothing of anybody."""

WORD_HEADER = "x-grym-word"
"""Carries the page's word; the query ``word`` does where a browser can send no header."""

TICKET_SECONDS = 120.0
_FILE = "studio.key"
_BY_ADDRESS = "/files/"
"""Paths below this hold a code that can't be guessed."""


class Pass(NamedTuple):
    """What a browser keeps: nothing that tells the key, good at one port alone."""

    cookie: str
    """The cookie's name, which nobody else can use."""
    value: str
    """The cookie's value."""
    word: str
    """What the page says beside it."""


class Keys:
    """The key of a home, and tickets that open the page once in its place."""

    def __init__(self, home: Path) -> None:
        """Read the home's key, or make it: it stays, so that an open page outlives a restart.

        Raises:
            BadInput: others may know or have written the key that is there.
        """
        self._guard = threading.Lock()
        self._tickets: dict[str, float] = {}
        self.key = _read_key(home / _FILE)

    def pass_of(self, port: int) -> Pass:
        """What opens the page at a port."""
        said = (f"{use} of {port}".encode() for use in ("name", "value", "word"))
        name, value, word = (hmac.new(self.key.encode(), one, "sha256").hexdigest() for one in said)
        return Pass(f"grym-{name[:16]}", value, word)

    def fits(self, said: str) -> bool:
        """Whether somebody said the key."""
        return _same(said, self.key)

    def ticket(self) -> str:
        """A word that opens the page once, soon: it is seen by whoever lists processes."""
        word = secrets.token_urlsafe(24)
        with self._guard:
            self._tickets[word] = time.monotonic() + TICKET_SECONDS
        return word

    def redeem(self, word: str) -> bool:
        """Whether a word is the key, or a ticket that is good now; it is not again."""
        with self._guard:
            ends = self._tickets.pop(word, 0.0)
        return self.fits(word) or time.monotonic() < ends


class Guard:
    """Lets those in who have the key."""

    def __init__(self, app: ASGIApp, keys: Keys, shown: Pass) -> None:
        """Guard an application.

        Args:
            app: what is guarded.
            keys: what opens it.
            shown: what a browser shows in place of the key.
        """
        self._app, self._keys, self._pass = app, keys, shown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer why not."""
        if scope["type"] == "http":
            answer = self._answer(Request(scope))
            if answer is not None:
                await answer(scope, receive, send)
                return
        elif scope["type"] == "websocket":
            return
        await self._app(scope, receive, send)

    def _answer(self, request: Request) -> Response | None:
        path = str(request.scope["path"])
        if path == "/" and (said := request.query_params.get("key")) is not None:
            return self._welcome(said)
        if not _is_guarded(path):
            return None
        bearer = request.headers.get("authorization", "")
        if bearer.startswith("Bearer ") and self._keys.fits(bearer.removeprefix("Bearer ")):
            return None
        if not self._is_known(request):
            do = "Open the address that `grym studio` printed"
            return _refusal(401, "the key is missing or wrong", do)
        if _is_foreign(request.headers):
            return _refusal(403, "another site's page asked", "Ask from the studio's own page")
        return None

    def _is_known(self, request: Request) -> bool:
        """Whether a browser shows what it was given here."""
        if not _same(request.cookies.get(self._pass.cookie, ""), self._pass.value):
            return False
        word = request.headers.get(WORD_HEADER) or request.query_params.get("word", "")
        return request.scope["path"].startswith(_BY_ADDRESS) or _same(word, self._pass.word)

    def _welcome(self, said: str) -> Response:
        if not self._keys.redeem(said):
            told = "This address is not good any more: open the one that `grym studio` prints.\n"
            return PlainTextResponse(told, 403)
        address = f"/?word={self._pass.word}"
        answer = RedirectResponse(address, 303, headers={"cache-control": "no-store"})
        cookie = (self._pass.cookie, self._pass.value, 365 * 86400)
        answer.set_cookie(*cookie, httponly=True, samesite="strict")
        return answer


def _same(said: str, meant: str) -> bool:
    """Whether they are the same, in a time that does not tell how much of it is."""
    return hmac.compare_digest(said.encode("utf-8", "replace"), meant.encode())


def _is_guarded(path: str) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in GUARDED)


def _is_foreign(headers: Headers) -> bool:
    """Whether a browser says that it is not the studio's own page that asks."""
    return headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


def _refusal(status: int, happened: str, do: str) -> Response:
    error = {"tried": "opening the studio", "happened": happened, "do": do}
    return JSONResponse({"error": error}, status)


def _read_key(place: Path) -> str:
    """The key in a file that only its owner can read.

    Raises:
        BadInput: others may know or have written it.
    """
    if place.exists() or place.is_symlink():
        check_own(place)
        held = place.read_text(encoding="ascii").strip()
        if len(held) >= 32:
            return held
    key = secrets.token_urlsafe(32)
    write_whole(place, key)
    return key
