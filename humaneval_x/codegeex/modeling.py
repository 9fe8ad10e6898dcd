"""CodeGeeX as a Transformers model: pre-norm blocks, a final norm, then ONE top query layer, tied output.

What differs from a GPT-2 style decoder, read top to bottom:
- the final norm comes BEFORE the top query layer and nothing normalises after it;
- the top query layer's queries are a learned embedding of the POSITION, not of the hidden state; its
  keys, values and residual come from the hidden state, and it has a KV cache of its own (the last);
- every linear has a bias; the output is the word embedding, which has 52,224 rows for 50,400 tokens.
Rounding: softmax is in fp32; `nn.LayerNorm` on fp16 or bf16 computes in fp32 and rounds once, which is
what the published model does with or without its --ln-fp16 switch.
Does not: mask the 1,824 dummy ids (the published code does not either), or hide <|endoftext|> inside a
prompt (the MindSpore version does).

Letters: B batch, T tokens, S cached + new tokens, H heads, D head size, C width, V vocabulary.
Source: codegeex/torch/codegeex_model.py of github.com/THUDM/CodeGeeX.
"""

# transformers' classes and decorators are untyped, so mypy sees them as Any.
# ruff: noqa: RUF012  # transformers' class attributes are plain ones
# mypy: disable-error-code="misc, untyped-decorator, no-untyped-call"

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from transformers.activations import ACT2FN
from transformers.cache_utils import Cache, DynamicCache
from transformers.generation.utils import GenerationMixin
from transformers.masking_utils import create_causal_mask
from transformers.modeling_layers import GradientCheckpointingLayer
from transformers.modeling_outputs import BaseModelOutputWithPast, CausalLMOutputWithPast
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS, PreTrainedModel
from transformers.utils.generic import can_return_tuple, merge_with_config_defaults
from transformers.utils.output_capturing import capture_outputs

from humaneval_x.codegeex.configuration import CodeGeeXConfig
from humaneval_x.codegeex.int8 import Int8Linear


def eager_attention_forward(
    module: nn.Module,
    query: Tensor,  # (B, H, T, D)
    key: Tensor,  # (B, H, S, D)
    value: Tensor,  # (B, H, S, D)
    attention_mask: Tensor | None,  # (B or 1, 1, T, S), added to the scores
    scaling: float,
    dropout: float = 0.0,
    **kwargs: Any,
) -> tuple[Tensor, Tensor]:
    """Return softmax(q k^T / sqrt(D) + mask) v as (B, T, H, D), and the weights (B, H, T, S)."""
    # Scaled before the product: unscaled fp16 scores can pass 65,504.
    scores = torch.matmul(query * scaling, key.transpose(2, 3))
    if attention_mask is not None:
        scores = scores + attention_mask
    wide = torch.promote_types(scores.dtype, torch.float32)
    weights = nn.functional.softmax(scores, dim=-1, dtype=wide).to(query.dtype)
    weights = nn.functional.dropout(weights, p=dropout, training=module.training)
    return torch.matmul(weights, value).transpose(1, 2).contiguous(), weights


def block_linear(config: CodeGeeXConfig, in_features: int, out_features: int) -> nn.Module:
    """Return one of a block's six linear layers, in the format the configuration names."""
    if config.linear_format == "int8":
        return Int8Linear(in_features, out_features)
    return nn.Linear(in_features, out_features)


