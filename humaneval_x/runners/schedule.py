"""The programs that wait, and which of them a worker takes next: by the tools that its jail has started.

Starting a language's tools costs a jail as much as ten to twenty programs do. So a worker takes, of what waits, the
first program of the best kind:

1. one that many later ones have overtaken, so that nothing waits forever;
2. of a language that its jail has started, with tests that its machine has made ready, or no machine has;
3. of a language that its jail has started;
4. of a language that may start in one more jail: where it has started in fewer than FREE, or where all its programs
   (done, running, and still to come) take SHARE times as long as that many starts. So starting costs a share of the
   work, however many workers there are, and a worker that is not worth its start never starts a jail. Both are
   seconds of a core: where more workers are busy than there are cores, each has a part of one.

Else it waits. What is fastest may be misjudged on a busy machine; no verdict depends on it. Knows no jails: `pool.py`.
"""

from __future__ import annotations

import heapq
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from humaneval_x.records import Program

T = TypeVar("T")
FREE = 2  # jails that start a language as soon as one of its programs waits for nothing else
SHARE = 16  # how many times as long as its starts a language's programs have to take
LOOK_S = 0.25  # between two looks of a worker that may take nothing yet
BATCH_S = 0.5  # how long the programs that a worker takes together should take
LITTLE_S = 0.05  # a worker may take so much more than its share


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
class LanguageQueue(Generic[T]):
    """The programs of one language: those that wait, by their tests, and what the others took, in workers' seconds.

    `coming` more samples are still to come at most.
    """

    language: str
    starts: int = 0
    start_s: float = 0.0
    programs: int = 0
    program_s: float = 0.0
    coming: int = 0
    seats: set[Seat] = field(default_factory=set)  # that have started the language, or are about to
    waiting: int = 0
    homes: dict[int, str] = field(default_factory=dict)  # the machine that took such tests last
    _groups: dict[int, deque[PendingProgram[T]]] = field(default_factory=dict)  # by tests
    _heaps: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # by home: a group's first number, its tests

    @property
    def each_s(self) -> float:
        """What one program takes."""
        return self.program_s / self.programs if self.programs else 0.0

    def put(self, task: PendingProgram[T], *, back: bool = False) -> None:
        """Add a program behind the others with its tests; one that comes `back`, before them."""
        group = self._groups.setdefault(task.tests, deque())
        if back:
            group.appendleft(task)
        else:
            group.append(task)
        self.waiting += 1
        if group[0] is task:
            self._note(task.tests)

    def first(self, places: Iterable[str]) -> tuple[int, int] | None:
        """Return the number and the tests of the earliest program whose tests are at home in one of some places."""
        return min(filter(None, map(self._first_at, places)), default=None)

    @property
    def places(self) -> Iterable[str]:
        """The places where tests are at home; "" is that of tests without one."""
        return self._heaps

    def move(self, tests: int, taken: list[PendingProgram[T]], most: int, place: str) -> bool:
        """Take programs of one kind of tests, which are then at home in a place. Return whether there were any."""
        group, before = self._groups[tests], len(taken)
        while group and len(taken) < most and not (taken and (taken[0].alone or group[0].alone)):
            taken.append(group.popleft())
        if len(taken) == before:
            return False
        self.waiting -= len(taken) - before
        if place:
            self.homes[tests] = place
        if group:
            self._note(tests)
        else:
            del self._groups[tests]
        return True

    def lose(self, place: str) -> None:
        """Learn that a place is gone: its tests are at home nowhere."""
        self._heaps.pop(place, None)
        for tests in [each for each, home in self.homes.items() if home == place]:
            del self.homes[tests]
            if tests in self._groups:
                self._note(tests)

    def _note(self, tests: int) -> None:
        heap = self._heaps.setdefault(self.homes.get(tests, ""), [])
        heapq.heappush(heap, (self._groups[tests][0].number, tests))

    def _first_at(self, place: str) -> tuple[int, int] | None:
        heap = self._heaps.get(place, [])
        while heap:
            number, tests = heap[0]
            group = self._groups.get(tests)
            if group and group[0].number == number and self.homes.get(tests, "") == place:
                return heap[0]
            heapq.heappop(heap)  # it was taken, or is at home elsewhere by now
        return None


class CoreClock:
    """The seconds of a core that a busy worker has had by now: less than the time while more are busy than cores."""

    def __init__(self, cores: float, clock: Callable[[], float]) -> None:
        self.cores, self.busy, self._clock = cores, 0, clock
        self._seconds, self._looked = 0.0, clock()

    def __call__(self) -> float:
        """Return them; asked whenever `busy` is about to change."""
        now = self._clock()
        self._seconds += (now - self._looked) * min(1.0, self.cores / max(1, self.busy))
        self._looked = now
        return self._seconds


