"""An agent that judges nothing: it answers each request at once, over the real wire. Started by `host.py`.

    python benchmarks/instant.py LANGUAGE,...      (frames of JSON on standard input and output)

A program whose candidate says `wrong answer` has failed, any other has passed as many checks as it was to reach.
"""

from __future__ import annotations

import json
import struct
import sys

SPENT = {"cpu_s": 0.01, "wall_s": 0.01, "memory_mib": 1.0}
SAID = {"stdout": "", "stderr": "", "compiler_output": ""}


def verdict(request: dict[str, object]) -> dict[str, object]:
    """Return the verdict on a program that is not run."""
    failed = "wrong answer" in str(request["candidate"])
    status, reason = ("wrong_answer", "check 1 failed") if failed else ("passed", "")
    checks = request.get("expected_checks") or 1
    told = {"id": request["id"], "status": status, "reason": reason, "checks": checks, "failures": int(failed)}
    return {**told, **SPENT, **SAID}


def send(answer: dict[str, object]) -> None:
    """Write one frame."""
    body = json.dumps(answer).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(body)) + body)
    sys.stdout.buffer.flush()


def main() -> None:
    """Answer until the input ends."""
    send({"ready": True, "mode": "instant", "toolchains": dict.fromkeys(sys.argv[1].split(","), "none")})
    while head := sys.stdin.buffer.read(4):
        send(verdict(json.loads(sys.stdin.buffer.read(struct.unpack(">I", head)[0]))))


if __name__ == "__main__":
    main()