class CodeGeeXAttention(nn.Module):
    """Causal multi-head attention whose queries may come from elsewhere than its keys and values."""

    fused: Callable[[Tensor], Tensor] | None
    fused_names: tuple[str, ...]

    def __init__(self, config: CodeGeeXConfig, layer_idx: int) -> None:
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.head_dim = config.hidden_size // config.num_attention_heads
        self.num_key_value_groups = 1
        self.scaling = self.head_dim**-0.5
        self.is_causal = True
        self.q_proj = block_linear(config, config.hidden_size, config.hidden_size)
        self.k_proj = block_linear(config, config.hidden_size, config.hidden_size)
        self.v_proj = block_linear(config, config.hidden_size, config.hidden_size)
        self.o_proj = block_linear(config, config.hidden_size, config.hidden_size)
        self.__dict__.update(fused=None, fused_names=())  # not a submodule: its weights are those of the three

    def forward(
        self,
        hidden_states: Tensor,  # (B, T, C)
        query_source: Tensor,  # (B, T, C)
        attention_mask: Tensor | None,
        past_key_values: Cache | None,
        **kwargs: Any,
    ) -> tuple[Tensor, Tensor | None]:
        # -1 heads: a tensor-parallel rank holds only its share of them
        shape = (*hidden_states.shape[:-1], -1, self.head_dim)
        projected = self.project(hidden_states, query_source)
        query, key, value = (tensor.view(shape).transpose(1, 2) for tensor in projected)  # (B, H, T, D)
        if past_key_values is not None:
            key, value = past_key_values.update(key, value, self.layer_idx)  # (B, H, S, D)
        attention: Callable[..., tuple[Tensor, Tensor | None]] = ALL_ATTENTION_FUNCTIONS.get_interface(
            self.config._attn_implementation, eager_attention_forward
        )
        output, weights = attention(
            self,
            query,
            key,
            value,
            attention_mask,
            dropout=self.config.attention_dropout if self.training else 0.0,
            scaling=self.scaling,
            **kwargs,
        )
        return self.o_proj(output.reshape(*shape[:-2], -1)), weights

    def project(self, hidden_states: Tensor, query_source: Tensor) -> Sequence[Tensor]:
        """Return queries, keys and values, (B, T, C) each, by one product where `fuse` was called."""
        if self.fused is None:
            return self.q_proj(query_source), self.k_proj(hidden_states), self.v_proj(hidden_states)
        parts: Sequence[Tensor] = self.fused(hidden_states).split(self.o_proj.in_features, dim=-1)
        return parts if query_source is hidden_states else (self.q_proj(query_source), *parts)

    def fuse(self, *names: str) -> None:
        """Have these layers, which read the same input, be one product."""
        self.__dict__.update(fused=joined([getattr(self, name) for name in names]), fused_names=names)

    def _apply(self, *given: Any, **options: Any) -> CodeGeeXAttention:
        """Do what `to`, `half` and the like do, to the one product too."""
        super()._apply(*given, **options)
        if self.fused is not None:
            self.fuse(*self.fused_names)
        return self


@torch.no_grad()
def joined(parts: list[nn.Module]) -> nn.Module:
    """Return one linear layer whose rows are those of the parts, whose weights become views of its own."""
    whole = copy.copy(parts[0])
    whole._parameters, whole._buffers = dict(whole._parameters), dict(whole._buffers)
    for name in ("weight", "weight_scale", "bias"):
        if not hasattr(whole, name):
            continue
        pieces: list[Tensor] = [getattr(part, name) for part in parts]
        rows = torch.cat(pieces)
        sizes = [len(piece) for piece in pieces]
        for part, view in zip((whole, *parts), (rows, *rows.split(sizes)), strict=True):
            kept = nn.Parameter(view, requires_grad=False) if name in part._parameters else view
            setattr(part, name, kept)
    whole.out_features = len(rows)  # type: ignore[assignment]
    return whole


class CodeGeeXMLP(nn.Module):
    """C -> 4C -> C with x * sigmoid(1.702 x) between."""

    def __init__(self, config: CodeGeeXConfig) -> None:
        super().__init__()
        assert config.intermediate_size is not None  # filled by the configuration
        self.up_proj = block_linear(config, config.hidden_size, config.intermediate_size)
        self.act_fn = ACT2FN[config.hidden_act]
        self.down_proj = block_linear(config, config.intermediate_size, config.hidden_size)

    def forward(self, hidden_states: Tensor) -> Tensor:
        output: Tensor = self.down_proj(self.act_fn(self.up_proj(hidden_states)))
        return output


