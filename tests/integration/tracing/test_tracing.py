import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.workflows.master import graph
from grym_synth.errors import BadInput
from grym_synth.settings import Settings, Tracing
from grym_synth.studio import open_studio
from grym_synth.tracing.masking import masker
from tests.integration.boss.scripts import says, studio_with, tone, write_script
from tests.integration.tracing.collector import Collector, listening

REQUEST = "Measure the key, show me its spectrogram, and make it 1 dB quieter"
KEY = "lsv2_pt_0123456789abcdef"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with listening() as held:
        yield held


@pytest.fixture
def boss(tmp_path: Path) -> str:
    answer = {"sentences": [{"text": "It is quieter.", "findings": ["t1"]}]}
    return write_script(
        tmp_path / "boss.jsonl",
        says("plan", {"why": "the draft is right"}, thinking="a deep thought"),
        says("distil", {"recommendations": [], "notes": []}),
        says("answer", answer),  # type: ignore[arg-type]
        {"when": {}, "answer": {"sentences": []}},
    )


def test_a_turn_is_one_trace_of_its_nodes_models_and_instruments(
    home: Path, boss: str, collector: Collector
) -> None:
    with studio_with(home, boss, tracing=Tracing(to="otlp", url=collector.url)) as (studio, clip):
        result = studio.ask(REQUEST, (clip,))
    spans = collector.spans()
    (turn,) = [one for one in spans if not one.parent]
    assert {one.trace for one in spans} == {turn.trace}
    names = {one.id: one.name for one in spans}
    parents = {(one.name, names.get(one.parent, "")) for one in spans}
    assert {
        ("intake", turn.name),
        ("invoke_agent supervisor", turn.name),
        ("chat boss.jsonl", "invoke_agent supervisor"),
        ("execute_tool measure", "invoke_agent gama"),
        ("execute_tool spectrogram", "invoke_agent qwen_vl"),
        ("execute_tool sandbox", "invoke_agent coder"),
        ("integrate", turn.name),
        ("chat boss.jsonl", "respond"),
    } <= parents
    for slice_ in result.slices:
        facts = collector.named(f"invoke_agent {slice_.agent}").facts
        told = [facts[f"grym.slice.{name}"] for name in ("tokens", "kept", "dropped")]
        assert told == [slice_.tokens, slice_.kept, slice_.dropped]
    calls = [one for one in spans if one.facts.get("gen_ai.operation.name") == "chat"]
    tokens = sum(int(one.facts["gen_ai.usage.input_tokens"]) for one in calls)
    assert tokens == turn.facts["grym.model_tokens_in"]
    assert tokens > 1000
    assert turn.facts["grym.tasks.done"] == 3
    assert max(one.seconds for one in spans) == turn.seconds > 0


def test_a_trace_tells_no_word_no_path_and_no_key(
    home: Path, boss: str, collector: Collector
) -> None:
    tracing = Tracing(to="otlp", url=collector.url)
    with studio_with(home, boss, tracing=tracing, openai_api_key="hush-hush") as (studio, clip):
        said = f"{REQUEST}, for Elvira; note that the label pays with {KEY} and hush-hush"
        studio.ask(said, (clip,), project="Secret Album", thread="take two")
    sent = collector.everything()
    hidden = ("quieter", "Elvira", "deep thought", "clip", str(home), "Secret", "take two")
    for word in (*hidden, KEY, "hush-hush", clip.id):
        assert word not in sent, word


def test_where_the_user_wants_words_they_are_told_without_keys(
    home: Path, boss: str, collector: Collector
) -> None:
    tracing = Tracing(to="otlp", url=collector.url, content=True, hide=("Elv[a-z]+",))
    with studio_with(home, boss, tracing=tracing, openai_api_key="hush-hush") as (studio, clip):
        said = f"{REQUEST}, for Elvira; note that the label pays with {KEY} and hush-hush"
        result = studio.ask(said, (clip,))
    (turn,) = [one for one in collector.spans() if not one.parent]
    assert str(turn.facts["gen_ai.input.messages"]).startswith(REQUEST)
    assert turn.facts["gen_ai.output.messages"] == masker(studio.settings)(result.answer)
    assert "a deep thought" in collector.everything()
    for word in (KEY, "hush-hush", "Elvira"):
        assert word not in collector.everything(), word


