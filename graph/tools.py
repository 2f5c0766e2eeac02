"""The tools of the server's MCP endpoint: ask, measure, and the workflows.

They are what assistants of other makers see of the studio, so each says what it is good for, what
it takes and what comes back; results are typed, and the text beside them is the answer itself.
"""

import asyncio
import base64
import binascii
from collections.abc import Callable
from inspect import getdoc
from typing import Annotated, Literal

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, ResourceLink, TextContent, ToolAnnotations
from pydantic import BaseModel, Field, JsonValue

from graph.deps import Deps
from graph.files import Files
from graph.talking import Done, Made, Talk, Turn
from grym_synth.errors import GrymError
from memory.context import Finding, Order, WorkflowName

File = Annotated[
    str,
    Field(description="Address of a file: from `upload`, from POST /upload, or from a result"),
]
Project = Annotated[
    str, Field(description="Whose memory is used: what is found is kept there and known later")
]
Thread = Annotated[
    str,
    Field(description="The conversation to go on with, from an earlier result; empty: a new one"),
]
Reporting = Context[None, object]


class Fact(BaseModel):
    """One thing that was measured."""

    aspect: str = Field(description="Such as loudness.integrated_lufs, key, tempo.bpm or chords")
    value: JsonValue = Field(description="Null where it can't be told: `method` says why")
    unit: str
    start: float | None = Field(description="Start of the region in seconds; null: the whole file")
    end: float | None
    confidence: float = Field(description="0 to 1")
    method: str


class Measured(BaseModel):
    """A sound's profile."""

    thread: str
    findings: list[Fact]


class Uploaded(BaseModel):
    """A stored file."""

    name: str
    kind: str
    url: str = Field(description="Its address: give it to the other tools")


