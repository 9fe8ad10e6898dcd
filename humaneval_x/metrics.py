"""pass@k, unbiased, its interval, and the paired difference of two runs. Numbers in, numbers out.

    pass@k = mean over tasks of 1 - C(n - c, k) / C(n, k)        Chen et al. 2021, equation 1

n samples of a task were judged, c of them passed. Defined only where n >= k.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from humaneval_x.errors import OptionError
from humaneval_x.values import checked

RESAMPLES = 2000  # bootstrap resamples over tasks; the seed is fixed so that a report is reproducible
CONFIDENCE = 0.95


@checked
def pass_at_k(n: int, c: int, k: int) -> float:
    """Return 1 - C(n - c, k) / C(n, k), the chance that k of the n samples hold one that passed.

    Raises OptionError unless they are whole numbers, 0 <= c <= n and 1 <= k <= n.
    """
    if not 0 <= c <= n:
        raise OptionError(f"c = {c} of n = {n} samples passed: c has to be between 0 and n")
    if not 1 <= k <= n:
        raise OptionError(f"pass@{k} needs at least {k} samples of a task, found n = {n}")
    return chance(n, c, k)


def chance(n: int, c: int, k: int) -> float:
    """Return what `pass_at_k` does, of numbers that are known to be such: a report asks for tens of thousands."""
    if n - c < k:
        return 1.0
    # prod over i = n-c+1 .. n of (1 - k / i): no large binomials, no cancellation
    return float(1.0 - np.prod(1.0 - k / np.arange(n - c + 1, n + 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean over tasks with its 95 % interval, as fractions; `n_tasks` tasks went in."""

    value: float
    low: float
    high: float
    n_tasks: int


def estimate(per_task: Sequence[float], seed: int = 0) -> Estimate:
    """Return the mean of per-task values and its percentile bootstrap interval over tasks.

    The tasks are drawn with replacement: the interval says how far the score would move with other
    problems of the same kind. Raises OptionError for no tasks.
    """
    return stratified([per_task], seed)


def stratified(groups: Sequence[Sequence[float]], seed: int = 0) -> Estimate:
    """Return the mean of the groups' means (a language each), every group resampled over its own tasks.

    Raises OptionError where a group is empty.
    """
    if not groups or not all(len(group) for group in groups):
        raise OptionError("an interval needs at least one task")
    draws: NDArray[np.float64] = np.zeros(RESAMPLES)
    generator = np.random.default_rng(seed)
    for group in groups:
        values = np.asarray(group, dtype=np.float64)
        chosen = generator.integers(0, len(values), size=(RESAMPLES, len(values)))
        draws += values[chosen].mean(axis=1) / len(groups)
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(draws, [tail, 100 - tail])
    mean = float(np.mean([np.mean(group) for group in groups]))
    return Estimate(value=mean, low=float(low), high=float(high), n_tasks=sum(len(group) for group in groups))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanDifference:
    """A mean difference over the same tasks, new minus old, as fractions, with its 95 % interval.

    `p` is two-sided: how often a difference at least this large, either way, turns up where there is none.
    """

    value: float
    low: float
    high: float
    p: float
    n_tasks: int


def paired(groups: Sequence[tuple[Sequence[float], Sequence[float]]], seed: int = 0) -> MeanDifference:
    """Return the mean over groups (a language each) of the mean of new - old, by paired bootstrap over tasks.

    A group is (old, new), a value for each task, in the same order. p = (1 + number of resamples whose distance
    from the observed difference is at least that difference) / (1 + resamples): the resampled differences,
    centred on 0, are what chance gives (Efron and Tibshirani 1993, section 16.4). Raises OptionError where a
    group is empty or its halves differ in length.
    """
    if any(len(old) != len(new) for old, new in groups):
        raise OptionError("a paired comparison needs the same tasks on both sides")
    if not groups or not all(len(old) for old, _ in groups):
        raise OptionError("an interval needs at least one task")
    draws: NDArray[np.float64] = np.zeros(RESAMPLES)
    generator = np.random.default_rng(seed)
    value = 0.0
    for old, new in groups:
        values = np.asarray(new, dtype=np.float64) - np.asarray(old, dtype=np.float64)
        chosen = generator.integers(0, len(values), size=(RESAMPLES, len(values)))
        draws += values[chosen].mean(axis=1) / len(groups)
        value += float(values.mean()) / len(groups)
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(draws, [tail, 100 - tail])
    beyond = np.abs(draws - value) >= abs(value) - 1e-12  # sums of fractions: equal is equal but for rounding
    p = (1 + int(beyond.sum())) / (1 + RESAMPLES)
    return MeanDifference(
        value=value, low=float(low), high=float(high), p=p, n_tasks=sum(len(old) for old, _ in groups)
    )


def point_biserial(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Return the correlation of a value with a yes or no; None where either is the same throughout.

    r = (M1 - M0) / s * sqrt(n1 n0 / n^2): the means of those with yes and with no, s the standard deviation of all. It
    is Pearson's r with yes as 1 and no as 0 (Tate 1954).
    """
    values = np.asarray([value for value, _ in pairs], dtype=np.float64)
    yes = np.asarray([each for _, each in pairs], dtype=bool)
    if yes.all() or not yes.any() or np.ptp(values) < 1e-12:
        return None
    share = yes.mean()
    return float((values[yes].mean() - values[~yes].mean()) / values.std() * np.sqrt(share * (1 - share)))
