"""Measures a report of 820 x 200 samples: time and memory to build it, time to open a cell in Chromium.

    .venv/bin/python benchmarks/report.py [samples per problem]

The verdicts are from a seeded generator, marked as such in the page; every completion is different.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = """
import resource, sys, time
from humaneval_x.reports.write import write_run
began = time.perf_counter(); cpu = time.process_time()
write_run(sys.argv[1])
print(time.perf_counter() - began, time.process_time() - cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def opening_s(page_file: Path) -> list[float]:
    """Return the seconds from the click to the highlighted sample, for five cells."""
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(page_file.as_uri())
        for title in ("Python", "C++", "Java", "JavaScript", "Go"):
            button = page.get_by_role("button", name=f"{title}, problem 100:")
            button.scroll_into_view_if_needed()
            began = time.perf_counter()
            button.click()
            page.wait_for_selector("#sample-detail pre")
            found.append(time.perf_counter() - began)
            page.keyboard.press("Escape")
        browser.close()
    return found


def main() -> None:
    """Print the figures as JSON."""
    sys.path.insert(0, str(ROOT / "tests"))
    from folders import many_problems, synthetic

    samples = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as place:
        problems = many_problems(Path(place) / "set")
        k = [each for each in (1, 10, 100) if each <= samples]
        run = synthetic(Path(place) / "run", problems, n=samples, k=k)
        plain = time.perf_counter()
        with open(run / "verdicts.jsonl", "rb") as file:
            for line in file:
                json.loads(line)
        plain = time.perf_counter() - plain
        done = subprocess.run([sys.executable, "-c", BUILD, str(run)], check=True, capture_output=True, text=True)
        wall, cpu, memory = map(float, done.stdout.split())
        chunks = list((run / "report_data").glob("*.js"))
        figures = {
            "samples": 820 * samples,
            "build_wall_s": round(wall, 1),
            "build_cpu_s": round(cpu, 1),
            "json_loads_of_the_verdicts_s": round(plain, 1),
            "build_memory_mib": round(memory / 1024),
            "page_mib": round((run / "report.html").stat().st_size / 2**20, 2),
            "chunks": len(chunks),
            "chunks_mib": round(sum(path.stat().st_size for path in chunks) / 2**20, 1),
            "open_a_cell_s": [round(each, 3) for each in opening_s(run / "report.html")],
        }
        print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
