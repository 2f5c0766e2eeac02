"""The MCP endpoint, used by the official client as assistants of other makers use it."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

import httpx
import pytest
from mcp import Client
from mcp.types import CallToolResult, ResourceLink, TextContent, Tool

from tests.integration.server.talk import upload
from tests.integration.serving import Server, song

SONG = base64.b64decode(song(4, 174.614))
ResultT = TypeVar("ResultT")


def with_client(server: Server, work: Callable[[Client], Awaitable[ResultT]]) -> ResultT:
    """What comes of some work with a client that is connected."""

    async def connected() -> ResultT:
        async with Client(f"{server.url}/mcp") as client:
            return await work(client)

    return asyncio.run(connected())


def call(
    server: Server, tool: str, heard: list[str] | None = None, **arguments: object
) -> CallToolResult:
    async def hear(progress: float, total: float | None, message: str | None) -> None:
        if heard is not None:
            heard.append(message or "")

    async def work(client: Client) -> CallToolResult:
        return await client.call_tool(tool, arguments, progress_callback=hear)

    return with_client(server, work)


def text(result: CallToolResult) -> str:
    return next(one.text for one in result.content if isinstance(one, TextContent))


def structured(result: CallToolResult) -> dict[str, object]:
    assert not result.is_error, text(result)
    return cast(dict[str, object], result.structured_content)


def test_a_client_learns_what_each_tool_does_and_takes(server: Server) -> None:
    async def work(client: Client) -> list[Tool]:
        return (await client.list_tools()).tools

    tools = {one.name: one for one in with_client(server, work)}
    assert set(tools) == {"ask", "measure", "compose", "master", "unpack", "build", "upload"}
    for name, tool in tools.items():
        assert len(tool.description or "") > 60, name
        assert tool.output_schema, name
        fields = tool.input_schema["properties"]
        for field, form in fields.items():
            assert form.get("description") or form.get("items", {}).get("description"), field
    assert tools["measure"].input_schema["required"] == ["file"]


def test_an_uploaded_sound_is_measured(server: Server) -> None:
    heard: list[str] = []
    result = call(server, "measure", heard, file=upload(server, SONG, "song.flac"))
    findings = cast(list[dict[str, object]], structured(result)["findings"])
    told = {str(one["aspect"]): one for one in findings}
    assert told["key"]["value"] == "F minor"
    assert told["tempo.bpm"]["value"] == pytest.approx(120, rel=0.04)
    assert told["loudness.integrated_lufs"]["unit"] == "LUFS"
    assert "F minor" in text(result)
    assert any("song.flac" in one for one in heard)


def test_a_conversation_goes_on_and_its_files_can_be_fetched(server: Server) -> None:
    uploaded = structured(
        call(server, "upload", name="song.flac", content=base64.b64encode(SONG).decode())
    )
    first = call(
        server, "ask", request="Show me its spectrogram", files=[uploaded["url"]], project="tools"
    )
    done = structured(first)
    (link,) = [one for one in first.content if isinstance(one, ResourceLink)]
    assert httpx.get(str(link.uri)).content.startswith(b"\x89PNG")
    again = call(
        server, "ask", request="What key is it in?", thread=done["thread"], project="tools"
    )
    assert "F minor" in text(again)
    assert structured(again)["thread"] == done["thread"]


def test_what_is_missing_is_asked_for(server: Server) -> None:
    done = structured(call(server, "ask", request="How loud is it?", project="nothing here"))
    assert "file" in str(done["waits_for"])


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("measure", {"file": "nothing"}, "Attach the file again"),
        ("ask", {"request": "Hello", "thread": "no thread"}, "no conversation"),
        ("ask", {"request": "Hello", "project": "a/../b"}, "a name is"),
        ("upload", {"name": "a.wav", "content": "%%%"}, "base64"),
        ("upload", {"name": "a.png", "content": "aGVsbG8="}, "a.png"),
        ("master", {"files": []}, "files"),
    ],
    ids=["no file", "no thread", "no name", "no base64", "no picture", "no stems"],
)
def test_a_call_that_can_not_be_carried_out_says_why(
    server: Server, tool: str, arguments: dict[str, object], words: str
) -> None:
    result = call(server, tool, None, **arguments)
    assert result.is_error
    assert words in text(result)


@pytest.mark.parametrize(
    "headers", [{"host": "studio.example"}, {"origin": "https://studio.example"}], ids=str
)
def test_foreign_pages_reach_no_tool(server: Server, headers: dict[str, str]) -> None:
    accepted = {"accept": "application/json, text/event-stream", **headers}
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert httpx.post(f"{server.url}/mcp", json=request, headers=accepted).status_code == 403


@pytest.mark.long
def test_a_mix_is_mastered(server: Server) -> None:
    result = call(
        server, "master", files=[upload(server, SONG, "song.flac")], targets=["-16,-1"],
        formats=["flac"],
    )  # fmt: skip
    done = structured(result)
    files = cast(list[dict[str, str]], done["files"])
    (master,) = [one for one in files if one["name"].endswith(".flac")]
    assert httpx.get(master["url"]).content.startswith(b"fLaC")
