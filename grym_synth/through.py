"""Asking through the server that owns a home: the same turn, its files sent and fetched."""

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import httpx
from pydantic import JsonValue

from agents.coding.approval import Approval, Decision
from agents.roles.models import Choice
from audio.assets import AssetRef
from audio.media import AssetKind
from grym_synth.approving import Decide, leave_open
from grym_synth.errors import (
    BadInput,
    Cancelled,
    GrymError,
    MediaRejected,
    ThreadBusy,
    UnknownName,
)
from grym_synth.result import TurnResult, check_folder, deliver_files
from grym_synth.server_note import ServerNote, server_of
from grym_synth.settings import Settings
from memory.context import Artifact, Event, Order

Files = Sequence[tuple[Path, AssetKind | None]]

SILENT_SECONDS = 40.0
"""A stream that says nothing for so long is broken: the server speaks every ten seconds."""
TRIES = 5
"""How often a stream that breaks off is taken up again before something new came."""

_KINDS: dict[int, type[GrymError]] = {
    400: BadInput, 404: UnknownName, 409: ThreadBusy, 413: MediaRejected, 422: MediaRejected,
}  # fmt: skip
_CANCELLED = 130

Json = dict[str, JsonValue]


def ask(
    settings: Settings,
    request: str,
    files: Files = (),
    *,
    project: str = "default",
    thread: str = "main",
    resume: bool = False,
    order: Callable[[Sequence[AssetRef]], Order] | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
    on_answer: Callable[[TurnResult], None] = lambda result: None,
    decide: Decide = leave_open,
    choice: Choice = Choice(),  # noqa: B008  (it is frozen)
) -> TurnResult | None:
    """Run one turn on the server that owns the home, as ``Studio.ask`` would here.

    Ctrl-C cancels the turn there too.

    Args:
        settings: name the home, and where copies of results go.
        request: what the user says; may be empty when ``resume``.
        files: what is attached, each with the kind that the user says, if any.
        project: whose memory is used.
        thread: the conversation within the project.
        resume: go on with what this thread left unfinished or waiting; a turn that waits for a
            decision there now is joined.
        order: makes the order of a workflow once its files are stored.
        on_event: called with each thing that happens.
        on_answer: called once with the result, as soon as it stands.
        decide: says whether code that a model wrote may run; where it says nothing the turn waits.
        choice: the models of this turn, of those that a run may choose.

    Returns:
        The result; None where no server owns this home.

    Raises:
        GrymError: the server refused, or the turn failed, as its words tell.
        Cancelled: the turn was cancelled.
    """
    note = server_of(settings.home_path)
    if note is None:
        return None
    check_folder(settings.out)
    with _client(note) as client:
        server = _Server(client, project, thread)
        says_nothing = resume and not request.strip() and not files
        run = server.running() if says_nothing else None
        if run is None:
            refs = server.upload(files)
            made = order(refs) if order is not None else None
            run = server.start(request, refs, made, choice, resume)
        return _Following(server, run, settings.out, on_event, on_answer, decide).to_the_end()


class Undone(NamedTuple):
    """What became of the words of a turn that was taken back."""

    given_up: tuple[str, ...]
    """What holds no longer."""
    restored: tuple[str, ...]
    """What holds again."""


def undo(settings: Settings, project: str, thread: str) -> Undone | None:
    """Take the last turn of a conversation back, as ``Studio.undo`` would here.

    Returns:
        What became of its words; None where no server owns this home.

    Raises:
        GrymError: the server refused, as its words tell.
    """
    note = server_of(settings.home_path)
    if note is None:
        return None
    with _client(note) as client:
        told = _Server(client, project, thread).undo()
    return Undone(_texts(told["given_up"]), _texts(told["restored"]))


class _Told(NamedTuple):
    """One event of a run's stream."""

    number: int
    name: str
    content: Json


def _client(note: ServerNote) -> httpx.Client:
    return httpx.Client(
        base_url=note.address,
        headers={"authorization": f"Bearer {note.key}"},
        timeout=httpx.Timeout(SILENT_SECONDS, connect=5.0),
        trust_env=False,  # a proxy has no business between two processes of one machine
    )


