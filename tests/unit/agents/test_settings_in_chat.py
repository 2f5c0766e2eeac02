"""What is stated of a project in one sentence, and what is said to hold no longer."""

import pytest

from agents.supervisor import Supervisor
from memory.context import Plan, ProjectContext, ProjectSetting

HELD = (
    ProjectSetting(field="constraint", value="A minor"),
    ProjectSetting(field="constraint", value="no reverb"),
    ProjectSetting(field="style", value="lo-fi"),
    ProjectSetting(field="deadline", value="1 December 2026"),
)


def plan(request: str) -> Plan:
    return Supervisor().plan(
        ProjectContext(project="p", thread="main", turn=2, request=request, settings=HELD)
    )


def pairs(settings: tuple[ProjectSetting, ...]) -> list[tuple[str, str]]:
    return [(one.field, one.value) for one in settings]


def test_each_setting_that_a_sentence_names_is_kept_on_its_own() -> None:
    told = plan("Style: dub, constraint: C minor, no delay; deadline: 2 May 2027.")
    assert pairs(told.settings) == [
        ("style", "dub"),
        ("constraint", "C minor, no delay"),
        ("deadline", "2 May 2027"),
    ]


def test_a_list_within_one_setting_stays_together() -> None:
    assert pairs(plan("style: warm, dark, slow").settings) == [("style", "warm, dark, slow")]


@pytest.mark.parametrize(
    ("request_", "gone"),
    [
        ("The constraint A minor no longer applies.", ("constraint", "A minor")),
        ("the deadline no longer applies", ("deadline", "1 December 2026")),
        ("Die Vorgabe A minor gilt nicht mehr", ("constraint", "A minor")),
        ("Our style guideline lo-fi doesn't apply anymore", ("style", "lo-fi")),
    ],
)
def test_what_is_said_to_hold_no_longer_ends_and_nothing_new_is_kept(
    request_: str, gone: tuple[str, str]
) -> None:
    told = plan(request_)
    assert pairs(told.replaced) == [gone]
    assert not told.settings and not told.facts and not told.tasks


def test_of_several_constraints_none_ends_until_its_words_are_said() -> None:
    told = plan("The constraint no longer applies")
    assert not told.replaced and not told.settings
    assert told.notes == ("Nothing was ended. Set are “A minor” and “no reverb”; say its words.",)