class CodeGeeXDecoderLayer(GradientCheckpointingLayer):
    """A pre-norm block; given `position_queries`, it is the top query layer."""

    def __init__(self, config: CodeGeeXConfig, layer_idx: int) -> None:
        super().__init__()
        self.input_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.self_attn = CodeGeeXAttention(config, layer_idx)
        self.post_attention_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.mlp = CodeGeeXMLP(config)

    def forward(
        self,
        hidden_states: Tensor,  # (B, T, C)
        position_queries: Tensor | None = None,  # (B or 1, T, C), not normalised
        attention_mask: Tensor | None = None,
        past_key_values: Cache | None = None,
        **kwargs: Any,
    ) -> Tensor:
        normed = self.input_layernorm(hidden_states)
        # Positions may be shared by the rows (B = 1), the keys are not.
        query_source = normed if position_queries is None else position_queries.expand_as(normed)
        attended, _ = self.self_attn(normed, query_source, attention_mask, past_key_values, **kwargs)
        hidden_states = hidden_states + attended
        output: Tensor = hidden_states + self.mlp(self.post_attention_layernorm(hidden_states))
        return output


class CodeGeeXPreTrainedModel(PreTrainedModel):
    config: CodeGeeXConfig
    config_class = CodeGeeXConfig
    base_model_prefix = "model"
    supports_gradient_checkpointing = True
    _no_split_modules = ["CodeGeeXDecoderLayer"]
    _skip_keys_device_placement = ["past_key_values"]
    _supports_flash_attn = True
    _supports_sdpa = True
    _supports_flex_attn = True
    _supports_attention_backend = True  # serving engines put their own attention in
    _can_compile_fullgraph = True
    _can_record_outputs = {"hidden_states": CodeGeeXDecoderLayer, "attentions": CodeGeeXAttention}

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, Int8Linear):
            return  # zeros, from its constructor; training starts from floats
        super()._init_weights(module)


def positions_of(attention_mask: Tensor | None, past_length: int | Tensor, inputs_embeds: Tensor) -> Tensor:
    """Return the position of each new token, (B or 1, T): its count of visible tokens before it.

    Padding (mask 0) gets position 0; what it computes is hidden from every other token.
    """
    length = inputs_embeds.shape[1]
    if attention_mask is not None and attention_mask.ndim == 2:
        return (attention_mask.long().cumsum(-1) - 1).clamp(min=0)[:, -length:]
    return (torch.arange(length, device=inputs_embeds.device) + past_length)[None]


