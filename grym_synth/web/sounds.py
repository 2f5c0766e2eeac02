"""Routes that look at sounds: waveform, spectrogram with findings, two files at one loudness."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import numpy as np
from anyio import CapacityLimiter, to_thread
from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from audio.assets import AssetRef
from audio.axes import Axes
from audio.blocks import open_stream, read_blocks
from audio.columns import ColumnExtremes
from audio.loudness import LoudnessMeter
from audio.pictures import Picture, draw_spectrogram
from audio.sight.drawing import draw_for_eyes
from audio.sight.layout import Budget, Crop
from grym_synth.errors import BadInput
from grym_synth.web.desk import Desk, desk_of, number_in
from grym_synth.web.marks import marks_of

MOST_POINTS = 20_000
"""Most points of a waveform."""

_AT_ONCE = CapacityLimiter(2)
"""Sounds that are decoded at the same time."""

_DRAWN, _FOLDED, _MEASURED = 16, 64, 512
"""How many pictures, waveforms and loudnesses are kept."""

Scale = Literal["mel", "log"]


@dataclass(frozen=True)
class Wanted:
    """A stretch of a file as a picture."""

    path: Path
    """In the store: named by its content, so what was drawn of it holds."""
    title: str
    scale: Scale
    start: float | None
    end: float | None


async def peaks(request: Request) -> Response:
    """The extremes of a sound, folded to mono, at so many points."""
    points = number_in(request, "points", 1000, 1, MOST_POINTS)
    _, asset, path = await to_thread.run_sync(_sound, request)
    folded = await to_thread.run_sync(_fold, path, points, limiter=_AT_ONCE)
    return JSONResponse({"seconds": asset.seconds, "peaks": folded})


async def spectrogram(request: Request) -> Response:
    """Where the picture of a stretch is, what its pixels mean, and the findings in it."""
    desk, asset, path = await to_thread.run_sync(_sound, request)
    wanted = _wanted(request, asset, path)
    drawn = await to_thread.run_sync(_draw, wanted, limiter=_AT_ONCE)
    return JSONResponse(await to_thread.run_sync(_told, request, desk, asset, drawn))


async def spectrogram_picture(request: Request) -> Response:
    """The picture itself."""
    _, asset, path = await to_thread.run_sync(_sound, request)
    drawn = await to_thread.run_sync(_draw, _wanted(request, asset, path), limiter=_AT_ONCE)
    return Response(
        drawn.png, media_type="image/png", headers={"cache-control": "private, max-age=3600"}
    )


async def compare(request: Request) -> Response:
    """The gains that bring two sounds to the loudness of the quieter one."""
    told: dict[str, float | None] = {}
    for side in ("a", "b"):
        _, _, path = await to_thread.run_sync(_sound, request, request.query_params.get(side, ""))
        told[side] = await to_thread.run_sync(_lufs, path, limiter=_AT_ONCE)
    known = [lufs for lufs in told.values() if lufs is not None]
    quieter = min(known) if len(known) == len(told) else None
    return JSONResponse(
        {
            side: {
                "lufs": lufs,
                "gain_db": round(quieter - lufs, 2) if quieter is not None and lufs else 0.0,
            }
            for side, lufs in told.items()
        }
    )


def _sound(request: Request, asset: str = "") -> tuple[Desk, AssetRef, Path]:
    """The sound that a request is about.

    Raises:
        UnknownName: the project has no such file.
        BadInput: it is no sound.
    """
    desk, id_ = desk_of(request), asset or str(request.path_params.get("asset", ""))
    ref = desk.asset(str(request.path_params["project"]), id_)
    if ref.kind != "audio":
        raise BadInput(f"listening to {ref.name}", "it is no sound", "Name a sound file")
    return desk, ref, desk.path(ref)


def _wanted(request: Request, asset: AssetRef, path: Path) -> Wanted:
    scale = request.query_params.get("scale", "mel")
    start, end = (_seconds(request, name) for name in ("from", "to"))
    if scale not in ("mel", "log"):
        raise BadInput(f"drawing {asset.name}", f"there is no scale {scale}", "Use mel or log")
    return Wanted(path, asset.name, "log" if scale == "log" else "mel", start, end)


def _seconds(request: Request, name: str) -> float | None:
    given = request.query_params.get(name, "")
    try:
        value = float(given) if given else None
    except ValueError:
        value = -1.0
    if value is not None and not 0 <= value < 1e6:
        raise BadInput(f"reading {name}={given}", "it is no time in seconds", "Mend it")
    return value


@lru_cache(maxsize=_DRAWN)
def _draw(wanted: Wanted) -> Picture:
    if wanted.start is None and wanted.end is None:
        return draw_spectrogram(wanted.path, wanted.title, wanted.scale)
    return draw_for_eyes(wanted.path, wanted.title, Budget(), Crop(wanted.start or 0.0, wanted.end))


@lru_cache(maxsize=_FOLDED)
def _fold(path: Path, points: int) -> list[list[float]]:
    """Lowest and highest sample of the mean of all channels, at each point."""
    stream = open_stream(path)
    columns = ColumnExtremes(1, stream.frames, points)
    for block in read_blocks(path, stream, short=False, long=False):
        columns.push(block.start, block.samples.mean(axis=0, keepdims=True, dtype=np.float32))
    columns.fill_gaps()
    pairs = np.stack((columns.low[0], columns.high[0]), axis=1)
    return [[round(low, 4), round(high, 4)] for low, high in pairs.tolist()]


@lru_cache(maxsize=_MEASURED)
def _lufs(path: Path) -> float | None:
    """Integrated loudness; None where there is none to tell."""
    stream = open_stream(path)
    meter = LoudnessMeter(stream)
    for block in read_blocks(path, stream, short=False, long=False):
        meter.push(block)
    told = next(one for one in meter.finish() if one.aspect == "loudness.integrated_lufs").value
    return float(told) if isinstance(told, int | float) else None


def _told(request: Request, desk: Desk, asset: AssetRef, drawn: Picture) -> dict[str, JsonValue]:
    axes = drawn.axes
    start, end = axes.x.low, axes.x.high
    name = str(request.path_params["project"])
    findings = desk.memory.findings(name, subjects=[asset.id]) if desk.knows(name) else ()
    marks = marks_of(findings, asset.id, start, end, axes.y.high)
    query = urlencode(sorted(request.query_params.items()))
    return {
        "url": f"{request.url.path}.png" + (f"?{query}" if query else ""),
        "plot": axes.plot.model_dump(),
        "picture": _size(drawn),
        "seconds": [start, end],
        "hertz": [axes.y.low, axes.y.high],
        "scale": axes.y.scale,
        "marks": [{**one.as_json(), "box": _box(axes, one.start, one.end, one.low, one.high)}
                  for one in marks],
    }  # fmt: skip


def _box(axes: Axes, start: float, end: float, low: float, high: float) -> JsonValue:
    """The place of a mark in the picture, in pixels: what of it lies in the plot."""
    across = [min(max(one, axes.x.low), axes.x.high) for one in (start, end)]
    up = [min(max(one, axes.y.low), axes.y.high) for one in (low, high)]
    first, last = axes.pixel_at(across[0], up[1]), axes.pixel_at(across[1], up[0])
    return {
        "left": round(first.x, 1),
        "top": round(first.y, 1),
        "width": round(last.x - first.x, 1),
        "height": round(last.y - first.y, 1),
    }


def _size(drawn: Picture) -> JsonValue:
    """Width and height in pixels, from the PNG's first chunk (ISO/IEC 15948, 11.2.2)."""
    width, height = (int.from_bytes(drawn.png[at : at + 4], "big") for at in (16, 20))
    return {"width": width, "height": height}


_ASSET = "/api/projects/{project}/assets/{asset}"

ROUTES = [
    Route(f"{_ASSET}/peaks", peaks),
    Route(f"{_ASSET}/spectrogram", spectrogram),
    Route(f"{_ASSET}/spectrogram.png", spectrogram_picture),
    Route("/api/projects/{project}/compare", compare),
]
