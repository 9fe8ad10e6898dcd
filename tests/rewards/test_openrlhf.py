"""OpenRLHF's own executor of a rollout, with a reward file as `--remote_rm_url` names one, and an engine that recites.

In an environment of its own (`make test-rewards`). The library alone is installed: its training wants GPUs.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("openrlhf")
from openrlhf.utils.agent import SingleTurnAgentExecutor
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from humaneval_x.problem_files import FRESH
from humaneval_x.problems import load_problems

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
FORGED = "    import os\n    os._exit(0)\n"
FILE = """
from humaneval_x.rewards import Judged, LocalJudge, openrlhf_reward
class Faulty:
    def judge(self, rows):
        return [Judged(fault="the jail died")] * len(rows)
reward_func = openrlhf_reward({judge})
"""


class Reciting:
    """An engine that says one text."""

    def __init__(self, ids: list[int]) -> None:
        self.ids = ids

    async def generate(self, *asked: Any, **more: Any) -> Any:
        """Return it as vLLM does."""
        return SimpleNamespace(outputs=[SimpleNamespace(token_ids=self.ids, logprobs=None, finish_reason="stop")])


def rollout(folder: Path, judge: str, completion: str) -> dict[str, Any]:
    """What the executor makes of a rollout of the first Python problem."""
    (folder / "reward.py").write_text(FILE.format(judge=judge))
    problem = load_problems(FRESH).problems["Python/fresh-0"]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    plain = Tokenizer(models.BPE(vocab={token: place for place, token in enumerate(alphabet)}, merges=[]))
    plain.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    plain.decoder = decoders.ByteLevel()
    words = PreTrainedTokenizerFast(tokenizer_object=plain)
    engine = Reciting(words(completion, add_special_tokens=False)["input_ids"])
    sampling = SimpleNamespace(max_tokens=512, logprobs=None)
    executor = SingleTurnAgentExecutor(str(folder / "reward.py"))
    found: dict[str, Any] = asyncio.run(
        executor.execute(problem.prompt, problem.task_id, sampling, 8192, words, engine)
    )
    return found


@pytest.mark.parametrize("completion, worth", [("", 1.0), (FORGED, 0.0)], ids=["canonical", "forged"])
def test_a_rollout_earns_what_its_program_is_worth(sandbox: str, tmp_path: Path, completion: str, worth: float) -> None:
    right = load_problems(FRESH).problems["Python/fresh-0"].canonical_solution
    found = rollout(tmp_path, f"LocalJudge(sandbox={sandbox!r}, workers=1)", completion or right)
    assert (found["reward"].tolist(), found["scores"].tolist()) == ([worth], [worth])
    assert found["extra_logs"] == {"humaneval_x_faults": 0.0}


def test_a_rollout_whose_judge_failed_has_no_reward(tmp_path: Path) -> None:
    found = rollout(tmp_path, "Faulty()", "anything")
    assert (found["reward"], found["scores"]) == (None, None)
    assert found["extra_logs"] == {"humaneval_x_faults": 1.0}
