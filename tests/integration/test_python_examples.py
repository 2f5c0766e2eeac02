"""The examples for programs run as they are printed."""

import doctest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


def test_the_examples_for_programs_do_what_they_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRYM_EMBEDDER", "lexical")
    monkeypatch.setenv("GRYM_MODELS", "instruments")
    seconds = np.arange(4 * 48000) / 48000
    tone = 0.1412 * np.sin(2 * np.pi * 997 * seconds)  # -20 LUFS in one channel of two
    soundfile.write("mix.wav", np.stack([tone, 0 * tone], axis=1), 48000, subtype="FLOAT")
    parts = doctest.DocTestParser().get_doctest(
        PAGE.read_text(encoding="utf-8").replace("```", ""), {}, PAGE.name, str(PAGE), 0
    )
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    said: list[str] = []
    with ThreadPoolExecutor(1) as alone:  # a thread that has no event loop of another test
        alone.submit(runner.run, parts, out=said.append).result()
    assert parts.examples
    assert runner.summarize(verbose=False).failed == 0, "".join(said)
