"""Tiny models that the sampler tests make: a tokenizer trained on the fresh set, GPT-2, LLaMA and CodeGeeX shapes.

Their weights are random and wide enough that they end texts, close braces and start lines often.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
)

from humaneval_x.codegeex import CodeGeeXConfig, CodeGeeXForCausalLM, CodeGeeXTokenizer

FRESH = Path(__file__).resolve().parents[2] / "problems" / "fresh"
END = "<|endoftext|>"
POSITIONS = 2048
CHAT = "{% for m in messages %}<user>{{ m['content'] }}{% endfor %}{% if add_generation_prompt %}<model>{% endif %}"


def texts() -> list[str]:
    """Return prompts and solutions of the fresh set."""
    rows = [json.loads(line) for path in sorted(FRESH.glob("*.jsonl")) for line in path.read_text().splitlines()]
    return [row["prompt"] + row["canonical_solution"] for row in rows]


def trained(vocabulary: int = 600) -> Tokenizer:
    """Return a byte-level BPE of the fresh set; the end of text is its first id."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=[END], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(texts(), trainer)
    return tokenizer


def fast_tokenizer(chat: bool = False) -> PreTrainedTokenizerFast:
    """Return it for Hugging Face, with a chat template where asked."""
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=trained(), eos_token=END, pad_token=END, model_max_length=POSITIONS
    )
    if chat:
        tokenizer.chat_template = CHAT
    return tokenizer


def widened(model: Any) -> Any:
    """Return the model with weights so large that some tokens are much more probable than others.

    Large in all layers: with tied embeddings alone enlarged, a token would only ever repeat itself.
    """
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim == 2:
                weight.normal_(std=0.15 if "embed" in name or "wte" in name or "lm_head" in name else 0.6)
    return model.eval()


def save_gpt2(folder: Path, chat: bool = False, width: int = 32, heads: int = 4) -> Path:
    """Write a tiny GPT-2."""
    torch.manual_seed(1)
    tokenizer = fast_tokenizer(chat)
    sizes = {"vocab_size": len(tokenizer), "n_positions": POSITIONS, "n_embd": width, "n_layer": 2, "n_head": heads}
    config = GPT2Config(**sizes, bos_token_id=0, eos_token_id=0)
    widened(GPT2LMHeadModel(config)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def save_llama(folder: Path) -> Path:
    """Write a tiny LLaMA with grouped queries."""
    torch.manual_seed(2)
    tokenizer = fast_tokenizer()
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=POSITIONS,
        bos_token_id=0,
        eos_token_id=0,
    )
    widened(LlamaForCausalLM(config)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def save_qwen2(folder: Path, chat: bool = False) -> Path:
    """Write a tiny Qwen2 with grouped queries and heads of 32."""
    torch.manual_seed(4)
    tokenizer = fast_tokenizer(chat)
    sizes = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "max_position_embeddings": POSITIONS}
    heads = {"num_attention_heads": 2, "num_key_value_heads": 1}
    config = Qwen2Config(vocab_size=len(tokenizer), **sizes, **heads, bos_token_id=0, eos_token_id=0)
    widened(Qwen2ForCausalLM(config)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def codegeex_tokenizer() -> CodeGeeXTokenizer:
    """Return CodeGeeX's tokenizer with a small vocabulary."""
    content = json.loads(trained().to_str())["model"]
    return CodeGeeXTokenizer(vocab=content["vocab"], merges=[tuple(pair) for pair in content["merges"]])


def save_codegeex(folder: Path, positions: int = POSITIONS) -> Path:
    """Write a tiny CodeGeeX as `convert` leaves one."""
    torch.manual_seed(3)
    tokenizer = codegeex_tokenizer()
    config = CodeGeeXConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=4,
        max_position_embeddings=positions,
        bos_token_id=0,
        eos_token_id=0,
        pad_token_id=0,
    )
    widened(CodeGeeXForCausalLM(config)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