class CodeGeeXModel(CodeGeeXPreTrainedModel):
    """The decoder without the output: ids (B, T) to hidden states (B, T, C)."""

    def __init__(self, config: CodeGeeXConfig) -> None:
        super().__init__(config)
        blocks = config.num_hidden_layers - 1
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.embed_positions = nn.Embedding(config.max_position_embeddings, config.hidden_size)
        self.layers = nn.ModuleList(CodeGeeXDecoderLayer(config, layer_idx) for layer_idx in range(blocks))
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.embed_queries = nn.Embedding(config.max_position_embeddings, config.hidden_size)
        self.top_layer = CodeGeeXDecoderLayer(config, layer_idx=blocks)
        self.gradient_checkpointing = False
        self.post_init()

    @merge_with_config_defaults
    @capture_outputs
    def forward(
        self,
        input_ids: Tensor | None = None,  # (B, T)
        attention_mask: Tensor | None = None,  # (B, S), 0 at padding
        position_ids: Tensor | None = None,  # (B, T), below max_position_embeddings
        past_key_values: Cache | None = None,
        inputs_embeds: Tensor | None = None,  # (B, T, C), word embeddings without positions
        use_cache: bool | None = None,
        **kwargs: Any,
    ) -> BaseModelOutputWithPast:
        """Return the output of the top query layer, (B, T, C), and the caches."""
        if (input_ids is None) == (inputs_embeds is None):
            raise ValueError("CodeGeeXModel: give exactly one of input_ids and inputs_embeds")
        if inputs_embeds is None:
            inputs_embeds = self.embed_tokens(input_ids)
        assert inputs_embeds is not None
        if use_cache and past_key_values is None:
            past_key_values = DynamicCache(config=self.config)
        if position_ids is None:
            past_length = past_key_values.get_seq_length() if past_key_values is not None else 0
            position_ids = positions_of(attention_mask, past_length, inputs_embeds)
        causal_mask = create_causal_mask(
            config=self.config,
            inputs_embeds=inputs_embeds,
            attention_mask=attention_mask,
            past_key_values=past_key_values,
            position_ids=position_ids,
        )
        kwargs |= {
            "attention_mask": causal_mask,
            "position_ids": position_ids,  # flash attention finds packed sequences by them
            "past_key_values": past_key_values,
            "use_cache": use_cache,
        }
        # .to: a device_map may put the two embeddings on different devices
        hidden_states = inputs_embeds + self.embed_positions(position_ids).to(inputs_embeds.device)
        for layer in self.layers:
            hidden_states = layer(hidden_states, **kwargs)
        hidden_states = self.norm(hidden_states)
        hidden_states = self.top_layer(hidden_states, self.embed_queries(position_ids), **kwargs)
        return BaseModelOutputWithPast(last_hidden_state=hidden_states, past_key_values=past_key_values)


class CodeGeeXForCausalLM(CodeGeeXPreTrainedModel, GenerationMixin):
    """CodeGeeX with its tied output: ids (B, T) to logits (B, T, V)."""

    _tied_weights_keys = {"lm_head.weight": "model.embed_tokens.weight"}
    _tp_plan = {"lm_head": "colwise_gather_output"}

    def __init__(self, config: CodeGeeXConfig) -> None:
        super().__init__(config)
        self.model = CodeGeeXModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def fuse_projections(self) -> None:
        """Compute queries, keys and values of each layer in one product, for inference; the state is unchanged."""
        for layer in self.model.layers:
            layer.self_attn.fuse("q_proj", "k_proj", "v_proj")
        self.model.top_layer.self_attn.fuse("k_proj", "v_proj")  # its queries are of the position

    @can_return_tuple
    def forward(
        self,
        input_ids: Tensor | None = None,  # (B, T)
        attention_mask: Tensor | None = None,  # (B, S)
        position_ids: Tensor | None = None,  # (B, T)
        past_key_values: Cache | None = None,
        inputs_embeds: Tensor | None = None,  # (B, T, C)
        labels: Tensor | None = None,  # (B, T), -100 is ignored; shifted inside
        use_cache: bool | None = None,
        logits_to_keep: int | Tensor = 0,  # the last so many positions (0: all), or their indices
        **kwargs: Any,
    ) -> CausalLMOutputWithPast:
        """Return logits (B, T or logits_to_keep, V), the caches, and the loss where labels are given."""
        outputs = self.model(
            input_ids=input_ids,
            attention_mask=attention_mask,
            position_ids=position_ids,
            past_key_values=past_key_values,
            inputs_embeds=inputs_embeds,
            use_cache=use_cache,
            **kwargs,
        )
        kept = slice(-logits_to_keep, None) if isinstance(logits_to_keep, int) else logits_to_keep
        logits = self.lm_head(outputs.last_hidden_state[:, kept])
        loss = None
        if labels is not None:
            loss = self.loss_function(logits=logits, labels=labels, vocab_size=self.vocab_size, **kwargs)
        return CausalLMOutputWithPast(
            loss=loss,
            logits=logits,
            past_key_values=outputs.past_key_values,
            hidden_states=outputs.hidden_states,
            attentions=outputs.attentions,
        )
