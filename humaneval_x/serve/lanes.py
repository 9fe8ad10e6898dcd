"""The queue between requests and jails: bounded, a lane for each client, one program from each lane in turn.

So a client with ten thousand programs delays one with a single program by one program, not by ten thousand. Of a lane's
programs a worker takes those of languages that its jail has started first, as far as nothing waits long for it. Holds
tickets and judges nothing. Tickets go in on the event loop's thread and come out on the workers'.
"""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from humaneval_x.errors import HarnessError, RequestError
from humaneval_x.records import Limits, Program, Script, ScriptRun, Verdict

Outcome = Verdict | ScriptRun | HarnessError  # of an order: what it asked for, or the fault that left it without
TOTAL = 4  # clients that may fill their lanes; the queue as a whole is that long
PROGRAM_BYTES = 1024  # what a waiting program takes beside its text
PASSED = 64  # times that the first of a lane may be passed, by one of so many behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramOrder:
    """One program to judge, and how. Only orders that are `shared` take the verdict of an identical one.

    `known` is the verdict where nothing has to be run for it.
    """

    program: Program | Script
    checks: int | None
    compiling: Limits
    running: Limits
    negated_tests: bool = False
    shared: bool = True
    read_as: str = ""
    known: Verdict | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two orders the same."""
        goes_on = isinstance(self.program, Program) and self.program.all_checks
        return self.program.digest, self.compiling, self.running, self.negated_tests, goes_on


class Handed(NamedTuple):
    """The outcome of the order at a place of a request. `shared`: the program was run for another order."""

    place: int
    outcome: Outcome
    shared: bool


class Waiter(NamedTuple):
    """A request that waits for an order: where the outcome goes, and what else `Handed` says."""

    outcomes: asyncio.Queue[Handed]
    place: int
    shared: bool


@dataclass(eq=False, slots=True)
class Ticket:
    """An order in the queue or at work. `waiters` belongs to the event loop, `lanes` to the queue."""

    order: ProgramOrder
    size: int
    waiters: list[Waiter] = field(default_factory=list)
    lanes: set[str] = field(default_factory=set)
    started: bool = False
    passed: int = 0


def ticket_of(order: ProgramOrder) -> Ticket:
    """Return a ticket with its size in bytes."""
    program = order.program
    texts: tuple[str, ...]
    if isinstance(program, Script):
        texts = program.source, *program.inputs, *program.files.values()
    else:
        texts = program.preamble, program.candidate, program.tests, program.declared
    return Ticket(order=order, size=PROGRAM_BYTES + sum(map(len, texts)))


class Lanes:
    """Tickets waiting, by client. `most` programs a client, `most_bytes` in all."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self.most, self.most_bytes = most, most_bytes
        self._lanes: OrderedDict[str, dict[Ticket, None]] = OrderedDict()
        self._tickets: dict[Ticket, None] = {}
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._tickets)

    def put(self, client: str, tickets: list[Ticket]) -> None:
        """Queue all tickets for a client, or none. Raises RequestError: 413 for too many ever, 429 for too many now."""
        if len(tickets) > self.most:
            many = f"{len(tickets)} programs in one request; expected at most {self.most}; send them in several"
            raise RequestError(many, status=413)
        with self._changed:
            fresh = [each for each in tickets if each not in self._tickets and not each.started]
            self._admit(client, fresh)
            lane = self._lanes.setdefault(client, {})
            for ticket in tickets:
                if not ticket.started:
                    self._tickets[ticket] = lane[ticket] = None
                    ticket.lanes.add(client)
            if not lane:
                del self._lanes[client]
            self._bytes += sum(each.size for each in fresh)
            self._changed.notify(len(fresh))

    def _admit(self, client: str, fresh: list[Ticket]) -> None:
        if self._closed:
            raise RequestError("the service is ending; send the request to another", status=503, retry_after_s=1)
        own = len(self._lanes.get(client, ()))
        if own + len(fresh) > self.most:
            raise RequestError(f"{own} of your programs are waiting, and {self.most} may; try again later", status=429)
        size = sum(each.size for each in fresh)
        if len(self._tickets) + len(fresh) > TOTAL * self.most or (self._bytes + size > self.most_bytes and fresh):
            raise RequestError(f"{len(self._tickets)} programs are waiting, no more may; try again later", status=429)

    def take(self, started: Collection[str] = ()) -> Ticket | None:
        """Wait for the next ticket, from the lane whose turn it is. None when the queue is closed and empty.

        `started` names the languages that the jail of who takes it has started: others of a lane may wait for them.
        """
        with self._changed:
            while not self._lanes:
                if self._closed:
                    return None
                self._changed.wait()
            client = next(iter(self._lanes))
            ticket = next_of(self._lanes[client], started)
            self._remove(ticket)
            if client in self._lanes:
                self._lanes.move_to_end(client)
            ticket.started = True
            return ticket

    def discard(self, ticket: Ticket) -> None:
        """Take a ticket out that nobody waits for any more, if it has not been started."""
        with self._changed:
            if ticket in self._tickets:
                self._remove(ticket)

    def close(self, *, drop: bool) -> None:
        """Admit nothing more; with `drop`, forget what is waiting."""
        with self._changed:
            self._closed = True
            if drop:
                self._lanes.clear()
                self._tickets.clear()
                self._bytes = 0
            self._changed.notify_all()

    def _remove(self, ticket: Ticket) -> None:
        for client in ticket.lanes:
            lane = self._lanes[client]
            del lane[ticket]
            if not lane:
                del self._lanes[client]
        ticket.lanes.clear()
        del self._tickets[ticket]
        self._bytes -= ticket.size


def next_of(lane: Iterable[Ticket], started: Collection[str]) -> Ticket:
    """Return the first ticket of a lane whose language has been started; the first of all where it has been passed."""
    first, *others = islice(lane, PASSED)
    if first.order.program.language in started or first.passed >= PASSED:
        return first
    for ticket in others:
        if ticket.order.program.language in started:
            first.passed += 1
            return ticket
    return first
