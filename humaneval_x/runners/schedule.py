"""The programs that wait, and which of them a worker takes next: by the tools that its jail has started.

Starting a language's tools costs a jail as much as ten to twenty programs do. So a worker takes, of what waits, the
first program of the best kind:

1. one that many later ones have overtaken, so that nothing waits forever;
2. of a language that its jail has started, with tests that its machine has made ready, or no machine has;
3. of a language that its jail has started;
4. of a language that may start in one more jail: where it has started in fewer than FREE, or where all its programs
   (done, running, and still to come) take SHARE times as long as that many starts. So starting costs a share of the
   work, however many workers there are, and a worker that is not worth its start never starts a jail.

Else it waits. What is fastest may be misjudged on a busy machine; no verdict depends on it. Knows no jails: `pool.py`.
"""

from __future__ import annotations

import functools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from humaneval_x.records import Program

T = TypeVar("T")
FREE = 2  # jails that start a language as soon as one of its programs waits for nothing else
SHARE = 4  # how many times as long as its starts a language's programs have to take
LOOK_S = 0.25  # between two looks of a worker that may take nothing yet
BATCH_S = 0.5  # how long the programs that a worker takes together should take


@dataclass(eq=False, slots=True)
class PendingProgram(Generic[T]):
    """A program on its way to a verdict. `failed` and `lost` count its jails and its machines that ended on it."""

    item: T
    program: Program
    expected: int | None
    tests: int = 0  # tells its tests from others, where machines differ in those that they know
    failed: int = 0
    lost: int = 0
    number: int = 0  # in the order of coming

    @property
    def alone(self) -> bool:
        """Whether it is to be judged with no other: what has ended a jail, or a machine, may do so again."""
        return bool(self.failed or self.lost)


@dataclass(eq=False, slots=True)
class Seat:
    """A worker as the schedule sees it: where its jail is, what that has started, which language it is busy with."""

    wake: threading.Condition
    place: str = ""
    started: set[str] = field(default_factory=set)
    busy: str = ""
    since: float = 0.0


@dataclass(slots=True)
class Spent:
    """What a language has cost, in seconds of its workers, and how many samples of it are still to come at most."""

    starts: int = 0
    start_s: float = 0.0
    programs: int = 0
    program_s: float = 0.0
    coming: int = 0

    @property
    def each_s(self) -> float:
        """What one program takes."""
        return self.program_s / self.programs if self.programs else 0.0