class _Server:
    """The server's API, as far as a turn needs it."""

    def __init__(self, client: httpx.Client, project: str, thread: str) -> None:
        self._client, self._project = client, f"/api/projects/{quote(project, safe='')}"
        self._thread = f"{self._project}/threads/{quote(thread, safe='')}"

    def running(self) -> str | None:
        """The run that works or waits on the thread."""
        run = self._json("GET", self._thread, params={"limit": 1})["run"]
        return str(run["id"]) if isinstance(run, dict) else None

    def upload(self, files: Files) -> list[AssetRef]:
        """Send the files that belong to a request."""
        for path, _ in files:
            if not path.is_file():
                happened = "it is not a regular file" if path.exists() else "it does not exist"
                raise MediaRejected(f"reading {path}", happened, "Give the path of a readable file")
        return [self._sent(path, kind) for path, kind in files]

    def start(
        self,
        request: str,
        refs: Sequence[AssetRef],
        order: Order | None,
        choice: Choice,
        resume: bool,
    ) -> str:
        """Let a turn begin; the id of its run."""
        body: Json = {
            "request": request,
            "assets": [one.id for one in refs],
            "models": {str(role): spec for role, spec in choice.models.items()},
            "profile": choice.profile,
            "order": order.model_dump(mode="json") if order is not None else None,
            "resume": resume,
        }
        return str(self._json("POST", f"{self._thread}/runs", json=body)["run"])

    def stop(self, run: str) -> None:
        """Cancel a run."""
        self._json("POST", f"/api/runs/{run}/cancel")

    def undo(self) -> Json:
        """Take the thread's last turn back."""
        return self._json("POST", f"{self._thread}/undo")

    def decide(self, run: str, question: str, decision: Decision) -> None:
        """Send a decision."""
        body: Json = {"id": question, "type": decision.type, "message": decision.message}
        if decision.files:
            body["files"] = {**decision.files}
        self._json("POST", f"/api/runs/{run}/decision", json=body)

    def events(self, run: str, after: int) -> Iterator[_Told]:
        """A run's events after one, until the stream ends or breaks off."""
        headers = {"last-event-id": str(after)}
        with self._client.stream("GET", f"/api/runs/{run}/events", headers=headers) as stream:
            if stream.status_code >= 400:
                stream.read()
                raise _fault(stream)
            yield from _read(stream.iter_lines())

    def fetch(self, address: str, sha256: str, to: Path) -> None:
        """Copy a file's bytes, and check that they are what they should be."""
        digest = hashlib.sha256()
        with self._client.stream("GET", address) as stream, to.open("wb") as file:
            if stream.status_code != 200:
                stream.read()
                raise _fault(stream)
            for part in stream.iter_bytes(1 << 20):
                digest.update(part)
                file.write(part)
        if digest.hexdigest() != sha256:
            do = "Ask again; the results are kept there"
            raise GrymError("fetching a result from the server", "it came damaged", do)

    def _sent(self, path: Path, kind: AssetKind | None) -> AssetRef:
        named = {"name": path.name} | ({"kind": kind} if kind else {})
        try:
            with path.open("rb") as content:
                told = self._json("POST", f"{self._project}/assets", params=named, content=content)
        except OSError as fault:
            happened = fault.strerror or str(fault)
            raise MediaRejected(f"reading {path}", happened, "Check the file") from fault
        return AssetRef.model_validate({name: it for name, it in told.items() if name != "url"})

    def _json(self, method: str, path: str, **given: object) -> Json:
        try:
            answer = self._client.request(method, path, **given)  # type: ignore[arg-type]
        except httpx.TransportError as fault:
            raise _lost(fault) from fault
        if answer.status_code >= 400:
            raise _fault(answer)
        told: Json = answer.json()
        return told