class Schedule(Generic[T]):
    """What waits, for any number of workers. `overtaken` later programs may be taken before one, `batch` together."""

    def __init__(
        self,
        overtaken: int,
        batch: int = 1,
        cores: float = math.inf,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.overtaken, self.batch, self.clock = overtaken, batch, CoreClock(cores, clock)
        self._lock = threading.Lock()
        self._queues: dict[str, LanguageQueue[T]] = {}  # by language
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
            self._of(task.program.language).put(task)
            self._wake(task.program.language)

    def give_back(self, tasks: Iterable[PendingProgram[T]]) -> None:
        """Put programs that have no verdict where they were."""
        with self._lock:
            for task in reversed(list(tasks)):
                self._of(task.program.language).put(task, back=True)
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

    def started(self, seat: Seat, language: str) -> None:
        """Learn that a worker's jail has started a language's tools, since it took the first of its programs."""
        with self._lock:
            now, queue = self.clock(), self._of(language)
            seat.started.add(language)
            queue.seats.add(seat)
            queue.starts, queue.start_s = queue.starts + 1, queue.start_s + now - seat.since
            seat.since = now

    def done(self, seat: Seat, programs: int) -> None:
        """Learn that a worker is through with what it took: that many programs."""
        with self._lock:
            if seat.busy:  # else its jail has ended on the way
                queue = self._of(seat.busy)
                queue.programs, queue.program_s = queue.programs + programs, queue.program_s + self.clock() - seat.since
                if seat.busy not in seat.started:
                    queue.seats.discard(seat)
            self._set_busy(seat, "")

    def ended(self, seat: Seat) -> None:
        """Learn that a worker's jail is gone, with all it had started."""
        with self._lock:
            place, seat.place = seat.place, ""
            self._set_busy(seat, "")
            seat.started.clear()
            lost = bool(place) and all(each.place != place for each in self._seats)
            for queue in self._queues.values():
                queue.seats.discard(seat)
                if lost:
                    queue.lose(place)

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

    def _set_busy(self, seat: Seat, language: str) -> None:
        """Note what a worker is busy with from now on, "" for nothing."""
        seat.since = self.clock()
        self.clock.busy += bool(language) - bool(seat.busy)
        seat.busy = language

    def _of(self, language: str) -> LanguageQueue[T]:
        if language not in self._queues:
            self._queues[language] = LanguageQueue(language)
        return self._queues[language]

    def _wake(self, language: str) -> None:
        """Wake one worker that may take a program of a language."""
        if not self._idle:
            return
        ready = (each for each in self._idle if language in each.started)
        seat = next(ready, None) or (next(iter(self._idle)) if self._may_start(self._of(language)) else None)
        if seat:
            del self._idle[seat]
            seat.wake.notify()

    def _taken(self, seat: Seat) -> list[PendingProgram[T]]:
        """Return what a worker takes now, if it may take anything: the best, and what comes next of its language."""
        found = [(*choice, name) for name, queue in self._queues.items() if (choice := self._choice(seat, queue))]
        if not found:
            return []
        worst, number, tests, language = min(found)
        queue, taken = self._queues[language], list[PendingProgram[T]]()
        most, choice = self._most(queue), (worst, number, tests)
        self._set_busy(seat, language)
        queue.seats.add(seat)
        while len(taken) < most and choice and choice[0] <= worst and queue.move(choice[2], taken, most, seat.place):
            choice = self._choice(seat, queue)
        queue.coming = max(0, queue.coming - len(taken))
        return taken

    def _choice(self, seat: Seat, queue: LanguageQueue[T]) -> tuple[int, int, int] | None:
        """Return the best that a worker may take of a language: how good (less is better), its number, its tests."""
        oldest = queue.first(queue.places)
        if oldest is None:
            return None
        if oldest[0] + self.overtaken < self._number:
            return 0, *oldest
        if queue.language in seat.started:
            near = queue.first({"", seat.place})
            return (1, *near) if near else (2, *oldest)
        return (3, *oldest) if seat.busy == queue.language or self._may_start(queue) else None

    def _may_start(self, queue: LanguageQueue[T]) -> bool:
        """Whether one more jail may start a language's tools."""
        jails = len(queue.seats)
        if jails < FREE:
            return True
        if not queue.starts:
            return False  # nobody knows yet what it takes
        now, name = self.clock(), queue.language
        running_s = sum(now - each.since for each in queue.seats if each.busy == name and name in each.started)
        work_s = queue.program_s + running_s + max(queue.waiting, queue.coming) * queue.each_s
        return work_s >= SHARE * (jails - FREE + 1) * queue.start_s / queue.starts

    def _most(self, queue: LanguageQueue[T]) -> int:
        """Return how many programs a worker takes together: few where they take long or few are left."""
        if not queue.each_s:
            return 1
        fair = 1 + queue.waiting // (2 * max(1, len(queue.seats)))
        return max(1, min(self.batch, max(fair, int(LITTLE_S / queue.each_s)), int(BATCH_S / queue.each_s)))