class Schedule(Generic[T]):
    """What waits, for any number of workers. `overtaken` later programs may be taken before one, `batch` together."""

    def __init__(self, overtaken: int, batch: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self.overtaken, self.batch, self.clock = overtaken, batch, clock
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, int], deque[PendingProgram[T]]] = {}  # by language and tests
        self._homes: dict[tuple[str, int], str] = {}  # the machine that took such tests last
        self._spent: dict[str, Spent] = {}
        self._seats: dict[Seat, None] = {}
        self._idle: dict[Seat, None] = {}
        self._number = 0
        self._closed = False

    def expect(self, samples: Mapping[str, int]) -> None:
        """Learn how many samples of each language are still to come, at most."""
        with self._lock:
            for language, count in samples.items():
                self._of(language).coming = count

    def seat(self) -> Seat:
        """Return the seat of one more worker."""
        with self._lock:
            seat = Seat(threading.Condition(self._lock))
            self._seats[seat] = None
            return seat

    def put(self, task: PendingProgram[T]) -> None:
        """Add a program behind all others."""
        with self._lock:
            task.number = self._number = self._number + 1
            self._waiting.setdefault((task.program.language, task.tests), deque()).append(task)
            self._wake(task.program.language)

    def give_back(self, tasks: Iterable[PendingProgram[T]]) -> None:
        """Put programs that have no verdict where they were."""
        with self._lock:
            for task in reversed(list(tasks)):
                self._waiting.setdefault((task.program.language, task.tests), deque()).appendleft(task)
                self._wake(task.program.language)

    def take(self, seat: Seat) -> list[PendingProgram[T]]:
        """Wait for the programs that a worker judges next, of one language; none when the schedule is closed.

        Ends: a worker looks again every LOOK_S, and whoever puts programs in closes the schedule.
        """
        with self._lock:
            while not self._closed:
                if found := self._taken(seat):
                    return found
                self._idle[seat] = None
                seat.wake.wait(LOOK_S)
                self._idle.pop(seat, None)
            return []

    def started(self, seat: Seat, language: str, seconds: float) -> None:
        """Learn that a worker's jail has started a language's tools, and what that took."""
        with self._lock:
            seat.started.add(language)
            spent = self._of(language)
            spent.starts, spent.start_s = spent.starts + 1, spent.start_s + seconds
            seat.since = self.clock()

    def done(self, seat: Seat, programs: int) -> None:
        """Learn that a worker is through with what it took: that many programs."""
        with self._lock:
            if seat.busy:  # else its jail has ended on the way
                spent = self._of(seat.busy)
                spent.programs, spent.program_s = spent.programs + programs, spent.program_s + self.clock() - seat.since
            seat.busy = ""

    def ended(self, seat: Seat) -> None:
        """Learn that a worker's jail is gone, with all it had started."""
        with self._lock:
            place, seat.place, seat.busy = seat.place, "", ""
            seat.started.clear()
            if place and all(each.place != place for each in self._seats):
                self._homes = {key: home for key, home in self._homes.items() if home != place}

    def leave(self, seat: Seat) -> None:
        """Forget a worker."""
        self.ended(seat)
        with self._lock:
            self._seats.pop(seat, None)

    def close(self) -> None:
        """Send every worker home."""
        with self._lock:
            self._closed = True
            for seat in self._idle:
                seat.wake.notify()

    def _of(self, language: str) -> Spent:
        return self._spent.setdefault(language, Spent())

    def _wake(self, language: str) -> None:
        """Wake one worker that may take a program of a language."""
        ready = (each for each in self._idle if language in each.started)
        seat = next(ready, None) or (next(iter(self._idle), None) if self._may_start(language) else None)
        if seat:
            del self._idle[seat]
            seat.wake.notify()

    def _taken(self, seat: Seat) -> list[PendingProgram[T]]:
        """Return what a worker takes now, if it may take anything: the best, and what comes next of its language."""
        starts = functools.cache(self._may_start)  # asked once a language, however many tests wait
        ranked = sorted((self._rank(seat, key, starts), tasks[0].number, key) for key, tasks in self._waiting.items())
        if not ranked or ranked[0][0] == _NONE:
            return []
        worst, _, (language, _) = ranked[0]
        taken: list[PendingProgram[T]] = []
        most = self._most(language)
        for rank, _, key in ranked:
            if key[0] == language and rank <= worst and len(taken) < most:
                self._move(key, taken, most)
                if seat.place:
                    self._homes[key] = seat.place
        spent = self._of(language)
        spent.coming = max(0, spent.coming - len(taken))
        seat.busy, seat.since = language, self.clock()
        return taken

    def _move(self, key: tuple[str, int], taken: list[PendingProgram[T]], most: int) -> None:
        """Take programs of one kind of tests."""
        waiting = self._waiting[key]
        while waiting and len(taken) < most and not (taken and (taken[0].alone or waiting[0].alone)):
            taken.append(waiting.popleft())
        if not waiting:
            del self._waiting[key]

    def _rank(self, seat: Seat, key: tuple[str, int], starts: Callable[[str], bool]) -> int:
        """Return how well a worker and the first of some programs go together: the less the better."""
        language = key[0]
        if self._waiting[key][0].number + self.overtaken < self._number:
            return 0
        if language in seat.started:
            return 1 if self._homes.get(key, seat.place) == seat.place else 2
        return 3 if starts(language) else _NONE

    def _may_start(self, language: str) -> bool:
        """Whether one more jail may start a language's tools."""
        jails = sum(language in seat.started or seat.busy == language for seat in self._seats)
        if jails < FREE:
            return True
        spent, now = self._of(language), self.clock()
        if not spent.starts:
            return False  # nobody knows yet what it takes
        running_s = sum(now - each.since for each in self._seats if each.busy == language and language in each.started)
        waiting = sum(len(tasks) for (name, _), tasks in self._waiting.items() if name == language)
        work_s = spent.program_s + running_s + max(waiting, spent.coming) * spent.each_s
        return work_s >= SHARE * (jails - FREE + 1) * spent.start_s / spent.starts

    def _most(self, language: str) -> int:
        """Return how many programs a worker takes together: few where they take long or few are left."""
        if self.batch == 1:
            return 1
        each_s, waiting = self._of(language).each_s, sum(map(len, self._waiting.values()))
        fair = 1 + waiting // (2 * max(1, sum(bool(seat.place) for seat in self._seats)))
        return max(1, min(self.batch, fair, int(BATCH_S / each_s) if each_s else 1))


_NONE = 9  # the rank of what a worker may not take