class _Following:
    """One run, followed from its first event to its last."""

    def __init__(
        self,
        server: _Server,
        run: str,
        out: Path,
        on_event: Callable[[Event], None],
        on_answer: Callable[[TurnResult], None],
        decide: Decide,
    ) -> None:
        self._server, self._run, self._out = server, run, out
        self._on_event, self._on_answer, self._decide = on_event, on_answer, decide
        self._result: TurnResult | None = None

    def to_the_end(self) -> TurnResult:
        """Take every event; a stream that breaks off is taken up again."""
        seen, broken = 0, 0
        try:
            while True:
                try:
                    for told in self._server.events(self._run, seen):
                        seen, broken = told.number, 0
                        if told.name == "end":
                            return self._ended(told.content)
                        self._take(told)
                except httpx.TransportError as fault:
                    if (broken := broken + 1) >= TRIES:
                        raise _lost(fault) from fault
                else:
                    if (broken := broken + 1) >= TRIES:
                        raise _lost("the stream of events ended before the turn")
                time.sleep(0.2 * broken)
        except KeyboardInterrupt:
            with suppress(GrymError):
                self._server.stop(self._run)
            raise

    def _take(self, told: _Told) -> None:
        if told.name == "event":
            self._on_event(Event.model_validate(told.content))
        elif told.name == "approval":
            self._ask(told.content)
        elif told.name == "result":
            self._result = self._delivered(told.content)
            self._on_answer(self._result)
        elif told.name == "error":
            raise GrymError(*(str(told.content[part]) for part in ("tried", "happened", "do")))

    def _ask(self, content: Json) -> None:
        """Ask the human here; without an answer the turn there waits, as it would here."""
        decision = self._decide(Approval.model_validate(content))
        if decision is None:
            self._server.stop(self._run)
            return
        try:
            self._server.decide(self._run, str(content["id"]), decision)
        except BadInput:
            return  # it was decided elsewhere meanwhile, or is put once more

    def _delivered(self, content: Json) -> TurnResult:
        """The result with named copies here of what it made."""
        result = TurnResult.model_validate(content)
        made = _list(content["artifacts"])
        addresses = {str(one["id"]): str(one["url"]) for one in made}
        with tempfile.TemporaryDirectory(prefix="grym-") as folder:

            def fetched(artifact: Artifact) -> Path:
                place = Path(folder) / artifact.id
                self._server.fetch(addresses[artifact.id], artifact.id, place)
                return place

            copies = deliver_files(map(_artifact, made), fetched, self._out)
        return result.model_copy(update={"artifacts": copies})

    def _ended(self, content: Json) -> TurnResult:
        if content["exit_code"] == _CANCELLED or self._result is None:
            raise Cancelled(
                f"working on run {self._run[:8]}", "it was cancelled", "Resume it, or ask again"
            )
        return self._result


def _artifact(told: Json) -> Artifact:
    return Artifact.model_validate(
        {name: told[name] for name in ("id", "name", "kind", "made_by", "folder")}
    )


def _list(value: JsonValue) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: JsonValue) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _read(lines: Iterator[str]) -> Iterator[_Told]:
    """Server-sent events (WHATWG HTML, 9.2), as the studio writes them: one line of data each."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line and name:
            fields[name] = value
        elif "data" in fields and "id" in fields:
            yield _Told(int(fields["id"]), fields.get("event", ""), json.loads(fields["data"]))
            fields = {}


def _fault(answer: httpx.Response) -> GrymError:
    """A refusal, in the server's own words."""
    try:
        error = answer.json()["error"]
        parts = [str(error[part]) for part in ("tried", "happened", "do")]
    except (ValueError, KeyError, TypeError):
        happened = f"it answered {answer.status_code}: {answer.text[:200]}"
        parts = ["asking the server of this home", happened, "Restart it"]
    return _KINDS.get(answer.status_code, GrymError)(*parts)


def _lost(fault: object) -> GrymError:
    return GrymError(
        "asking the server that owns this home",
        f"it is gone ({fault})",
        "Ask again: what was cut off goes on with --resume",
    )
