"""CodeGeeX of vLLM's own layers: `vllm serve FOLDER` and `generate.py run --engine vllm` run a converted folder.

vLLM finds it by the entry point `vllm.general_plugins` of this package, so a folder needs no code of its own. The
arithmetic is that of `modeling.py`; here rows stand without padding, one token after the other, and a rank of several
holds a share of the heads (their count has to divide 40), or of the layers. Folders are as they always were: the top
query layer becomes the last of `layers`, and query, key and value weights stand in one, both as they are loaded.
Does not: LoRA adapters, or vLLM's older versions (written for 0.30 and newer).

Letters: T tokens, C width, H heads of this rank, D head size, V vocabulary.
"""

# vLLM is typed in parts, and not there where types are checked.
# mypy: disable-error-code="misc, no-any-return, unused-ignore"

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import torch
from torch import Tensor, nn
from vllm.compilation.decorators import support_torch_compile
from vllm.config import VllmConfig
from vllm.distributed import get_pp_group, get_tensor_model_parallel_world_size
from vllm.model_executor.layers.activation import get_act_fn
from vllm.model_executor.layers.attention import Attention
from vllm.model_executor.layers.linear import (
    ColumnParallelLinear,
    MergedColumnParallelLinear,
    QKVParallelLinear,
    RowParallelLinear,
)
from vllm.model_executor.layers.logits_processor import LogitsProcessor
from vllm.model_executor.layers.vocab_parallel_embedding import ParallelLMHead, VocabParallelEmbedding
from vllm.model_executor.model_loader.weight_utils import default_weight_loader
from vllm.model_executor.models.interfaces import SupportsPP
from vllm.model_executor.models.utils import (
    PPMissingLayer,
    is_pp_missing_parameter,
    make_empty_intermediate_tensors_factory,
    make_layers,
    maybe_prefix,
)
from vllm.platforms import current_platform
from vllm.sequence import IntermediateTensors

from humaneval_x.codegeex.vllm_int8 import Int8

NARROWEST_CPU_HEAD = 32  # of vLLM's attention on a CPU; no published model has narrower ones
# A weight of a folder -> the layer that holds it, and which part of it.
STACKED = {
    "self_attn.q_proj": ("self_attn.qkv_proj", "q"),
    "self_attn.k_proj": ("self_attn.qkv_proj", "k"),
    "self_attn.v_proj": ("self_attn.qkv_proj", "v"),
}
STACKED_IN_TOP = {"self_attn.k_proj": ("self_attn.kv_proj", 0), "self_attn.v_proj": ("self_attn.kv_proj", 1)}


class CodeGeeXAttention(nn.Module):
    """Causal attention; of the top query layer where `is_top`: its queries come from the positions."""

    def __init__(self, vllm_config: VllmConfig, is_top: bool, prefix: str) -> None:
        super().__init__()
        config, quantization = vllm_config.model_config.hf_config, quantization_of(vllm_config)
        ranks, width = get_tensor_model_parallel_world_size(), config.hidden_size
        self.head_dim = width // config.num_attention_heads
        self.heads = config.num_attention_heads // ranks
        self.is_top, self.share = is_top, width // ranks
        options = {"bias": True, "quant_config": quantization}
        if is_top:
            self.q_proj = ColumnParallelLinear(width, width, prefix=f"{prefix}.q_proj", **options)
            self.kv_proj = MergedColumnParallelLinear(width, [width, width], prefix=f"{prefix}.kv_proj", **options)
        else:
            heads = config.num_attention_heads
            self.qkv_proj = QKVParallelLinear(width, self.head_dim, heads, prefix=f"{prefix}.qkv_proj", **options)
        self.o_proj = RowParallelLinear(width, width, prefix=f"{prefix}.o_proj", **options)
        self.padding = max(0, NARROWEST_CPU_HEAD - self.head_dim) if current_platform.is_cpu() else 0
        self.attn = Attention(
            self.heads,
            self.head_dim + self.padding,
            scale=self.head_dim**-0.5,
            cache_config=vllm_config.cache_config,
            quant_config=quantization,
            prefix=f"{prefix}.attn",
        )

    def forward(self, hidden_states: Tensor, position_queries: Tensor | None) -> Tensor:
        """Return the output (T, C) for normed states (T, C)."""
        if self.is_top:
            query, _ = self.q_proj(position_queries)
            key, value = self.kv_proj(hidden_states)[0].split(self.share, dim=-1)
        else:
            query, key, value = self.qkv_proj(hidden_states)[0].split(self.share, dim=-1)
        output = self.attn(*(self.widened(each) for each in (query, key, value)))
        if self.padding:
            output = output.view(-1, self.heads, self.head_dim + self.padding)[..., : self.head_dim].flatten(1)
        return self.o_proj(output)[0]

    def widened(self, states: Tensor) -> Tensor:
        """Return states (T, H D) with zeros after each head, which change no product."""
        if not self.padding:
            return states
        heads = states.view(-1, self.heads, self.head_dim)
        return nn.functional.pad(heads, (0, self.padding)).flatten(1)


