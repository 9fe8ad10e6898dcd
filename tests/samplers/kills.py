"""Commands of `generate.py` killed at random moments, each a process of its own, forked after what takes long to import."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
COMMAND_AFTER_COMMAND = """
import json, os, sys
import torch
import humaneval_x.generation, {imports}
from humaneval_x.commands.generate import main
torch.set_num_threads(1)
for line in sys.stdin:
    pid = os.fork()
    if not pid:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        main(json.loads(line))
        os._exit(0)
    print(pid, flush=True)
    print(os.waitpid(pid, 0)[1], flush=True)
"""


def kill_at_10_moments(words: list[str], whole: Path, killed: Path, rows: int, imports: str) -> None:
    """Make `whole` by one run of a command and `killed` by ten that are killed, between so many rows, and a last one."""
    zygote = subprocess.Popen(
        [sys.executable, "-c", COMMAND_AFTER_COMMAND.format(imports=imports)],
        env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert zygote.stdin is not None and zygote.stdout is not None

    def started(output: Path) -> int:
        print(json.dumps([*words, str(output)]), file=zygote.stdin, flush=True)
        return int(zygote.stdout.readline())

    def ended() -> int:
        return int(zygote.stdout.readline())

    with zygote:
        started(whole)
        assert ended() == 0
        assert whole.read_bytes().count(b"\n") == rows
        killed.touch()
        chance = random.Random(4)
        for moment in sorted(chance.sample(range(rows * 3 // 4), 10)):
            process = started(killed)
            while killed.read_bytes().count(b"\n") < moment:
                os.kill(process, 0)  # still there
                time.sleep(0.002)
            time.sleep(chance.random() * 0.03)
            os.kill(process, signal.SIGKILL)
            assert ended() == signal.SIGKILL
        started(killed)
        assert ended() == 0
        zygote.stdin.close()


def same_samples(whole: Path, killed: Path, differing: int) -> None:
    """Assert that both files have the same samples in the same order, but for so many texts: kernels may round by batch."""
    rows, again = whole.read_bytes().splitlines(), killed.read_bytes().splitlines()
    keys = [[(row["task_id"], row["sample_index"]) for row in map(json.loads, lines)] for lines in (rows, again)]
    assert keys[0] == keys[1]
    assert sum(row != other for row, other in zip(rows, again, strict=True)) <= differing
