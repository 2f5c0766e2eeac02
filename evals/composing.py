"""Score composed songs: ``python -m evals.composing [--briefs 20] [--seed 1]``.

Briefs are generated: style, key, meter, tempo and form by chance from a seed. Each is composed by
instruments alone, and counted: notes in key and chord tones on strong beats; the way of a voice
from chord to chord and parallel fifths and octaves where the style avoids them; how much of its
four-bar melodies comes back within the song; and how many songs share a four-bar melody with
another one. Half of the briefs are given a sketch, a melody composed from another seed in another
key, of which the share is told that is found again.
"""

import argparse
import statistics
import time
from dataclasses import dataclass

from agents.composing.growing import grown
from agents.composing.order import ComposeOrder, order_of
from agents.composing.planning import plan_of
from audio.composing.composer import compose
from audio.composing.counting import (
    Pattern,
    chord_tones,
    four_bar_melodies,
    in_key,
    out_of_range,
    shared_steps,
    voice_motion,
)
from audio.composing.plan import PiecePlan
from audio.composing.scales import MODES
from audio.composing.sketching import Sketch, sketch_of
from audio.composing.streams import Stream
from audio.composing.styles import styles
from audio.songs.song import Song

_METERS = {"4/4": 0.6, "3/4": 0.12, "6/8": 0.1, "5/4": 0.06, "7/8": 0.06, "12/8": 0.06}
_TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_FORMS = (
    (("intro", 4), ("verse", 8), ("chorus", 8), ("verse", 8), ("chorus", 8), ("outro", 4)),
    (("A", 8), ("A", 8), ("B", 8), ("A", 8)),
    (("intro", 8), ("build", 4), ("drop", 16), ("break", 8), ("drop", 16)),
    (("verse", 12), ("chorus", 12), ("verse", 12)),
    (("A", 16),),
    (("verse", 7), ("chorus", 9), ("verse", 7), ("chorus", 9)),
)


@dataclass(frozen=True)
class Score:
    """What was counted of one song."""

    name: str
    key: float
    chords: float
    outside: int
    """Notes out of their instrument's range."""
    motion: float | None
    """Semitones a voice moves from chord to chord; None without chords."""
    parallels: float | None
    """Per change of chord; None where the style allows them."""
    back: float
    """Share of the four-bar melodies that stand in the song more than once."""
    found: float | None
    """Share of the sketch that is found again."""
    melodies: frozenset[Pattern]
    seconds: float
    """Processor time."""


def brief(seed: int, number: int) -> ComposeOrder:
    """One generated order."""
    stream = Stream("eval", seed, number)
    style = stream.one(tuple(styles()))
    form = stream.one(_FORMS)
    return order_of(
        {
            "title": f"{number}",
            "style": style,
            "key": f"{stream.one(_TONICS)} {stream.one(tuple(MODES)[:6])}",
            "meter": stream.pick(_METERS),
            "tempo": float(stream.whole(60, 180)),
            "form": [{"kind": kind, "bars": bars} for kind, bars in form],
            "seed": seed,
        }
    )


def score(order: ComposeOrder, sketch: Sketch | None) -> Score:
    """Compose one order, and count."""
    began = time.process_time()
    plan = grown(order, sketch).plan if sketch else plan_of(order)
    song = compose(plan)
    seconds = time.process_time() - began
    lead = next((one.track for one in plan.parts if one.role == "melody"), "")
    track = song.track(lead)
    notes = track.notes if track else ()
    motion, parallels = _motion(plan, song)
    found = None
    if sketch is not None:
        runs = [shared_steps(list(sketch.line), one.notes) for one in song.tracks]
        found = max(one.value for one in runs)
    return Score(
        name=f"{plan.style} {plan.scale} {plan.meter}",
        key=in_key(song, plan.scale_words).value,
        chords=chord_tones(song, plan.meter_words).value,
        outside=len(out_of_range(song)),
        motion=motion,
        parallels=parallels,
        back=_coming_back(plan, song, lead),
        found=found,
        melodies=frozenset(four_bar_melodies(notes, plan.meter_words.ticks)),
        seconds=seconds,
    )


