"""How fast the service is: programs a second and latencies over HTTP, against `run` on the same samples.

    python benchmarks/serve.py [--problems fresh|official|DIR] [--concurrency 1 8 64 512] [--workers N] [--sandbox KIND]
                               [--sandbox_fusion URL]

Every sample is another program (a comment tells them apart), so nothing is shared or remembered, and every five of them
are of five languages. The client is a thread for each request under way, in this process: its own CPU time counts
against the service. One sitting: `run` is first and last. Jails are up and proved before the clock starts, on both
sides. With the address of a SandboxFusion server of this machine, both answer `/run_code` for the same whole programs,
in turn. Two cores take three minutes. Prints JSON.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from humaneval_x.assembly import canonical_program
from humaneval_x.evaluation import evaluate
from humaneval_x.languages import BY_PREFIX, LANGUAGES
from humaneval_x.problem_files import FRESH
from humaneval_x.problems import load_problems
from humaneval_x.records import Problem

ROOT = Path(__file__).resolve().parents[1]
COMMENTS = {name: "#" if name == "python" else "//" for name in LANGUAGES}
Row = dict[str, str]


def in_turn(problems: str) -> list[Problem]:
    """Return the problems of a set, the languages in turn."""
    return sorted(load_problems(problems).problems.values(), key=lambda each: (each.number, each.prefix))


def rows_of(problems: str, count: int, salt: str) -> list[Row]:
    """Return right samples, none like another one or like those of another salt, the languages in turn."""
    known, rows = in_turn(problems), []
    for number in range(count):
        problem = known[number % len(known)]
        mark = COMMENTS[BY_PREFIX[problem.prefix].NAME]
        solution = problem.canonical_solution.rstrip("\n")
        rows.append({"task_id": problem.task_id, "completion": f"    {mark} {salt}-{number}\n{solution}\n"})
    return rows


def scripts_of(problems: str, count: int) -> list[Row]:
    """Return whole programs with their tests, as SandboxFusion runs them: not Go, whose tests it runs another way."""
    made = [canonical_program(each) for each in in_turn(problems)]
    names = {"python": "python", "cpp": "cpp", "java": "java", "javascript": "nodejs"}
    texts = [
        {"language": names[each.language], "code": f"{each.preamble}{each.candidate}{each.tests}"}
        for each in made
        if each.language in names
    ]
    return texts[:count]


class Server:
    """A server that answers a request with JSON."""

    def __init__(self, address: str) -> None:
        self.address = urlsplit(address)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Return the status and the answer."""
        connection = http.client.HTTPConnection(self.address.hostname or "", self.address.port, timeout=600)
        try:
            connection.request(method, path, json.dumps(body).encode(), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def judged(self, row: Row) -> float:
        """Have one sample judged; the seconds it took. A sample that does not pass ends the benchmark."""
        began = time.perf_counter()
        status, said = self.ask("POST", "/v1/evaluate", {"samples": [row]})
        if status != 200 or not said["verdicts"][0].get("passed"):
            raise SystemExit(f"{row['task_id']}: {status} {said}")
        return time.perf_counter() - began

    def ran(self, row: Row) -> float:
        """Have one whole program run; the seconds it took. One that fails ends the benchmark."""
        began = time.perf_counter()
        status, said = self.ask("POST", "/run_code", {**row, "compile_timeout": 60, "run_timeout": 60})
        if status != 200 or said.get("status") != "Success":
            raise SystemExit(f"{self.address.netloc}: {row['language']}: {status} {str(said)[:600]}")
        return time.perf_counter() - began


class Service(Server):
    """`evaluate.py serve` on a free port, ready."""

    def __init__(self, problems: str, workers: int, sandbox: str) -> None:
        argv = [sys.executable, str(ROOT / "evaluate.py"), "serve", "--port", "0", "--workers", str(workers)]
        argv += ["--sandbox", sandbox, "--problems", problems]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self.process.stdout
        super().__init__(self.process.stdout.readline().split()[2])
        while self.ask("GET", "/readyz")[0] != 200:
            time.sleep(0.2)

    def end(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


def timed(asked: Callable[[Row], float], rows: Sequence[Row], concurrency: int) -> dict[str, float]:
    """Return programs a second and the quantiles of latency with so many requests under way."""
    with ThreadPoolExecutor(concurrency) as pool:
        began = time.perf_counter()
        seconds = sorted(pool.map(asked, rows))
        spent = time.perf_counter() - began
    cuts = {f"p{q}_ms": round(1000 * seconds[min(len(seconds) - 1, len(seconds) * q // 100)], 1) for q in (50, 95, 99)}
    return {"programs": len(rows), "programs_per_s": round(len(rows) / spent, 2), **cuts}


def run(rows: Sequence[Row], problems: str, workers: int, sandbox: str) -> float:
    """Return programs a second of `run`, jails up before the clock starts: the slope between a short and a long run."""
    times = []
    for some in (rows[: len(rows) // 4], rows):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "samples.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in some))
            began = time.perf_counter()
            evaluate(
                path,
                Path(folder) / "out",
                problems=problems,
                sandbox=sandbox,
                workers=workers,
                k=(1,),
                partial=True,
                progress=False,
            )
            times.append((time.perf_counter() - began, len(some)))
    return (times[1][1] - times[0][1]) / (times[1][0] - times[0][0])


def against(ours: Server, theirs: Server, programs: Sequence[Row], workers: int) -> dict[str, Any]:
    """Return both servers' figures on the same whole programs, asked in turn with two requests a worker under way."""
    figures = {}
    for turn in ("first", "second"):
        for name, server in (("ours", ours), ("sandbox_fusion", theirs)):
            figures[f"{name}, {turn}"] = timed(server.ran, programs, 2 * workers)
    means = [
        statistics.mean(each["programs_per_s"] for key, each in figures.items() if key.startswith(name))
        for name in ("ours", "sandbox_fusion")
    ]
    return {**figures, "ours_to_sandbox_fusion": round(means[0] / means[1], 3)}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--problems", default=FRESH)
    options.add_argument("--programs", type=int, default=100, help="in a measurement; more where more are under way")
    options.add_argument("--concurrency", type=int, nargs="*", default=[1, 8, 64, 512])
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument("--sandbox", default="bubblewrap")
    options.add_argument("--sandbox_fusion", help="the address of its server, to compare with")
    given = options.parse_args()
    machine = given.problems, given.workers, given.sandbox
    result: dict[str, Any] = {"workers": given.workers}
    plain = [run(rows_of(given.problems, given.programs, "before"), *machine)] if given.concurrency else []
    service = Service(*machine)
    try:
        timed(service.judged, rows_of(given.problems, 10 * given.workers, "warm"), given.workers)  # every toolchain up
        result["serve"] = {
            n: timed(service.judged, rows_of(given.problems, max(n, given.programs), f"at{n}"), n)
            for n in given.concurrency
        }
        if given.sandbox_fusion:
            programs = scripts_of(given.problems, given.programs)
            result["run_code"] = against(service, Server(given.sandbox_fusion), programs, given.workers)
    finally:
        service.end()
    if given.concurrency:
        plain.append(run(rows_of(given.problems, given.programs, "after"), *machine))
        best = max(each["programs_per_s"] for each in result["serve"].values())
        result["run_programs_per_s"] = [round(each, 2) for each in plain]
        result["serve_to_run"] = round(best / statistics.mean(plain), 3)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