class CodeGeeXMLP(nn.Module):
    """C -> 4C -> C with x * sigmoid(1.702 x) between."""

    def __init__(self, vllm_config: VllmConfig, prefix: str) -> None:
        super().__init__()
        config, quantization = vllm_config.model_config.hf_config, quantization_of(vllm_config)
        options = {"bias": True, "quant_config": quantization}
        width, inner = config.hidden_size, config.intermediate_size
        self.up_proj = ColumnParallelLinear(width, inner, prefix=f"{prefix}.up_proj", **options)
        self.act_fn = get_act_fn(config.hidden_act)
        self.down_proj = RowParallelLinear(inner, width, prefix=f"{prefix}.down_proj", **options)

    def forward(self, hidden_states: Tensor) -> Tensor:
        return self.down_proj(self.act_fn(self.up_proj(hidden_states)[0]))[0]


class CodeGeeXDecoderLayer(nn.Module):
    """A pre-norm block; the last one is the top query layer."""

    def __init__(self, vllm_config: VllmConfig, prefix: str) -> None:
        super().__init__()
        config = vllm_config.model_config.hf_config
        is_top = int(prefix.rpartition(".")[2]) == config.num_hidden_layers - 1
        self.input_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.self_attn = CodeGeeXAttention(vllm_config, is_top, f"{prefix}.self_attn")
        self.post_attention_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.mlp = CodeGeeXMLP(vllm_config, f"{prefix}.mlp")

    def forward(self, hidden_states: Tensor, position_queries: Tensor | None = None) -> Tensor:
        hidden_states = hidden_states + self.self_attn(self.input_layernorm(hidden_states), position_queries)
        return hidden_states + self.mlp(self.post_attention_layernorm(hidden_states))


# The dimensions that change from step to step: vLLM reads them from annotations, which are texts here.
@support_torch_compile(
    dynamic_arg_dims={"input_ids": 0, "positions": -1, "intermediate_tensors": 0, "inputs_embeds": 0}
)
class CodeGeeXModel(nn.Module):
    """The decoder without the output: ids (T,) at positions (T,) to hidden states (T, C)."""

    def __init__(self, *, vllm_config: VllmConfig, prefix: str = "") -> None:
        super().__init__()
        config, stage = vllm_config.model_config.hf_config, get_pp_group()

        def positions() -> nn.Embedding:
            return nn.Embedding(config.max_position_embeddings, config.hidden_size)

        at_an_end = stage.is_first_rank or stage.is_last_rank  # words come in at one, and go out at the other
        words = VocabParallelEmbedding(config.vocab_size, config.hidden_size) if at_an_end else PPMissingLayer()
        self.embed_tokens = words
        self.embed_positions = positions() if stage.is_first_rank else PPMissingLayer()
        self.start_layer, self.end_layer, self.layers = make_layers(
            config.num_hidden_layers,
            lambda prefix: CodeGeeXDecoderLayer(vllm_config, prefix),
            prefix=f"{prefix}.layers",
        )
        last = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps) if stage.is_last_rank else PPMissingLayer()
        self.norm = last
        self.embed_queries = positions() if stage.is_last_rank else PPMissingLayer()
        self.make_empty_intermediate_tensors = make_empty_intermediate_tensors_factory(
            ["hidden_states"], config.hidden_size
        )

    def forward(
        self,
        input_ids: Tensor | None,
        positions: Tensor,
        intermediate_tensors: IntermediateTensors | None = None,
        inputs_embeds: Tensor | None = None,
    ) -> Tensor | IntermediateTensors:
        stage = get_pp_group()
        if stage.is_first_rank:
            words = self.embed_tokens(input_ids) if inputs_embeds is None else inputs_embeds
            hidden_states = words + self.embed_positions(positions)
        else:
            assert intermediate_tensors is not None
            hidden_states = intermediate_tensors["hidden_states"]
        blocks = self.end_layer - 1 if stage.is_last_rank else self.end_layer
        for layer in islice(self.layers, self.start_layer, blocks):
            hidden_states = layer(hidden_states)
        if not stage.is_last_rank:
            return IntermediateTensors({"hidden_states": hidden_states})
        return self.layers[blocks](self.norm(hidden_states), self.embed_queries(positions))


