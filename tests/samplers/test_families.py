"""Families of models, the compared ones among them: rotary, learned, sinusoidal, ALiBi positions; sliding windows."""

from __future__ import annotations

from typing import Any

import pytest
import tiny_models
import torch
from transformers import AutoConfig, AutoModelForCausalLM

import humaneval_x.codegeex  # noqa: F401  (registers the model)
from humaneval_x.samplers import Request, SamplingSettings, shared
from humaneval_x.samplers.engine import Engine
from humaneval_x.samplers.rows import Tokenized

TINY = {
    "codegeex": {"hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4},
    "gpt2": {"n_embd": 32, "n_layer": 2, "n_head": 4},
    "llama": {
        "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
        "intermediate_size": 64,
    },
    "codegen": {"n_embd": 32, "n_layer": 2, "n_head": 4, "rotary_dim": 8},
    "gptj": {"n_embd": 32, "n_layer": 2, "n_head": 4, "rotary_dim": 8},
    "gpt_neox": {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64},
    "xglm": {"d_model": 32, "num_layers": 2, "attention_heads": 4, "ffn_dim": 64},  # InCoder
    "bloom": {"hidden_size": 32, "n_layer": 2, "n_head": 4},
    "gpt_bigcode": {"n_embd": 32, "n_layer": 2, "n_head": 4},
    "mistral": {
        "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
        "intermediate_size": 64, "sliding_window": 9,
    },
    "qwen2": {
        "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
        "intermediate_size": 64,
    },
    "gemma2": {
        "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
        "intermediate_size": 64, "head_dim": 8, "sliding_window": 9,
    },
}  # fmt: skip
LENGTHS = (23, 5, 40, 11)
NEW = 12


@pytest.mark.parametrize("name", TINY)
def test_batches_of_unequal_prompts_give_the_tokens_of_the_librarys_own_generate(name: str) -> None:
    torch.manual_seed(4)
    ends = {"bos_token_id": 1, "eos_token_id": 1, "pad_token_id": 1}
    config = AutoConfig.for_model(name, vocab_size=200, **ends, **TINY[name])
    model: Any = tiny_models.widened(AutoModelForCausalLM.from_config(config))
    prompts = [torch.randint(2, 200, (length,)).tolist() for length in LENGTHS]
    expected = {}
    for number, prompt in enumerate(prompts):
        ids = torch.tensor([prompt])
        made = model.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=NEW)
        expected[str(number)] = [token for token in made[0, len(prompt) :].tolist() if token != 1]
    for exact in (True, False):
        assert sampled(model, prompts, exact) == expected
    assert (model.config._attn_implementation == shared.NAME) == (name in shared.MODELS)


class Numbers:
    """A tokenizer whose text is the tokens' numbers."""

    def decode(self, token_ids: list[int], **options: bool) -> str:
        return "".join(f"{token} " for token in token_ids)


def sampled(model: Any, prompts: list[list[int]], exact: bool) -> dict[str, list[int]]:
    """Return the greedy tokens of each prompt from a batch of three."""
    settings = SamplingSettings(temperature=0, max_new_tokens=NEW)
    engine = Engine(
        model, Numbers(), settings, exact=exact, batch_size=3, context_length=None, end_ids=frozenset({1})
    )  # fmt: skip
    requests = [
        Tokenized(Request(task_id=str(i), language="", prompt="", prefix=""), ids, (0,), False)
        for i, ids in enumerate(prompts)
    ]
    return {
        completion.task_id: [int(word) for word in completion.raw.split()] for completion in engine.sample(requests)
    }
