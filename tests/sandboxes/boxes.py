"""Boxes without an agent, in a process of its own.

python tests/sandboxes/boxes.py FOLDER fork KIND COUNT   the fork server KIND of server.c forks COUNT times
python tests/sandboxes/boxes.py FOLDER run PROGRAM       a program of the folder runs
python tests/sandboxes/boxes.py FOLDER start KIND HOW    the fork server KIND starts from its image, as a jail's does
python tests/sandboxes/boxes.py FOLDER early             a program is stopped before the box of its tests is up
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from humaneval_x.runners.bubblewrap import random_uid
from sandboxes import pair
from sandboxes.agent import PR_SET_CHILD_SUBREAPER, load_library
from sandboxes.box import Boxes
from sandboxes.images import Images
from sandboxes.records import UID, BoxFault, BoxSpec, Limits, Start
from sandboxes.store import Store

LIMITS = Limits(cpu_s=5, wall_s=5, memory_mib=256, output_bytes=1 << 16, processes=64, file_mib=1)
SHORT = Limits(cpu_s=5, wall_s=0.3, memory_mib=256, output_bytes=1 << 16, processes=64, file_mib=1)


def forks(boxes: Boxes, folder: Path, kind: str, count: int) -> dict[str, object]:
    """Have the fork server fork; count the verdicts (or faults), name the processes that are left."""
    server = boxes.start_server([str(folder / "server"), kind], {})
    if kind == "silent":
        server.socket.settimeout(0.2)
    found: Counter[str] = Counter()
    for _ in range(count):
        try:
            found[boxes.fork(server, b"", SHORT if kind == "stuck" else LIMITS, folder).stdout.decode()] += 1
        except BoxFault as fault:
            found[str(fault).replace(str(server.pid), "PID")] += 1
    left = boxes.tree.members()
    boxes.stop(server.pid)
    return {"found": found, "left": left}


def start(boxes: Boxes, folder: Path, kind: str, how: str) -> dict[str, object]:
    """Start a fork server as a jail does, with the folder's store; what a fork of it prints."""
    server = Images(boxes, folder).server([str(folder / "server"), kind], {}, how)
    outcome = boxes.fork(server, b"", LIMITS, folder)
    boxes.stop(server.pid)
    return {"status": outcome.exit_code, "printed": outcome.stdout.decode()}


def run(boxes: Boxes, folder: Path, program: str) -> dict[str, object]:
    """Run a program in a box."""
    outcome = boxes.execute([str(folder / program)], {}, LIMITS, folder)
    return {"status": outcome.exit_code, "printed": outcome.stdout.decode()}


def early(boxes: Boxes) -> dict[str, object]:
    """Run a program that floods its output, with tests whose box never comes up."""

    def start(spec: BoxSpec, fds: list[int]) -> int:
        pid = os.fork()
        if pid == 0:
            if spec.mode == UID:
                os.setgroups([])
                os.setgid(spec.uid)
                os.setuid(spec.uid)
            time.sleep(60)
            os._exit(1)
        return pid

    flood = boxes.executed(["/usr/bin/yes"], {})
    try:
        return {"stopped": pair.run(boxes, Start(start), flood, LIMITS, boxes.new_directory()).outcome.stopped}
    except BoxFault as fault:
        return {"fault": str(fault)}


def main() -> None:
    """Do it and print one JSON line."""
    folder, what = Path(sys.argv[1]), sys.argv[2]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    store = Store(os.open(folder / "store", os.O_RDONLY)) if (folder / "store").exists() else Store()
    boxes = Boxes(load_library(folder), folder / "scratch", random_uid(), store=store)
    if what == "early":
        done = early(boxes)
    elif what == "start":
        done = start(boxes, folder, sys.argv[3], sys.argv[4])
    else:
        done = run(boxes, folder, sys.argv[3]) if what == "run" else forks(boxes, folder, sys.argv[3], int(sys.argv[4]))
    print(json.dumps(done))


if __name__ == "__main__":
    main()
