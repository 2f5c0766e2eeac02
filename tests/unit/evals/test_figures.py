import pytest

from evals.sets.figures import figure_of


def test_a_score_counts_hits_over_all_that_there_was_to_hit() -> None:
    figure = figure_of([(1, 1), (0, 1), (3, 4), (0, 0)])

    assert figure is not None
    assert figure.score == pytest.approx(4 / 6)
    assert figure.n == 3


def test_the_noise_of_single_answers_is_the_binomial_one() -> None:
    figure = figure_of([(1, 1)] * 80 + [(0, 1)] * 20)

    assert figure is not None
    assert figure.noise == pytest.approx((0.8 * 0.2 / 99) ** 0.5)


@pytest.mark.parametrize("items", [1, 5, 40, 500])
def test_a_perfect_score_is_not_certain_but_one_lost_item_is_more_than_its_noise(
    items: int,
) -> None:
    figure = figure_of([(1, 1)] * items)

    assert figure is not None
    assert 0 < figure.noise < 1 / items


def test_nothing_to_count_is_no_score() -> None:
    assert figure_of([(0, 0)]) is None
    assert figure_of([]) is None
