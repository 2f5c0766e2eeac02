"""Feeds known signals to a compiled Faust program; runs in the sandbox, as its script.

Arguments: the loader's name of ``libfaust``, and the program's file. ``plan.json`` says which
signal of ``signals.npz`` goes through in which way; ``answers.npz`` and ``told.json`` are left.
"""

import ctypes
import json
import sys
from pathlib import Path

import numpy as np

from agents.toolchain.playing import Planned, leave_answers, pieces

FOLDER = Path("../in").resolve()
KINDS = {
    ".bc": ("readCDSPFactoryFromBitcodeFile", (b"", None, -1), "CDSPInstance"),
    ".fbc": ("readCInterpreterDSPFactoryFromBitcodeFile", (None,), "CInterpreterDSPInstance"),
}
"""How a program is loaded; None stands for the buffer that takes the fault."""

Zone = ctypes.c_void_p
_BOX = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)
_CLOSE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_SLIDER = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, Zone, *[ctypes.c_double] * 4)
_BARGRAPH = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, Zone, *[ctypes.c_double] * 2)
_BUTTON = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, Zone)
_FILE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)
_DECLARE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, Zone, ctypes.c_char_p, ctypes.c_char_p)


class Glue(ctypes.Structure):
    """``UIGlue`` of Faust's ``CInterface.h``: what a program calls to tell of its controls."""

    _fields_ = (
        ("ui", ctypes.c_void_p),
        ("tab_box", _BOX), ("horizontal_box", _BOX), ("vertical_box", _BOX), ("close_box", _CLOSE),
        ("button", _BUTTON), ("check_button", _BUTTON),
        ("vertical_slider", _SLIDER), ("horizontal_slider", _SLIDER), ("number", _SLIDER),
        ("horizontal_bargraph", _BARGRAPH), ("vertical_bargraph", _BARGRAPH),
        ("sound_file", _FILE), ("declare", _DECLARE),
    )  # fmt: skip


class Instance:
    """One instance of a program, at rest."""

    def __init__(self, library: ctypes.CDLL, factory: int, kind: str, rate: int) -> None:
        """Make it, and take down where its controls lie."""
        self._library, self._kind = library, kind
        make = getattr(library, f"create{kind}")
        make.restype = ctypes.c_void_p
        self._self = ctypes.c_void_p(make(ctypes.c_void_p(factory)))
        self._call("init", rate)
        self.outputs = int(self._call("getNumOutputs"))
        self.zones: dict[str, int] = {}
        self.readings: dict[str, int] = {}
        slider = _SLIDER(lambda _, label, zone, *rest: self.zones.update({label.decode(): zone}))
        bargraph = _BARGRAPH(
            lambda _, label, zone, *rest: self.readings.update({label.decode(): zone})
        )
        box, button = _BOX(lambda *rest: None), _BUTTON(lambda *rest: None)
        self._glue = Glue(
            None, box, box, box, _CLOSE(lambda *rest: None), button, button, slider, slider,
            slider, bargraph, bargraph, _FILE(lambda *rest: None), _DECLARE(lambda *rest: None),
        )  # fmt: skip
        self._call("buildUserInterface", ctypes.byref(self._glue))

    def set(self, name: str, value: float) -> None:
        """Set a control."""
        ctypes.c_double.from_address(self.zones[name]).value = value

    def read(self) -> dict[str, float]:
        """What the bargraphs show."""
        found = self.readings.items()
        return {name: ctypes.c_double.from_address(zone).value for name, zone in found}

    def process(self, block: np.ndarray) -> np.ndarray:
        """Run a block: (inputs, frames) to (outputs, frames)."""
        sound = np.ascontiguousarray(block, dtype=np.float64)
        made = np.zeros((self.outputs, sound.shape[1]))
        self._call("compute", sound.shape[1], _rows(sound), _rows(made))
        return made

    def end(self) -> None:
        """Give its memory back."""
        self._call("delete")

    def _call(self, verb: str, *arguments: object) -> int:
        return int(getattr(self._library, f"{verb}{self._kind}")(self._self, *arguments) or 0)


def main() -> None:
    """Run every signal of the plan."""
    name, program = sys.argv[1:]
    library = ctypes.CDLL(name)
    factory, kind = loaded(library, FOLDER / program)
    plan = json.loads((FOLDER / "plan.json").read_text(encoding="utf-8"))
    signals = np.load(FOLDER / "signals.npz", allow_pickle=False)
    answers: dict[str, np.ndarray] = {}
    told: dict[str, object] = {}
    for number, run in enumerate(plan["runs"]):
        instance = Instance(library, factory, kind, run["sample_rate"])
        for label, value in run["settings"].items():
            instance.set(plan["labels"][label], value)
        answers[str(number)] = driven(instance, signals[run["signal"]], run, plan["labels"])
        told[str(number)] = {"latency": 0, "read": instance.read()}
        instance.end()
    leave_answers(answers, told)


def loaded(library: ctypes.CDLL, program: Path) -> tuple[int, str]:
    """The factory of a program, and what functions of its instances are called after."""
    load, more, kind = KINDS[program.suffix]
    fault = ctypes.create_string_buffer(4096)
    function = getattr(library, load)
    function.restype = ctypes.c_void_p
    arguments = [fault if one is None else one for one in more]
    factory = function(str(program).encode(), *arguments)
    if not factory:
        sys.exit(f"libfaust can't load the program: {fault.value.decode(errors='replace')}")
    return factory, kind


def driven(
    instance: Instance, signal: np.ndarray, run: Planned, labels: dict[str, str]
) -> np.ndarray:
    """Send a signal through in blocks, and set controls where the plan says so."""

    def change(name: str, value: float) -> None:
        instance.set(labels[name], value)

    return np.concatenate([instance.process(one) for one in pieces(signal, run, change)], axis=1)


def _rows(samples: np.ndarray) -> ctypes.Array[ctypes.c_void_p]:
    """Where the rows of an array begin, as ``FAUSTFLOAT**``."""
    return (ctypes.c_void_p * len(samples))(*(row.ctypes.data for row in samples))


if __name__ == "__main__":
    main()