class CodeGeeXForCausalLM(nn.Module, SupportsPP):
    """CodeGeeX with its tied output, under the name that converted folders have in `architectures`."""

    def __init__(self, *, vllm_config: VllmConfig, prefix: str = "") -> None:
        super().__init__()
        self.config = config = vllm_config.model_config.hf_config
        self.model = CodeGeeXModel(vllm_config=vllm_config, prefix=maybe_prefix(prefix, "model"))
        if get_pp_group().is_last_rank:
            head = ParallelLMHead(config.vocab_size, config.hidden_size, prefix=maybe_prefix(prefix, "lm_head"))
            self.lm_head = head.tie_weights(self.model.embed_tokens)
        else:
            self.lm_head = PPMissingLayer()
        self.logits_processor = LogitsProcessor(config.vocab_size)
        self.make_empty_intermediate_tensors = self.model.make_empty_intermediate_tensors

    def embed_input_ids(self, input_ids: Tensor) -> Tensor:
        """Return the word embeddings (T, C), without positions."""
        return self.model.embed_tokens(input_ids)

    def forward(
        self,
        input_ids: Tensor | None,
        positions: Tensor,
        intermediate_tensors: IntermediateTensors | None = None,
        inputs_embeds: Tensor | None = None,
    ) -> Tensor | IntermediateTensors:
        """Return hidden states (T, C), or what goes to the next pipeline stage."""
        return self.model(input_ids, positions, intermediate_tensors, inputs_embeds)

    def compute_logits(self, hidden_states: Tensor) -> Tensor | None:
        """Return the logits (T, V); None on a rank that does not gather them."""
        return self.logits_processor(self.lm_head, hidden_states)

    @torch.no_grad()
    def load_weights(self, weights: Iterable[tuple[str, Tensor]]) -> set[str]:
        """Fill this rank's share of every tensor from a folder's; return the names that were filled."""
        tensors = dict(self.named_parameters())
        filled: set[str] = set()
        for name, weight in weights:
            if name == "lm_head.weight":  # tied to the word embeddings, which come under their own name
                continue
            name, part = place_of(name, self.config.num_hidden_layers)
            if is_pp_missing_parameter(name, self):
                continue
            tensor = tensors[name]
            load: Any = getattr(tensor, "weight_loader", default_weight_loader)
            load(tensor, weight) if part is None else load(tensor, weight, part)
            filled.add(name)
        return filled


def place_of(name: str, layers: int) -> tuple[str, str | int | None]:
    """Return where a folder's tensor goes: the name here, and which part of that tensor it is (None: all of it)."""
    is_top = name.startswith("model.top_layer.")
    name = name.replace("model.top_layer.", f"model.layers.{layers - 1}.")
    for theirs, (ours, part) in (STACKED_IN_TOP if is_top else STACKED).items():
        if f".{theirs}." in name:
            return name.replace(theirs, ours), part
    return name, None


def quantization_of(vllm_config: VllmConfig) -> Any:
    """Return how the blocks' weights are stored: as int8 where the folder has them so, else as vLLM was told."""
    is_int8 = vllm_config.model_config.hf_config.linear_format == "int8"
    return Int8() if is_int8 else vllm_config.quant_config
