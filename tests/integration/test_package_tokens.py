"""A specialist's package is counted as its model counts."""

from pathlib import Path

from agents.turn.slicing import slices_for
from grym_synth.settings import Settings
from grym_synth.studio import open_studio
from memory.context import ProjectContext, ProjectSetting, Task


class Letters:
    """A tokenizer for which every letter is a token."""

    def count(self, text: str) -> int:
        return len(text)


def test_a_package_is_counted_by_the_tokenizer_that_is_at_hand(home: Path) -> None:
    settings = Settings(home=home, embedder="lexical", models="instruments")
    task = Task(id="t-1", agent="gama", objective="Measure the loudness of the mix")
    context = ProjectContext(project="song", thread="main", turn=1, request="how loud is it?")
    with open_studio(settings=settings) as studio:
        repository = studio.deps.repository
        repository.ensure_project("song")
        for number in range(40):
            rule = f"rule {number}: keep the loudness of the mix near -{14 + number / 10} LUFS"
            repository.set("song", ProjectSetting(field="constraint", value=rule))
        budgets = settings.package_tokens
        parts = ((task,), context, (), repository, budgets)
        (estimated,) = (one["package"] for one in slices_for(*parts, lambda agent: None))
        (counted,) = (one["package"] for one in slices_for(*parts, lambda agent: Letters()))

    assert all(one.tokens >= len(one.text) for one in counted.items)
    assert counted.tokens <= counted.budget
    assert len(counted.text) < len(estimated.text)
