"""The agent: the one trusted process inside a jail. Reads requests, runs one program at a time, answers.

Requests and answers (`wire.py`) use the agent's stdin and stdout; no program ever holds these descriptors. The agent
knows no language (`sandboxes/<language>/steps.py` does) and does not limit the jail as a whole (the runner does).

    python3 -m sandboxes.agent --warm DIR --scratch DIR --uid N [--store FOLDER] [--memory_events FILE | --watch_memory] [--bare]
"""

import argparse
import ctypes
import importlib
import json
import os
from pathlib import Path
from typing import Any

from sandboxes import script
from sandboxes.box import Boxes
from sandboxes.records import BoxFault, Limits
from sandboxes.store import Store
from sandboxes.wire import receive, send

PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 4, 36
MACHINE_EVENTS = Path("/proc/vmstat")  # memory kills of the whole machine
MEMORY_EVENTS = (Path("/sys/fs/cgroup/memory.events"), Path("/sys/fs/cgroup/memory/memory.oom_control"))


def opened(folder: str) -> int:
    """Return a descriptor of the store's folder, which only the agent's user may open from here on."""
    fd = int(folder) if folder.isdigit() else os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.set_inheritable(fd, False)
    os.fchmod(fd, 0o700)
    return fd


def load_library(warm: Path) -> ctypes.CDLL:
    """Load box.c's functions. PyDLL: the interpreter lock is held across a fork."""
    library = ctypes.PyDLL(str(warm / "box.so"))
    library.box_kill_user.argtypes = [ctypes.c_int64, ctypes.c_int64]
    return library


class Agent:
    """Answers requests; each language's warm tools are started when it is first asked for."""

    def __init__(self, boxes: Boxes, warm: Path) -> None:
        self.boxes, self.warm = boxes, warm
        self.languages: "dict[str, Any]" = {}

    def language(self, name: str) -> Any:
        if name not in self.languages:
            steps = importlib.import_module(f"sandboxes.{name}.steps")
            self.languages[name] = steps.Language(self.boxes, self.warm / name)
        return self.languages[name]

    def answer(self, request: "dict[str, Any]") -> "dict[str, object]":
        try:
            try:
                answer = self._answer(request)
            finally:
                self.boxes.clear()
        except (BoxFault, OSError) as fault:
            answer = {"fault": str(fault)}
        return {"id": request["id"], **answer}

    def _answer(self, request: "dict[str, Any]") -> "dict[str, object]":
        limits = {stage: Limits(**values) for stage, values in request["limits"].items()}
        if "source" in request:
            return script.run(self.boxes, self.warm / request["language"], request, limits["compile"], limits["run"])
        judgement = self.language(request["language"]).judge(request, limits["compile"], limits["run"])
        return dict(vars(judgement))


def main() -> None:
    """Serve until the runner closes our stdin."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--warm", type=Path, required=True)
    options.add_argument("--scratch", type=Path, required=True)
    options.add_argument("--uid", type=int, required=True)
    options.add_argument("--store", help="a folder that jails share, or its descriptor")
    options.add_argument("--memory_events", type=Path)
    options.add_argument("--watch_memory", action="store_true", help="nothing else bounds what a program takes")
    options.add_argument("--bare", action="store_true", help="no walls: the user asked for it")
    given = options.parse_args()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    requests, answers = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    places = (MACHINE_EVENTS,) if given.watch_memory else MEMORY_EVENTS
    events = given.memory_events or next((path for path in places if path.exists()), None)
    store = Store(opened(given.store)) if given.store else Store()
    boxes = Boxes(load_library(given.warm), given.scratch, given.uid, events, given.bare, given.watch_memory, store)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    agent = Agent(boxes, given.warm)
    manifest = json.loads((given.warm / "manifest.json").read_text())
    send(
        answers, {"ready": True, "mode": ["uid", "namespace", "bare"][boxes.mode], "toolchains": manifest["toolchains"]}
    )
    while (request := receive(requests)) is not None:  # ends with the runner, as does a send
        send(answers, agent.answer(request))


if __name__ == "__main__":
    main()