class Tools:
    """What the tools do."""

    def __init__(self, parts: Callable[[], Deps], files: Files) -> None:
        self._parts, self._files, self._talk = parts, files, Talk(parts, files)

    async def ask(
        self,
        ctx: Reporting,
        request: Annotated[
            str, Field(description="What you want, in English, German, Spanish or French")
        ],
        files: list[File] = [],  # noqa: B006  (the form of a tool's default)
        project: Project = "default",
        thread: Thread = "",
    ) -> Annotated[CallToolResult, Done]:
        """Ask the studio team for anything about music production.

        It listens to, measures, draws and changes sounds and pictures, remembers the project, and
        answers with evidence; nothing is called done that was not measured. Give the files that the
        request is about, or upload them first. Where code that a model wrote needs a human's yes,
        `waits_for` holds the question: ask the user, then ask `yes` or `no` on the same thread.
        """
        return await self._said(
            Turn(words=request, files=files, project=project, thread=thread), ctx
        )

    async def measure(
        self, ctx: Reporting, file: File, project: Project = "default"
    ) -> Annotated[CallToolResult, Measured]:
        """Measure everything that instruments tell of a sound file.

        Loudness (LUFS, range, true peak), tempo, key, chords, structure, spectrum by bands, stereo,
        clipping, hum, noise and more, each with unit, confidence and method. No model takes part.
        """
        turn = Turn(
            words="Measure everything in this file", files=[file], project=project, instruments=True
        )
        done, findings = await self._taken(turn, ctx)
        facts = [_fact(one) for one in findings]
        if not facts:
            raise ToolError(done.answer)
        result = Measured(thread=done.thread, findings=facts)
        return _result(done.answer, result, [])

    async def compose(
        self,
        ctx: Reporting,
        brief: Annotated[
            str,
            Field(
                description="The song: style, tempo, key, form, chords, instruments, mood, length"
            ),
        ],
        seed: Annotated[int | None, Field(description="Another number, another song")] = None,
        project: Project = "default",
    ) -> Annotated[CallToolResult, Done]:
        """Compose a song from a brief: MIDI, score, DAW session, stems, mix, checked report."""
        parameters: dict[str, JsonValue] = {"brief": brief}
        parameters |= {} if seed is None else {"seed": seed}
        return await self._ordered("compose", parameters, brief, [], project, ctx)

    async def master(
        self,
        ctx: Reporting,
        files: Annotated[list[File], Field(min_length=1, description="A mix, or stems of one mix")],
        targets: Annotated[
            list[str],
            Field(description="streaming, broadcast, club, or LUFS,dBTP such as -16,-1"),
        ] = ["streaming"],  # noqa: B006
        formats: Annotated[
            list[Literal["wav", "flac", "mp3"]], Field(min_length=1, description="Of each master")
        ] = ["wav", "flac", "mp3"],  # noqa: B006
        project: Project = "default",
    ) -> Annotated[CallToolResult, Done]:
        """Mix stems and master them: a master for each target, quality control, and the chain."""
        parameters: dict[str, JsonValue] = {"targets": [*targets], "formats": [*formats]}
        return await self._ordered("master", parameters, "Master this", files, project, ctx)

    async def unpack(
        self, ctx: Reporting, file: File, project: Project = "default"
    ) -> Annotated[CallToolResult, Done]:
        """Take a recording apart: stems, transcription to MIDI, chords, lead sheet, DAW session."""
        return await self._ordered("unpack", {}, "Unpack this", [file], project, ctx)

    async def build(
        self,
        ctx: Reporting,
        specification: Annotated[
            str,
            Field(
                description="The processor: what it does, its parameters with ranges, its limits"
            ),
        ],
        project: Project = "default",
    ) -> Annotated[CallToolResult, Done]:
        """Build an audio effect: source, tests, measured response, and an installable package."""
        parameters: dict[str, JsonValue] = {"spec": specification}
        return await self._ordered("build", parameters, specification, [], project, ctx)

    async def upload(
        self,
        name: Annotated[str, Field(min_length=1, max_length=200, description="Such as mix.wav")],
        content: Annotated[str, Field(description="The file in base64; at most 3 MB of it")],
        project: Project = "default",
    ) -> Uploaded:
        """Store a small file for the other tools.

        Larger ones go to the same server by HTTP: `curl --data-binary @mix.wav
        'http://127.0.0.1:2024/upload?name=mix.wav&project=default'`, whose `url` is their address.
        """
        try:
            decoded = base64.b64decode(content, validate=True)
            ref = await asyncio.to_thread(self._files.keep, decoded, name, project)
        except binascii.Error as fault:
            raise ToolError(f"the base64 of {name} is broken: {fault}") from fault
        except GrymError as fault:
            raise ToolError(str(fault)) from fault
        url = self._files.address(project, ref.id, ref.name)
        return Uploaded(name=ref.name, kind=ref.kind, url=url)

    async def _ordered(
        self, workflow: WorkflowName, parameters: dict[str, JsonValue], words: str,
        files: list[str], project: str, ctx: Reporting,
    ) -> CallToolResult:  # fmt: skip
        order = Order(workflow=workflow, parameters=parameters)
        return await self._said(Turn(words=words, files=files, project=project, order=order), ctx)

    async def _said(self, turn: Turn, ctx: Reporting) -> CallToolResult:
        done, _ = await self._taken(turn, ctx)
        text = "\n\n".join(filter(None, (done.answer, done.waits_for)))
        return _result(text, done, done.files)

    async def _taken(self, turn: Turn, ctx: Reporting) -> tuple[Done, tuple[Finding, ...]]:
        told = 0

        async def tell(line: str) -> None:
            nonlocal told
            told += 1
            await ctx.report_progress(told, message=line)

        try:
            return await self._talk.take(turn, tell)
        except GrymError as fault:
            raise ToolError(str(fault)) from fault


def _fact(one: Finding) -> Fact:
    subject = one.subject
    return Fact(
        aspect=one.aspect, value=one.value, unit=one.unit, start=subject.start, end=subject.end,
        confidence=one.confidence, method=one.method,
    )  # fmt: skip


def _result(text: str, result: BaseModel, files: list[Made]) -> CallToolResult:
    links = [ResourceLink(type="resource_link", name=one.name, uri=one.url) for one in files]
    return CallToolResult(
        content=[TextContent(type="text", text=text), *links],
        structured_content=result.model_dump(mode="json"),
    )


def tool_server(parts: Callable[[], Deps], files: Files, version: str) -> MCPServer[None]:
    """The endpoint's server.

    Args:
        parts: the live parts; asked for at the first call.
        files: the routes by which files come and go.
        version: of the program.
    """
    tools = Tools(parts, files)
    server = MCPServer[None](
        "grym-synth",
        title="grym-synth, a studio team for music production",
        instructions="Upload files first; then ask, measure, or order a workflow. A project's "
        "memory holds over all calls that name it.",
        version=version,
    )
    hints = ToolAnnotations(destructive_hint=False, open_world_hint=False)
    for tool in (
        tools.ask, tools.measure, tools.compose, tools.master, tools.unpack, tools.build,
        tools.upload,
    ):  # fmt: skip
        title = tool.__name__.capitalize()
        server.add_tool(tool, title=title, description=getdoc(tool), annotations=hints)
    return server
