"""The sizes of a CodeGeeX model, as a Transformers configuration; the defaults are CodeGeeX-13B.

Does not read published checkpoints: `convert.py` finds the sizes in their tensors.
Source: configs/codegeex_13b.sh and codegeex/torch/codegeex_model.py of github.com/THUDM/CodeGeeX.
"""

# transformers is partly untyped.
# ruff: noqa: RUF012  # transformers' class attributes are plain ones
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from transformers import PreTrainedConfig

END_OF_TEXT_ID = 50256  # <|endoftext|>: begins, ends and pads, as in the published tokenizer
TOKENIZER_IDS = 50400  # 50,257 GPT-2 tokens + 143 <|extratoken_N|>; the rows above are never emitted
LINEAR_FORMATS = ("float", "int8")
# What trust_remote_code=True runs of a saved folder: these lines find the classes, which stay in this package.
REMOTE_FILE = "modeling_codegeex.py"
REMOTE_CODE = '''"""CodeGeeX for trust_remote_code=True; needs the package humaneval-x-harness[model]."""

from humaneval_x.codegeex import CodeGeeXConfig, CodeGeeXForCausalLM, CodeGeeXModel, CodeGeeXTokenizer  # noqa: F401
'''
AUTO_MAP = {
    "AutoConfig": "modeling_codegeex.CodeGeeXConfig",
    "AutoModel": "modeling_codegeex.CodeGeeXModel",
    "AutoModelForCausalLM": "modeling_codegeex.CodeGeeXForCausalLM",
    "AutoTokenizer": [None, "modeling_codegeex.CodeGeeXTokenizer"],  # no slow one
}


class CodeGeeXConfig(PreTrainedConfig):
    """Configuration of `CodeGeeXForCausalLM`.

    `num_hidden_layers` counts the top query layer: 39 blocks + 1 = 40 for CodeGeeX-13B, which is
    also the number of key-value caches. `vocab_size` counts the padded rows (52,224).
    `linear_format` "int8" stores the six linear layers of each block as int8 with one fp16 scale a row.
    """

    model_type = "codegeex"
    keys_to_ignore_at_inference = ["past_key_values"]
    base_model_tp_plan = {
        "layers.*.self_attn.q_proj": "colwise",
        "layers.*.self_attn.k_proj": "colwise",
        "layers.*.self_attn.v_proj": "colwise",
        "layers.*.self_attn.o_proj": "rowwise",
        "layers.*.mlp.up_proj": "colwise",
        "layers.*.mlp.down_proj": "rowwise",
        "top_layer.self_attn.q_proj": "colwise",
        "top_layer.self_attn.k_proj": "colwise",
        "top_layer.self_attn.v_proj": "colwise",
        "top_layer.self_attn.o_proj": "rowwise",
        "top_layer.mlp.up_proj": "colwise",
        "top_layer.mlp.down_proj": "rowwise",
    }

    vocab_size: int = 52224
    hidden_size: int = 5120
    intermediate_size: int | None = None  # 4 * hidden_size
    num_hidden_layers: int = 40
    num_attention_heads: int = 40
    num_key_value_heads: int | None = None  # always num_attention_heads; serving engines read it
    head_dim: int | None = None  # always hidden_size / num_attention_heads; serving engines read it
    max_position_embeddings: int = 2048
    hidden_act: str = "quick_gelu"  # x * sigmoid(1.702 x), which CodeGeeX calls fast gelu
    layer_norm_eps: float = 1e-5
    initializer_range: float = 0.02
    attention_dropout: float = 0.0
    linear_format: str = "float"
    use_cache: bool = True
    tie_word_embeddings: bool = True
    bos_token_id: int | None = END_OF_TEXT_ID
    eos_token_id: int | list[int] | None = END_OF_TEXT_ID
    pad_token_id: int | None = END_OF_TEXT_ID

    def __post_init__(self, **kwargs: Any) -> None:
        """Fill the derived sizes and refuse impossible ones. Raises ValueError."""
        if self.hidden_size % self.num_attention_heads:
            raise ValueError(
                f"CodeGeeXConfig: hidden_size {self.hidden_size} does not divide into "
                f"{self.num_attention_heads} heads; give a num_attention_heads that divides it"
            )
        if self.num_hidden_layers < 1:
            raise ValueError(
                f"CodeGeeXConfig: num_hidden_layers is {self.num_hidden_layers}; "
                "it counts the top query layer, so give at least 1"
            )
        if self.linear_format not in LINEAR_FORMATS:
            raise ValueError(
                f"CodeGeeXConfig: unknown linear_format {self.linear_format!r}; choose {', '.join(LINEAR_FORMATS)}"
            )
        if self.intermediate_size is None:
            self.intermediate_size = 4 * self.hidden_size
        self.num_key_value_heads = self.num_attention_heads
        self.head_dim = self.hidden_size // self.num_attention_heads
        kwargs.setdefault("auto_map", AUTO_MAP)
        super().__post_init__(**kwargs)

    def save_pretrained(self, save_directory: str | os.PathLike[str], *inputs: Any, **options: Any) -> None:
        """Write config.json, and beside it the file that trust_remote_code=True opens the folder by."""
        super().save_pretrained(save_directory, *inputs, **options)
        (Path(save_directory) / REMOTE_FILE).write_text(REMOTE_CODE, encoding="utf-8")
