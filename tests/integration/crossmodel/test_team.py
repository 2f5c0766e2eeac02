"""Whatever the models say: these are small or random, and say nothing of worth."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from agents.turn.slicing import slices_for
from graph.deps import Terms
from memory.context import AgentName, ContextPackage
from memory.language.invention import invented_numbers
from models.llamacpp import LlamaCppChat
from tests.integration.boss.scripts import RATE_HZ
from tests.integration.crossmodel.team import CODE, LISTEN, LOOK, Team, Turn, team

QUIETER = "-1 dB"
VERSION = version("grym-synth")
NYQUIST_HZ = RATE_HZ // 2


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with team(tmp_path_factory.mktemp("team"), context_tokens=2048, seconds=5) as made:
        yield made


@pytest.fixture(scope="module")
def turns(held: Team) -> dict[str, Turn]:
    return {request: held.ask(request) for request in (LISTEN, LOOK, CODE)}


@pytest.fixture(params=[LISTEN, LOOK, CODE])
def turn(request: pytest.FixtureRequest, turns: dict[str, Turn]) -> Turn:
    return turns[str(request.param)]


def test_instruments_do_their_part_whatever_models_say(turns: dict[str, Turn]) -> None:
    listened = turns[LISTEN].result
    assert {(one.agent, one.status) for one in listened.tasks} == {
        ("gama", "done"), ("coder", "done"),
    }  # fmt: skip
    key = next(one for one in listened.findings if one.aspect == "key")
    assert (key.value, key.evidence) == ("A minor", "measured")
    assert [one.met for task in listened.tasks for one in task.criteria if task.agent == "coder"]


def test_each_role_is_played_by_its_own_model_or_its_loss_is_told(
    held: Team, turns: dict[str, Turn]
) -> None:
    played = {one.model for turn in turns.values() for one in turn.thoughts}
    played |= {one.wanted for turn in turns.values() for one in turn.result.degraded}
    assert played == set(held.models.values())


def test_what_did_not_work_is_told(turn: Turn) -> None:
    lost = [one for one in turn.thoughts if one.fault]
    assert turn.result.degraded or not lost
    for one in turn.result.degraded:
        assert one.why
        assert one.wanted in turn.result.answer or one.role in turn.result.answer


def test_a_plan_is_made_of_tasks_that_can_be_done(turn: Turn) -> None:
    assert turn.result.tasks
    for task in turn.result.tasks:
        assert set(task.needs) <= {one.id for one in turn.result.tasks}
        assert task.status in ("done", "not_met", "failed", "skipped", "waiting")
        assert task.objective


def test_no_number_is_told_that_nothing_measured_or_asked_for(held: Team, turn: Turn) -> None:
    known = [f"{one.value} {one.unit} {one.confidence}" for one in turn.result.findings]
    known += [one.model_dump_json() for one in (*turn.result.tasks, *turn.result.degraded)]
    known += [LISTEN, LOOK, CODE, QUIETER, *map(str, range(len(turn.result.findings)))]
    known += [f"{VERSION} {held.clip.seconds} s {NYQUIST_HZ} Hz"]
    told = [
        line
        for line in turn.result.answer.splitlines()
        if "heard" not in line and "seen" not in line
    ]
    assert {line: bad for line in told if (bad := invented_numbers(line, known))} == {}


def test_every_token_is_accounted_for_once(held: Team, turn: Turn) -> None:
    theirs = {"gama": held.models["gama"], "qwen_vl": held.models["qwen_vl"]}
    boss = [one for one in turn.thoughts if one.model not in theirs.values()]
    assert sorted(boss, key=str) == sorted(turn.kept, key=str)
    for agent, model in theirs.items():
        written = sum(one.tokens_out for one in turn.thoughts if one.model == model)
        steps = [one for one in turn.steps if one.who.startswith(f"{agent}/")]
        assert sum(one.tokens_out for one in steps) == written
    for one in turn.thoughts:
        assert one.tokens_in >= 0
        assert bool(one.fault) or one.tokens_out > 0
        assert one.seconds <= 15


def test_slices_keep_to_their_budgets_by_the_models_own_tokenizers(
    held: Team, turns: dict[str, Turn]
) -> None:
    budgets = held.studio.settings.package_tokens
    for turn in turns.values():
        for one in turn.result.slices:
            assert 0 < one.tokens <= getattr(budgets, one.agent)
    words = LlamaCppChat(Path(held.models["coder"].partition(":")[2]), 2048)
    heard = held.studio.deps.counter("gama", Terms())
    assert heard is not None
    packages = _packages(held)
    assert {one.agent for one in packages} == {"gama", "qwen_vl", "coder"}
    for package in packages:
        assert package.agent != "gama" or package.tokens == heard.count(package.text)
        real = words.count(package.text)
        assert real <= package.tokens or package.agent == "gama"
        assert real <= package.budget


def _packages(held: Team) -> list[ContextPackage]:
    """What each specialist would be handed for the last turn's task, after all that was found."""
    deps = held.studio.deps
    state = held.studio.graph.values(held.studio.config("default", "main"))
    agents: tuple[AgentName, ...] = ("gama", "qwen_vl", "coder")
    tasks = tuple(
        one.model_copy(update={"agent": agent}) for one in state["tasks"] for agent in agents
    )
    slices = slices_for(
        tasks, state["context"], state["findings"], deps.repository,
        deps.settings.package_tokens, lambda agent: deps.counter(agent, Terms()),
    )  # fmt: skip
    return [one["package"] for one in slices]
