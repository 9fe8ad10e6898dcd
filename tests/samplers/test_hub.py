"""A model's name that nothing can load is refused before torch is loaded, quickly and in one line."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("huggingface_hub")
ROOT = Path(__file__).resolve().parents[2]
CODE = """
import sys
from humaneval_x.commands.generate import main
try:
    main(["run", sys.argv[1], sys.argv[2], "--problems", "fresh", "--limit", "1"])
finally:
    print("torch" in sys.modules)
"""


class Unknown(http.server.BaseHTTPRequestHandler):
    """A hub that knows no model."""

    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("X-Error-Code", "RepoNotFound")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *values: object) -> None:
        """Keep quiet."""


@pytest.fixture
def hub() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Unknown) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def refused(model: str, endpoint: str, folder: Path) -> str:
    """The line with which a model is refused, torch not loaded."""
    environment = {**os.environ, "HF_ENDPOINT": endpoint, "HF_HOME": str(folder), "no_proxy": "127.0.0.1"}
    environment.pop("HF_HUB_OFFLINE", None)
    argv = [sys.executable, "-c", CODE, model, str(folder / "samples.jsonl")]
    done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (2, "False\n"), done
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("owner/x", "CheckpointError: 'owner/x': not on this machine, and the hub is not reached ("),
        ("ecoh", "CheckpointError: 'ecoh': not on this machine, and the hub is not reached ("),
        ("nosuch/", "CheckpointError: 'nosuch/': no such folder, and no name of a model; give a folder in"),
    ],
)
def test_without_a_network_a_name_is_refused_at_once(model: str, said: str, tmp_path: Path) -> None:
    line = refused(model, "http://127.0.0.1:9", tmp_path)
    assert line.startswith(said)
    assert ("did you mean 'echo'?" in line) is (model == "ecoh")


def test_a_name_that_the_hub_does_not_know_is_refused(hub: str, tmp_path: Path) -> None:
    assert "no such folder, and the hub shows no such model" in refused("owner/x", hub, tmp_path)