def _motion(plan: PiecePlan, song: Song) -> tuple[float | None, float | None]:
    tracks = [one.track for one in plan.parts if one.role in ("harmony", "pad")]
    alone = [name for name in tracks if sum(one.track == name for one in plan.parts) == 1]
    motions = [voice_motion(track) for name in alone if (track := song.track(name))]
    changes = sum(one.changes for one in motions)
    if not changes:
        return None, None
    way = sum(one.semitones * one.changes for one in motions) / changes
    parallels = sum(one.parallels for one in motions) / changes
    return way, None if plan.habits.parallels else parallels


def _coming_back(plan: PiecePlan, song: Song, lead: str) -> float:
    """Share of a melody's four-bar windows, phrase by phrase, whose shape stands there twice."""
    track, ticks = song.track(lead), plan.meter_words.ticks
    if track is None:
        return 0.0
    shapes: list[Pattern] = []
    for bar in range(0, song.bars, 4):
        inside = [one for one in track.notes if bar * ticks <= one.start < (bar + 4) * ticks]
        moved = [one.model_copy(update={"start": one.start - bar * ticks}) for one in inside]
        shapes += four_bar_melodies(tuple(moved), ticks * 4)
    return sum(shapes.count(one) > 1 for one in shapes) / len(shapes) if shapes else 0.0


def main() -> None:
    """Print one line for each song, and the figures of all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--briefs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    scores = []
    for number in range(asked.briefs):
        order = brief(asked.seed, number)
        scores.append(score(order, _sketch(asked.seed, number) if number % 2 else None))
        print(_line(scores[-1]))
    print(_summary(scores))


def _sketch(seed: int, number: int) -> Sketch:
    """A melody of eight bars from another seed, alone on its track."""
    order = order_of(
        {
            "title": f"sketch {number}",
            "form": [{"kind": "A", "bars": 8}],
            "instruments": [{"name": "Flute"}],
            "key": "D minor",
            "meter": "4/4",
            "seed": seed + 1000,
        }
    )
    return sketch_of(compose(plan_of(order)))


def _line(one: Score) -> str:
    told = [f"{one.name:32} key {one.key:.3f} chord tones {one.chords:.3f} outside {one.outside}"]
    told += [f"voices {one.motion:.2f} st"] if one.motion is not None else []
    told += [f"parallels {one.parallels:.2f}"] if one.parallels is not None else []
    told += [f"comes back {one.back:.2f}"]
    told += [f"sketch {one.found:.2f}"] if one.found is not None else []
    return ", ".join((*told, f"{one.seconds:.2f} s CPU"))


def _summary(scores: list[Score]) -> str:
    shared = sum(
        any(one is not other and one.melodies & other.melodies for other in scores)
        for one in scores
    )
    motions = [one.motion for one in scores if one.motion is not None]
    parallels = [one.parallels for one in scores if one.parallels is not None]
    found = [one.found for one in scores if one.found is not None]
    return "\n".join(
        (
            f"{len(scores)} songs, {shared} share a four-bar melody with another one",
            _spread("notes in key", [one.key for one in scores]),
            _spread("chord tones on strong beats", [one.chords for one in scores]),
            f"notes out of range: {sum(one.outside for one in scores)}",
            f"voice leading: {statistics.mean(motions or [0]):.2f} semitones a voice; "
            f"{statistics.mean(parallels or [0]):.2f} parallels a change where styles avoid them",
            f"melody phrases that come back: {statistics.mean(one.back for one in scores):.2f}",
            f"sketches found again: least {min(found or [0]):.2f}",
        )
    )


def _spread(name: str, values: list[float]) -> str:
    return f"{name}: mean {statistics.mean(values):.3f}, least {min(values):.3f}"


if __name__ == "__main__":
    main()
