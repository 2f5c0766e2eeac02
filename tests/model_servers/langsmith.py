"""LangSmith's doors that evals use: data sets, examples, experiments, runs and feedback."""

import json
import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from pydantic import JsonValue

Json = dict[str, JsonValue]

TENANT = "11111111-1111-4111-8111-111111111111"
_INFO: Json = {
    "version": "0.11.2",
    "batch_ingest_config": {
        "use_multipart_endpoint": True, "size_limit": 100, "size_limit_bytes": 20_000_000,
        "scale_up_nthreads_limit": 4, "scale_up_qsize_trigger": 1000,
        "scale_down_nempty_trigger": 4,
    },
    "instance_flags": {"dataset_examples_multipart_enabled": True},
}  # fmt: skip
_EXAMPLES = re.compile(r"/v1/platform/datasets/([0-9a-f-]+)/examples")
_STARTED = "2026-01-01T00:00:00+00:00"


@dataclass
class LangSmith:
    """What was stored, by id, in the order of its coming."""

    url: str = ""
    keys: set[str] = field(default_factory=set)
    """Keys that requests came with."""
    datasets: dict[str, Json] = field(default_factory=dict)
    examples: dict[str, Json] = field(default_factory=dict)
    experiments: dict[str, Json] = field(default_factory=dict)
    runs: dict[str, Json] = field(default_factory=dict)
    feedback: dict[str, Json] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    """What was asked that no door is for."""

    def answer(self, method: str, address: str, parts: dict[str, Json]) -> JsonValue:
        """Do one request.

        Args:
            method: GET, POST or PATCH.
            address: path and query.
            parts: its JSON, under no name, or the parts of a form by their names.
        """
        path, asked = urlsplit(address).path, parse_qs(urlsplit(address).query)
        whole = parts.get("", {})
        match method, path.strip("/").split("/"):
            case "GET", ["info"]:
                return _INFO
            case "GET", ["datasets"]:
                named = asked.get("name", [""])[0]
                return [one for one in self.datasets.values() if one["name"] == named]
            case "POST", ["datasets"]:
                return _keep(self.datasets, {**whole, "created_at": _STARTED})
            case "GET", ["datasets", id_]:
                return self.datasets[id_]
            case "POST", ["v1", "platform", "datasets", _, "examples"]:
                return self._take_examples(path, parts)
            case "POST", ["sessions"]:
                return _keep(self.experiments, {**whole, "tenant_id": TENANT})
            case "GET", ["sessions"]:
                return [*self.experiments.values()]
            case "PATCH", ["sessions", id_]:
                self.experiments[id_] |= {key: one for key, one in whole.items() if one}
                return self.experiments[id_]
            case "POST", ["runs", "multipart"]:
                self._take_runs(parts)
                return {}
            case "POST", ["feedback"]:
                return _keep(self.feedback, whole)
            case _:
                self.refused.append(f"{method} {address}")
                return None

    def _take_examples(self, path: str, parts: dict[str, Json]) -> JsonValue:
        found = _EXAMPLES.fullmatch(path)
        ids = [name for name in parts if "." not in name]
        for id_ in ids:
            told = {key: parts.get(f"{id_}.{key}", {}) for key in ("inputs", "outputs")}
            self.examples[id_] = {**told, "dataset_id": found[1] if found else ""}
        return {"count": len(ids), "example_ids": [*ids]}

    def _take_runs(self, parts: dict[str, Json]) -> None:
        """``post.ID`` begins a run, ``patch.ID`` ends it, ``….inputs`` are parts of it."""
        for name, content in parts.items():
            kind, id_, *what = name.split(".")
            if kind == "feedback":
                self.feedback[str(content["id"])] = content
                continue
            held = self.runs.setdefault(id_, {})
            held |= {what[0]: content} if what else content


def _keep(shelf: dict[str, Json], one: Json) -> Json:
    id_ = str(one.get("id") or uuid.uuid4())
    shelf[id_] = {**one, "id": id_}
    return shelf[id_]


@contextmanager
def listening() -> Iterator[LangSmith]:
    """Listen on a free port of this machine until the block ends."""
    held, lock = LangSmith(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with lock:
                held.keys.add(self.headers.get("x-api-key", ""))
                parts = _parts(self.headers.get("Content-Type", ""), content)
                told = held.answer(self.command, self.path, parts)
            said = json.dumps(told if told is not None else {"detail": "no door"}).encode()
            self.send_response(404 if told is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_PATCH = do_GET  # noqa: N815  (as its base calls them)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.url = f"http://127.0.0.1:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def _parts(kind: str, content: bytes) -> dict[str, Json]:
    """The JSON of a request: all of it under no name, or of each part of a form."""
    if not kind.startswith("multipart/"):
        return {"": json.loads(content or b"{}")}
    form = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + content)
    found: dict[str, Json] = {}
    for part in form.walk():
        name = part.get_param("name", header="content-disposition")
        said = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(said, bytes):
            found[name] = json.loads(said)
    return found