def test_langsmith_gets_the_same_trace_at_its_own_door(
    home: Path, boss: str, collector: Collector
) -> None:
    os.environ["LANGSMITH_API_KEY"] = KEY
    tracing = Tracing(to="langsmith", url=collector.url, content=True)
    with studio_with(home, boss, tracing=tracing) as (studio, clip):
        studio.ask(REQUEST, (clip,))
    assert {(method, path) for method, path, *_ in collector.requests} == {
        ("POST", "/otel/v1/traces")
    }
    assert all(headers["x-api-key"] == KEY for _, _, headers, _ in collector.requests)
    kinds = {one.facts["langsmith.span.kind"] for one in collector.spans()}
    assert kinds == {"chain", "llm", "tool"}
    (turn,) = [one for one in collector.spans() if not one.parent]
    assert turn.facts["gen_ai.prompt"] == REQUEST
    assert KEY not in collector.everything()


def test_langsmith_without_a_key_is_refused_in_words(home: Path) -> None:
    for name in ("LANGSMITH_API_KEY", "LANGCHAIN_API_KEY"):
        os.environ.pop(name, None)
    program = (
        "from grym_synth.settings import read_settings\n"
        "from grym_synth.studio import open_studio\n"
        "with open_studio(settings=read_settings()): pass\n"
    )
    set_ = {"GRYM_HOME": str(home), "GRYM_EMBEDDER": "lexical", "GRYM_TRACING__TO": "langsmith"}
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **set_}, capture_output=True, text=True
    )
    assert "Set LANGSMITH_API_KEY" in done.stderr


def test_a_pattern_that_is_none_is_refused_in_words() -> None:
    with pytest.raises(BadInput, match="GRYM_TRACING__HIDE"):
        masker(Settings(tracing=Tracing(hide=("(",))))


def test_a_workflow_is_traced_stage_by_stage(home: Path, collector: Collector) -> None:
    settings = Settings(
        home=home, out=home / "out", models="instruments", embedder="lexical",
        tracing=Tracing(to="otlp", url=collector.url),
    )  # fmt: skip
    home.mkdir()
    with open_studio(settings=settings) as studio:
        song = studio.attach([(tone(home / "clip.wav", 6.0), "audio")])
        studio.run("master", {"targets": ["streaming"]}, song)
    spans = collector.spans()
    workflow = collector.named("begin").parent
    stages = [one.name for one in spans if one.parent == workflow]
    assert stages == [
        "begin",
        *(node for node in graph.nodes if node not in ("__start__", "begin")),
    ]
    assert [one.name for one in spans if one.id == workflow] == ["master"]


def test_a_turn_that_fails_says_which_fault_it_was_and_nothing_else(
    home: Path, collector: Collector
) -> None:
    tracing = Tracing(to="otlp", url=collector.url)
    script = home.parent / "none.jsonl"
    script.write_text('{"answer": "no plan at all", "times": 0}', encoding="utf-8")
    with studio_with(home, f"scripted:{script}", tracing=tracing) as (studio, clip):
        result = studio.ask("Measure the key", (clip,))
    assert result.degraded
    (call, *_) = [one for one in collector.spans() if one.name.startswith("chat")]
    assert call.failed
    assert "no plan at all" not in collector.everything()


def test_a_receiver_that_is_gone_costs_no_turn(home: Path) -> None:
    with listening() as gone:
        url = gone.url
    began = time.monotonic()
    tracing = Tracing(to="otlp", url=url)
    with studio_with(home, "instruments", tracing=tracing) as (studio, clip):
        result = studio.ask("Measure the key", (clip,))
    assert [one.status for one in result.tasks] == ["done"]
    assert time.monotonic() - began < 40


LANGCHAIN = """
from langgraph.graph import START, StateGraph
from langchain_core.tracers.langchain import wait_for_all_tracers
builder = StateGraph(dict)
builder.add_node("a", lambda state: state)
builder.add_edge(START, "a")
builder.compile().invoke({"words": "told"})
wait_for_all_tracers()
"""

OURS = """
import sys
from grym_synth.settings import read_settings
from grym_synth.studio import open_studio
from langchain_core.tracers.langchain import wait_for_all_tracers
with open_studio(settings=read_settings()) as studio:
    studio.ask("What note is 440 Hz?")
    studio.undo()
wait_for_all_tracers()
"""


def test_langsmiths_own_switch_sends_nothing_of_ours(home: Path, collector: Collector) -> None:
    asks = {
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_ENDPOINT": collector.url,
        "LANGSMITH_API_KEY": KEY,
        "LANGSMITH_OTEL_ENABLED": "false",
        "GRYM_HOME": str(home),
        "GRYM_MODELS": "instruments",
        "GRYM_EMBEDDER": "lexical",
    }
    for program in (OURS, LANGCHAIN):
        heard = len(collector.requests)
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, **asks}, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        if program is OURS:
            assert not collector.requests
        else:  # the listener would have heard it
            assert len(collector.requests) > heard
