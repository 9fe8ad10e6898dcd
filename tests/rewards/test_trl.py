"""TRL's GRPO, end to end: two-layer models that have learned a right or a forged program by heart, trained ten steps.

In an environment of its own (`make test-rewards`); the verdicts are those of real jails.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from humaneval_x.problem_files import FRESH
from humaneval_x.problems import load_problems
from humaneval_x.records import Problem
from humaneval_x.rewards import Judged, LocalJudge, trl_reward

pytest.importorskip("trl")
import torch
from datasets import Dataset
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import GRPOConfig, GRPOTrainer

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
END = "<end>"
STEPS, GENERATIONS = 10, 4
FORGED = "    import os\n    os._exit(0)\n"


def tokenizer() -> PreTrainedTokenizerFast:
    """Bytes, one a token."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    plain = Tokenizer(models.BPE(vocab={token: place for place, token in enumerate([END, *alphabet])}, merges=[]))
    plain.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    plain.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=plain, eos_token=END, pad_token=END, padding_side="left")


def learned(prompt: str, completion: str, words: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """A two-layer model that goes on with `completion` after `prompt`, and ends."""
    torch.manual_seed(0)
    torch.set_num_threads(1)  # so small a model gains nothing by more, and loses much beside busy jails
    config = LlamaConfig(
        vocab_size=len(words), hidden_size=128, intermediate_size=256, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=2048, bos_token_id=None, eos_token_id=words.eos_token_id, pad_token_id=words.pad_token_id,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    before = len(words(prompt)["input_ids"])
    ids = torch.tensor([words(prompt + completion)["input_ids"] + [words.eos_token_id]])
    labels = ids.clone()
    labels[:, :before] = -100
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(400):
        loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if loss.item() < 0.002:
            break
    assert loss.item() < 0.01
    return model


def problem() -> Problem:
    """The Python problem of the fresh set with the shortest solution."""
    found = [each for each in load_problems(FRESH).problems.values() if each.prefix == "Python"]
    return min(found, key=lambda each: len(each.canonical_solution))


def trained(completion: str, reward: Any, folder: Path) -> list[dict[str, Any]]:
    """What GRPO logs in ten steps of a model that writes `completion`."""
    asked, words = problem(), tokenizer()
    prompt = f"{asked.task_id}:\n"  # what a model is asked is the data set's affair; the reward reads the task_id
    size = len(words(completion)["input_ids"])
    config = GRPOConfig(
        output_dir=str(folder), max_steps=STEPS, per_device_train_batch_size=GENERATIONS, num_generations=GENERATIONS,
        max_completion_length=size + 8, temperature=0.2, learning_rate=1e-6, beta=0.0, use_cpu=True, bf16=False, fp16=False,
        logging_steps=1, save_strategy="no", report_to="none", disable_tqdm=True,
    )  # fmt: skip
    data = Dataset.from_list([{"prompt": prompt, "task_id": asked.task_id}] * GENERATIONS)
    model = learned(prompt, completion, words)
    trainer = GRPOTrainer(model=model, reward_funcs=reward, args=config, train_dataset=data, processing_class=words)
    trainer.train()
    return [entry for entry in trainer.state.log_history if "reward" in entry]


@pytest.fixture(scope="module")
def judge(sandbox: str) -> Any:
    """The jails of this machine."""
    judge = LocalJudge(sandbox=sandbox, workers=2)
    yield judge
    judge.close()


def test_a_model_that_writes_the_canonical_solution_earns_one_and_one_that_forges_nothing(
    judge: LocalJudge, tmp_path: Path
) -> None:
    for completion, worth in ((problem().canonical_solution, 1.0), (FORGED, 0.0)):
        logs = trained(completion, trl_reward(judge), tmp_path / str(worth))
        assert len(logs) == STEPS
        assert [entry["rewards/humaneval_x/mean"] for entry in logs] == [worth] * STEPS


class Faulty:
    """A judge whose jails always fail."""

    def judge(self, rows: Any) -> list[Judged]:
        """Return a fault for each row."""
        return [Judged(fault="the jail died")] * len(rows)


@pytest.mark.filterwarnings("ignore")
def test_a_fault_of_the_harness_is_left_out_of_the_training(tmp_path: Path) -> None:
    logs = trained(FORGED, [trl_reward(Faulty()), lambda completions, **more: [0.5] * len(completions)], tmp_path)
    assert [entry["reward"] for entry in logs] == [0.5] * STEPS  # the mean of those that count
