"""Cells without an agent, in a process of its own: starts the fork server KIND of server.c and has it fork COUNT times.

    python tests/sandboxes/cells.py FOLDER KIND COUNT

Prints one JSON line: how often each verdict (or fault) came, and the processes that are left.
"""

from __future__ import annotations

import ctypes
import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from humaneval_x.runners.bubblewrap import random_uid
from sandboxes.agent import PR_SET_CHILD_SUBREAPER, load_library
from sandboxes.cell import CellFault, Jail, Limits
from sandboxes.verdict import decide

LIMITS = Limits(cpu_s=5, wall_s=5, memory_mib=256, output_bytes=1 << 16, processes=64, file_mib=1)
SHORT = Limits(cpu_s=5, wall_s=0.3, memory_mib=256, output_bytes=1 << 16, processes=64, file_mib=1)


def main() -> None:
    """Fork, judge, count."""
    folder, kind, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    jail = Jail(load_library(folder), folder / "scratch", random_uid())
    server = jail.start_server([str(folder / "server"), kind], {})
    if kind == "silent":
        server.socket.settimeout(0.2)
    found: Counter[str] = Counter()
    for _ in range(count):
        try:
            found[decide(jail.fork(server, b"", SHORT if kind == "stuck" else LIMITS, folder)).status] += 1
        except CellFault as fault:
            found[str(fault).replace(str(server.pid), "PID")] += 1
    left = jail._members()
    jail.stop(server.pid)
    print(json.dumps({"found": found, "left": left}))


if __name__ == "__main__":
    main()
