"""The forward pass equals the published one, however it is batched, cached, compiled or trained."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from checkpoints import ENVIRONMENT, NEW_TOKENS, Reference
from torch import Tensor
from transformers import AutoModel, AutoModelForCausalLM, ContinuousBatchingConfig, GenerationConfig, StaticCache
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

from humaneval_x.codegeex import CodeGeeXConfig, CodeGeeXForCausalLM, CodeGeeXModel
from humaneval_x.codegeex.modeling import eager_attention_forward

Model = CodeGeeXForCausalLM


def load(reference: Reference, **options: Any) -> Model:
    return CodeGeeXForCausalLM.from_pretrained(reference.converted, **options).eval()


def logits_of(model: Model, reference: Reference) -> np.ndarray:
    with torch.no_grad():
        logits = model(torch.tensor([reference.prompt_ids])).logits[0]
    return logits.double().numpy()[:, reference.columns]


def padded(rows: list[list[int]]) -> dict[str, Tensor]:
    """Return left-padded ids and their mask."""
    width = max(len(row) for row in rows)
    return {
        "input_ids": torch.tensor([[0] * (width - len(row)) + row for row in rows]),
        "attention_mask": torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows]),
    }


def greedy(model: Model, rows: list[list[int]], **options: Any) -> list[list[int]]:
    inputs = padded(rows)
    ids = model.generate(  # type: ignore[misc]
        **inputs, max_new_tokens=NEW_TOKENS, do_sample=False, eos_token_id=None, pad_token_id=0, **options
    )
    return [row[inputs["input_ids"].shape[1] :] for row in ids.tolist()]


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_float64_logits_are_the_published_ones(reference: Reference, attention: str) -> None:
    model = load(reference, dtype=torch.float64, attn_implementation=attention)
    assert np.abs(logits_of(model, reference) - reference.logits).max() < reference.logits_tolerance


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_float32_logits_are_the_published_ones_within_1e_4(reference: Reference, attention: str) -> None:
    model = load(reference, dtype=torch.float32, attn_implementation=attention)
    assert np.abs(logits_of(model, reference) - reference.logits).max() < 1e-4


# As a part of the largest logit. Measured on the two checkpoints: at most 0.003 and 0.021.
@pytest.mark.parametrize(("dtype", "tolerance"), [("float16", 0.01), ("bfloat16", 0.08)])
@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_half_precisions_stay_within_tolerance(
    reference: Reference, attention: str, dtype: str, tolerance: float
) -> None:
    model = load(reference, dtype=dtype, attn_implementation=attention)
    error = np.abs(logits_of(model, reference) - reference.logits).max()
    assert error < tolerance * np.abs(reference.logits).max()


@pytest.mark.parametrize("options", [{}, {"cache_implementation": "static"}, {"use_cache": False}], ids=str)
def test_greedy_ids_are_the_published_ones(model: Model, reference: Reference, options: dict[str, Any]) -> None:
    assert greedy(model, [reference.prompt_ids], **options) == [reference.greedy_ids]


@pytest.mark.parametrize("options", [{}, {"cache_implementation": "static"}, {"use_cache": False}], ids=str)
def test_a_batch_of_8_unequal_prompts_continues_like_single_ones(
    model: Model, reference: Reference, options: dict[str, Any]
) -> None:
    ids = reference.prompt_ids
    rows = [ids, ids[:1], ids[:5], ids[3:], ids[:9], ids[7:12], ids[-2:], ids]
    together = greedy(model, rows, **options)
    assert together == [greedy(model, [row])[0] for row in rows]
    assert together[0] == together[7] == reference.greedy_ids


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_left_padded_logits_equal_single_rows_without_position_ids(reference: Reference, attention: str) -> None:
    model = load(reference, dtype=torch.float64, attn_implementation=attention)
    rows = [reference.prompt_ids, reference.prompt_ids[:4], reference.prompt_ids[6:]]
    with torch.no_grad():
        together = model(**padded(rows)).logits
        for row, logits in zip(rows, together, strict=True):
            alone = model(torch.tensor([row])).logits[0]
            assert (logits[-len(row) :] - alone).abs().max() < 1e-12


def test_tokens_fed_in_pieces_give_the_logits_of_one_pass(reference: Reference) -> None:
    model = load(reference, dtype=torch.float64)
    ids = torch.tensor([reference.prompt_ids])
    with torch.no_grad():
        whole = model(ids).logits
        first = model(ids[:, :7], use_cache=True)
        rest = model(ids[:, 7:], past_key_values=first.past_key_values).logits
    assert (torch.cat([first.logits, rest], dim=1) - whole).abs().max() < 1e-12


def test_logits_to_keep_gives_the_last_positions(model: Model, reference: Reference) -> None:
    ids = torch.tensor([reference.prompt_ids])
    with torch.no_grad():
        assert torch.allclose(model(ids, logits_to_keep=2).logits, model(ids).logits[:, -2:], atol=1e-5)


def test_half_precision_layer_norm_is_computed_in_fp32_and_rounded_once() -> None:
    generator = torch.Generator().manual_seed(0)
    weight, bias = torch.randn(2, 64, generator=generator)
    x = 30 + torch.randn(50, 64, generator=generator)  # a half-precision variance would be far off
    for dtype in (torch.float16, torch.bfloat16):
        rounded = [tensor.to(dtype) for tensor in (x, weight, bias)]
        found = torch.nn.functional.layer_norm(rounded[0], (64,), *rounded[1:])
        wide = torch.nn.functional.layer_norm(rounded[0].float(), (64,), *[tensor.float() for tensor in rounded[1:]])
        # fp32 sums in another order may round to the neighbour
        assert ((found.float() - wide).abs() <= 0.51 * torch.finfo(dtype).eps * wide.abs() + 1e-5).all()


def test_eager_scores_beyond_half_precision_stay_finite() -> None:
    query = torch.full((1, 1, 2, 128), 60.0, dtype=torch.float16)  # unscaled score 460,800
    output, _ = eager_attention_forward(torch.nn.Module(), query, query, query, None, 128**-0.5)
    assert torch.isfinite(output).all()


def test_hidden_states_and_attentions_cover_blocks_and_top_query_layer(reference: Reference) -> None:
    model = load(reference, dtype=torch.float32, attn_implementation="eager")
    ids = torch.tensor([reference.prompt_ids])
    with torch.no_grad():
        outputs = model(ids, output_hidden_states=True, output_attentions=True)
    assert len(outputs.hidden_states) == 1 + model.config.num_hidden_layers
    assert len(outputs.attentions) == len(outputs.past_key_values.layers) == model.config.num_hidden_layers


@pytest.mark.parametrize(
    "options",
    [
        {"num_beams": 3, "do_sample": False},
        {"do_sample": True, "temperature": 0.8, "top_p": 0.95, "top_k": 0},
        {"do_sample": True, "top_k": 5, "num_return_sequences": 3},
    ],
    ids=["beam", "nucleus", "top_k"],
)
def test_generate_searches_and_samples_reproducibly(
    model: Model, reference: Reference, options: dict[str, Any]
) -> None:
    ids = torch.tensor([reference.prompt_ids])
    runs = []
    for _ in range(2):
        torch.manual_seed(0)
        runs.append(model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=6, **options))  # type: ignore[misc]
    assert torch.equal(*runs)
    assert runs[0].shape[0] == options.get("num_return_sequences", 1)


def test_beams_find_a_continuation_at_least_as_likely_as_greedy(model: Model, reference: Reference) -> None:
    ids = torch.tensor([reference.prompt_ids])

    def likelihood(**options: Any) -> float:
        out = model.generate(  # type: ignore[misc]
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=4, do_sample=False, eos_token_id=None, **options
        )
        with torch.no_grad():
            chances = model(out).logits.log_softmax(-1)[0, ids.shape[1] - 1 : -1]
        return chances.gather(1, out[0, ids.shape[1] :, None]).sum().item()

    assert likelihood(num_beams=8) >= likelihood() - 1e-6


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # inductor uses what torch deprecates
@pytest.mark.parametrize(
    "backend", ["eager", pytest.param("inductor", marks=pytest.mark.slow)], ids=["captured", "inductor"]
)
def test_compiled_static_decode_is_one_graph_and_equals_eager(model: Model, reference: Reference, backend: str) -> None:
    ids = torch.tensor([reference.prompt_ids])

    def decode(step: Any) -> tuple[list[int], Tensor]:
        cache = StaticCache(config=model.config, max_cache_len=ids.shape[1] + 8)
        tokens, logits = [], model(ids, past_key_values=cache).logits
        for i in range(8):
            tokens.append(logits[:, -1].argmax(-1))
            position = torch.tensor([[ids.shape[1] + i]])
            logits = step(tokens[-1][:, None], past_key_values=cache, position_ids=position).logits
        return torch.cat(tokens).tolist(), logits

    torch._dynamo.reset()
    with torch.no_grad():
        plain_ids, plain = decode(model)
        compiled_ids, compiled = decode(torch.compile(model.forward, fullgraph=True, backend=backend))
    assert compiled_ids == plain_ids == reference.greedy_ids[:8]
    assert (compiled - plain).abs().max() < 1e-4


def test_gradients_reach_every_parameter_and_checkpointing_leaves_them_unchanged(reference: Reference) -> None:
    ids = torch.tensor([reference.prompt_ids])
    gradients = []
    for is_checkpointing in (False, True):
        model = load(reference, dtype=torch.float64).train()
        if is_checkpointing:
            model.activation_checkpointing_enable()
        model(ids, labels=ids).loss.backward()
        gradients.append({name: p.grad for name, p in model.named_parameters()})
    plain, checkpointed = gradients
    for name, gradient in plain.items():
        # softmax does not move when all scores of a query do: the key bias has no gradient but rounding
        assert gradient.abs().max() > (0 if "k_proj.bias" in name else 1e-9), name
        assert torch.allclose(gradient, checkpointed[name], atol=1e-12), name


@pytest.mark.filterwarnings("ignore::FutureWarning")  # peft asks transformers by an old name
def test_one_lora_step_lowers_the_loss_and_changes_adapters_only(reference: Reference) -> None:
    peft = pytest.importorskip("peft")
    base = load(reference, dtype=torch.float32)
    before = {name: p.detach().clone() for name, p in base.named_parameters()}
    settings = peft.LoraConfig(r=4, target_modules=["q_proj", "v_proj", "down_proj"], task_type="CAUSAL_LM")
    model = peft.get_peft_model(base, settings).train()
    ids = torch.tensor([reference.prompt_ids])
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.01)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = model(input_ids=ids, labels=ids).loss
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[2] < losses[0]
    for name, parameter in model.named_parameters():
        if "lora" not in name:
            original = name.removeprefix("base_model.model.").replace(".base_layer", "")
            assert torch.equal(parameter, before[original]), name


def test_the_full_model_has_the_published_parameters_and_tensors() -> None:
    with torch.device("meta"):
        model = CodeGeeXForCausalLM(CodeGeeXConfig())
    assert sum(p.numel() for p in model.parameters()) == 12_873_943_040
    assert len(dict(model.named_parameters())) == 645
    assert sum(p.numel() for p in model.model.layers[0].parameters()) == 314_639_360


def test_the_output_is_tied_and_the_auto_classes_know_the_model(reference: Reference) -> None:
    model = AutoModelForCausalLM.from_pretrained(reference.converted)
    assert type(model) is CodeGeeXForCausalLM
    assert model.lm_head.weight is model.model.embed_tokens.weight
    assert model.dtype == torch.float16
    assert type(AutoModel.from_pretrained(reference.converted)) is CodeGeeXModel


def test_a_serving_engine_can_put_its_own_attention_in(reference: Reference) -> None:
    seen = []

    def counting(module: Any, query: Tensor, *rest: Any, engine: str, **kwargs: Any) -> tuple[Tensor, Any]:
        seen.append((module.layer_idx, engine, module.is_causal))
        return ALL_ATTENTION_FUNCTIONS["sdpa"](module, query, *rest, **kwargs)

    ALL_ATTENTION_FUNCTIONS.register("counting", counting)
    model = AutoModel.from_pretrained(reference.converted, attn_implementation="counting", dtype=torch.float32)
    ids = torch.tensor([reference.prompt_ids])
    with torch.no_grad():
        hidden = model(ids, use_cache=False, engine="ours", return_dict=False)[0]
        plain = AutoModel.from_pretrained(reference.converted, dtype=torch.float32)(ids).last_hidden_state
    assert seen == [(i, "ours", True) for i in range(model.config.num_hidden_layers)]
    assert torch.allclose(hidden, plain, atol=1e-4)


def test_the_librarys_continuous_batching_serves_the_model_from_paged_caches(reference: Reference) -> None:
    model = load(reference, dtype=torch.float32)
    prompts = [reference.prompt_ids, reference.prompt_ids[:5], reference.prompt_ids[3:]]
    served = model.generate_batch(
        prompts,
        GenerationConfig(max_new_tokens=NEW_TOKENS, do_sample=False, eos_token_id=-1, pad_token_id=0),
        ContinuousBatchingConfig(num_blocks=16, page_size=32, max_batch_tokens=64, use_cuda_graph=False),
        warmup=False,
    )
    found = [served[f"req_{i}"].generated_tokens for i in range(len(prompts))]
    assert found == [greedy(load(reference, dtype=torch.float32), [prompt])[0] for prompt in prompts]
    assert found[0] == reference.greedy_ids


def test_the_tensor_parallel_plan_names_every_block_linear(model: Model) -> None:
    plan = model.config.base_model_tp_plan
    for name, module in model.model.named_modules():
        if isinstance(module, torch.nn.Linear):
            pattern = ".".join("*" if part.isdigit() else part for part in name.split("."))
            assert plan[pattern] == ("rowwise" if name.endswith(("o_proj", "down_proj")) else "colwise")


def test_a_device_map_with_offloaded_blocks_gives_the_same_logits(
    model: Model, reference: Reference, tmp_path: Path
) -> None:
    pytest.importorskip("accelerate")
    places = {"model.layers.0": "disk", "model.top_layer": "disk", "model.embed_queries": "disk"}
    rest = ["model.embed_tokens", "model.embed_positions", "model.layers.1", "model.norm", "lm_head"]
    spread = load(
        reference, dtype=torch.float32, device_map=places | dict.fromkeys(rest, "cpu"), offload_folder=tmp_path
    )
    assert np.abs(logits_of(spread, reference) - logits_of(model, reference)).max() < 1e-5


def test_packed_sequences_restart_with_their_position_ids(reference: Reference) -> None:
    model = load(reference, dtype=torch.float64)
    first, second = reference.prompt_ids[:8], reference.prompt_ids[8:]
    positions = torch.tensor([[*range(len(first)), *range(len(second))]])
    with torch.no_grad():
        packed = model(torch.tensor([reference.prompt_ids]), position_ids=positions, use_cache=False).logits[0]
        alone = model(torch.tensor([second])).logits[0]
    assert (packed[len(first) :] - alone).abs().max() < 1e-12


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"hidden_size": 32, "num_attention_heads": 5},
            "CodeGeeXConfig: hidden_size 32 does not divide into 5 heads; give a num_attention_heads that divides it",
        ),
        (
            {"linear_format": "int4"},
            "CodeGeeXConfig: unknown linear_format 'int4'; choose float, int8",
        ),
    ],
)
def test_impossible_configurations_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        CodeGeeXConfig(**options)


TENSOR_PARALLEL = """
import sys
import torch
import torch.distributed as dist
from transformers.distributed import DistributedConfig
from humaneval_x.codegeex import CodeGeeXForCausalLM
torch.set_num_threads(1)
folder, ids = sys.argv[1], torch.tensor([[int(i) for i in sys.argv[2].split()]])
whole = CodeGeeXForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
spread = CodeGeeXForCausalLM.from_pretrained(
    folder, dtype=torch.float32, distributed_config=DistributedConfig(tp_plan="auto")
).eval()
query = spread.model.layers[0].self_attn.q_proj.weight
query = query.to_local() if hasattr(query, "to_local") else query
assert dist.get_world_size() == 2 and 2 * query.shape[0] == query.shape[1]
with torch.no_grad():
    assert (whole(ids).logits - spread(ids).logits).abs().max() < 1e-4
settings = {"attention_mask": torch.ones_like(ids), "max_new_tokens": 8, "do_sample": False}
assert torch.equal(whole.generate(ids, **settings), spread.generate(ids, **settings))
dist.barrier()
dist.destroy_process_group()  # else its threads may end the process by an abort
"""


@pytest.mark.slow
def test_two_tensor_parallel_processes_equal_one(reference: Reference, tmp_path: Path) -> None:
    script = tmp_path / "spread.py"
    script.write_text(TENSOR_PARALLEL)
    prompt = " ".join(str(i) for i in reference.prompt_ids)
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    done = subprocess.run(
        [*launch, script, reference.converted, prompt], check=False, capture_output=True, text=True, env=ENVIRONMENT
    )
    assert done.returncode == 0, done.stderr
