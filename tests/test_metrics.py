"""pass@k against its definition, and its intervals."""

from __future__ import annotations

import math
from itertools import combinations, product
from statistics import mean

import numpy as np
import pytest

from humaneval_x.errors import OptionError
from humaneval_x.metrics import RESAMPLES, estimate, paired, pass_at_k, stratified


@pytest.mark.parametrize("n", range(1, 9))
def test_pass_at_k_is_the_share_of_k_subsets_that_hold_a_passing_sample(n):
    for c, k in product(range(n + 1), range(1, n + 1)):
        samples = [index < c for index in range(n)]
        brute = mean(any(chosen) for chosen in combinations(samples, k))
        assert pass_at_k(n, c, k) == pytest.approx(brute, abs=1e-12), (n, c, k)


@pytest.mark.parametrize(
    ("n", "c", "k", "value"),
    [
        (1, 0, 1, 0.0),
        (1, 1, 1, 1.0),
        (200, 0, 100, 0.0),
        (200, 200, 1, 1.0),
        (200, 1, 100, 0.5),
        (200, 101, 100, 1.0),  # fewer than k fail: every subset holds one that passes
        (10, 3, 1, 0.3),
        (4, 2, 2, 5 / 6),
    ],
)
def test_hand_cases(n, c, k, value):
    assert pass_at_k(n, c, k) == pytest.approx(value, abs=1e-12)


def test_it_grows_with_c_and_with_k():
    assert all(pass_at_k(20, c, 5) < pass_at_k(20, c + 1, 5) for c in range(15))
    assert all(pass_at_k(20, 3, k) < pass_at_k(20, 3, k + 1) for k in range(1, 17))


@pytest.mark.parametrize(
    ("n", "c", "k", "message"),
    [
        (5, 2, 6, "pass@6 needs at least 6 samples of a task, found n = 5"),
        (5, 2, 0, "pass@0 needs at least 0 samples of a task, found n = 5"),
        (5, 6, 1, "c = 6 of n = 5 samples passed: c has to be between 0 and n"),
        (5, -1, 1, "c = -1 of n = 5 samples passed: c has to be between 0 and n"),
    ],
)
def test_what_is_not_defined_is_an_error(n, c, k, message):
    with pytest.raises(OptionError) as caught:
        pass_at_k(n, c, k)
    assert str(caught.value) == message


def test_an_interval_holds_the_mean_and_is_the_same_every_time():
    values = np.random.default_rng(1).random(164).tolist()
    one, two, other = estimate(values), estimate(values), estimate(values, seed=1)
    assert one == two
    assert (one.low, one.high) != (other.low, other.high)
    assert one.value == pytest.approx(mean(values))
    assert one.n_tasks == 164
    assert 0 <= one.low < one.value < one.high <= 1


def test_an_interval_is_about_as_wide_as_the_normal_one():
    values = [1.0] * 82 + [0.0] * 82
    found = estimate(values)
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.5 / 164**0.5, rel=0.1)


def test_equal_values_leave_no_width():
    found = estimate([0.25] * 7)
    assert (found.value, found.low, found.high) == (0.25, 0.25, 0.25)


def test_over_all_is_the_mean_of_the_languages_and_not_of_the_tasks():
    found = stratified([[1.0] * 10, [0.0] * 30])
    assert (found.value, found.low, found.high, found.n_tasks) == (
        0.5,
        0.5,
        0.5,
        40,
    )  # nothing varies within a language


@pytest.mark.parametrize("groups", [[], [[]], [[1.0], []]])
def test_no_tasks_are_an_error(groups):
    with pytest.raises(OptionError, match="an interval needs at least one task"):
        stratified(groups)


def test_a_difference_is_new_minus_old_over_the_same_tasks():
    found = paired([([0.0, 0.5, 1.0], [0.5, 0.5, 1.0]), ([0.0], [1.0])])
    assert found.value == pytest.approx((0.5 / 3 + 1.0) / 2, abs=1e-12)
    assert found.n_tasks == 4
    assert found.low <= found.value <= found.high


def test_pairing_takes_out_what_makes_the_problems_differ():
    hard = np.random.default_rng(3).random(164)
    found = paired([(hard.tolist(), np.minimum(hard + 0.05, 1.0).tolist())])
    apart = estimate(hard.tolist())
    assert found.high - found.low < (apart.high - apart.low) / 5
    assert found.p == 1 / (1 + RESAMPLES)


def test_no_difference_has_p_one():
    assert paired([([0.1, 0.7], [0.1, 0.7])]).p == 1.0


def test_the_same_change_to_and_fro_has_p_one():
    assert paired([([0.0, 1.0] * 20, [1.0, 0.0] * 20)]).p == 1.0


def test_p_of_a_difference_by_chance_is_spread_evenly():
    """Under no difference, p < 0.05 turns up in about 5 % of the comparisons."""
    generator = np.random.default_rng(5)
    found = [paired([(generator.random(100).tolist(), generator.random(100).tolist())]).p for _ in range(400)]
    assert 0.02 < mean(p < 0.05 for p in found) < 0.09
    assert 0.4 < mean(p < 0.5 for p in found) < 0.6


def test_p_agrees_with_the_paired_t_test():
    """For many tasks the bootstrap and the normal theory agree; Student's t of these numbers by hand."""
    old = np.random.default_rng(7).random(200)
    new = old + np.random.default_rng(8).normal(0.02, 0.15, 200)
    differences = new - old
    z = differences.mean() / (differences.std(ddof=1) / 200**0.5)
    assert paired([(old.tolist(), new.tolist())]).p == pytest.approx(math.erfc(abs(z) / 2**0.5), abs=0.03)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([], "at least one task"),
        ([([], [])], "at least one task"),
        ([([1.0], [1.0, 0.0])], "the same tasks on both sides"),
    ],
)
def test_a_comparison_of_nothing_or_of_other_tasks_is_an_error(groups, message):
    with pytest.raises(OptionError, match=message):
        paired(groups)
