"""The GPU's way of decoding, run by Triton's interpreter on the CPU, gives the tokens of the CPU's own way.

In processes of their own: the interpreter is chosen when Triton is imported.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
pytestmark = pytest.mark.model


def run(script: str, *words: str, **environment: str) -> None:
    pytest.importorskip("triton", reason="Triton has no wheel here")
    command = [sys.executable, str(HERE / script), *words]
    whole = {**os.environ, "OMP_NUM_THREADS": "1", **environment}
    done = subprocess.run(command, env=whole, capture_output=True, text=True, cwd=HERE.parent.parent, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("part", ["attention", "int8"])
def test_the_gpus_kernels_compute_what_plain_arithmetic_does(part: str) -> None:
    run("interpreted.py", part, TRITON_INTERPRET="1")


@pytest.mark.slow
def test_the_gpus_draw_gives_the_token_of_the_plain_one() -> None:
    run("interpreted.py", "draws", TRITON_INTERPRET="1")


@pytest.mark.slow
@pytest.mark.parametrize("part", ["greedy", "sampled", "shrinks"])
def test_samples_are_those_of_the_plain_decoder_and_no_block_is_lost(part: str) -> None:
    run("interpreted.py", part, TRITON_INTERPRET="1")


@pytest.mark.slow
def test_all_kernels_compile_for_the_cards_of_two_generations() -> None:
    run("compiled.py")
