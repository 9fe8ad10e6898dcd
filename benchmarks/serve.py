"""How fast the service is: programs a second and latencies over HTTP, against `run` on the same samples.

    python benchmarks/serve.py [--problems fresh|official|DIR] [--each 2] [--concurrency 1 8 64 512] [--workers N]

Every sample is another program (a comment tells them apart), so nothing is shared or remembered. The client is a
thread for each request under way, in this process: its own CPU time counts against the service. One sitting: `run` is
first and last. Jails are up and proved before the clock starts, on both sides. Prints JSON.
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
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from humaneval_x.evaluation import evaluate
from humaneval_x.languages import BY_PREFIX, LANGUAGES
from humaneval_x.problems import FRESH, load_problems

ROOT = Path(__file__).resolve().parents[1]
COMMENTS = {name: "#" if name == "python" else "//" for name in LANGUAGES}
Row = dict[str, str]


def rows_of(problems: str, each: int, salt: str) -> list[Row]:
    """Return right samples, none like another one or like those of another salt."""
    rows = []
    for number in range(each):
        for problem in load_problems(problems).problems.values():
            mark = COMMENTS[BY_PREFIX[problem.prefix].NAME]
            solution = problem.canonical_solution.rstrip("\n")
            rows.append({"task_id": problem.task_id, "completion": f"    {mark} {salt}-{number}\n{solution}\n"})
    return rows


class Service:
    """`evaluate.py serve` on a free port, ready."""

    def __init__(self, problems: str, workers: int, sandbox: str) -> None:
        argv = [sys.executable, str(ROOT / "evaluate.py"), "serve", "--port", "0", "--workers", str(workers)]
        argv += ["--sandbox", sandbox, "--problems", problems]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self.process.stdout
        self.address = urlsplit(self.process.stdout.readline().split()[2])
        while self._ask("GET", "/readyz", None)[0] != 200:
            time.sleep(0.2)

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self.address.hostname or "", self.address.port, timeout=600)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def judged(self, row: Row) -> float:
        """Have one sample judged; the seconds it took. A sample that does not pass ends the benchmark."""
        began = time.perf_counter()
        status, said = self._ask("POST", "/v1/evaluate", json.dumps({"samples": [row]}).encode())
        if status != 200 or not said["verdicts"][0].get("passed"):
            sys.exit(f"{row['task_id']}: {status} {said}")
        return time.perf_counter() - began

    def timed(self, rows: Sequence[Row], concurrency: int) -> dict[str, float]:
        """Return programs a second and the quantiles of latency with so many requests under way."""
        with ThreadPoolExecutor(concurrency) as pool:
            began = time.perf_counter()
            seconds = sorted(pool.map(self.judged, rows))
            spent = time.perf_counter() - began
        cuts = {
            f"p{q}_ms": round(1000 * seconds[min(len(seconds) - 1, len(seconds) * q // 100)], 1) for q in (50, 95, 99)
        }
        return {"programs_per_s": round(len(rows) / spent, 2), **cuts}

    def end(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


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


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--problems", default=FRESH)
    options.add_argument("--each", type=int, default=2, help="programs a problem and measurement")
    options.add_argument("--concurrency", type=int, nargs="+", default=[1, 8, 64, 512])
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument("--sandbox", default="bubblewrap")
    given = options.parse_args()
    machine = given.problems, given.workers, given.sandbox
    plain = [run(rows_of(given.problems, given.each, "before"), *machine)]
    service = Service(*machine)
    try:
        service.timed(rows_of(given.problems, 1, "warm"), given.workers)  # each worker's toolchains, proved
        served = {n: service.timed(rows_of(given.problems, given.each, f"at{n}"), n) for n in given.concurrency}
    finally:
        service.end()
    plain.append(run(rows_of(given.problems, given.each, "after"), *machine))
    best = max(each["programs_per_s"] for each in served.values())
    result = {
        "workers": given.workers,
        "run_programs_per_s": [round(each, 2) for each in plain],
        "serve": served,
        "serve_to_run": round(best / statistics.mean(plain), 3),
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
