"""Decoding on a GPU: keys and values in blocks, each step one captured graph, its tokens looked at one step later.

A store of fixed size holds blocks of BLOCK tokens. A prompt's blocks are stored once for all its rows; a row takes its
own as it grows. A step (model, attention of `kernels.py`, draw) is captured for a few numbers of rows and replayed;
what changes between steps is written into tables before. While step t + 1 runs, the host reads the tokens of step t: a
row that ended there has made one token too many, which nobody reads.
Works for the models of `shared.py` whose head size is a power of two. On a CPU, which only tests use (Triton's
interpreter), a step is run instead of replayed. Letters: B rows, H heads, D head size, V vocabulary.
Source: blocks as in vLLM (arXiv 2309.06180), a prompt read once for all its rows as in Hydragen (arXiv 2402.05099).
"""

# transformers is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from transformers import DynamicCache
from transformers.cache_utils import Cache

from humaneval_x.samplers import SamplingSettings, kernels
from humaneval_x.samplers.cache import stored
from humaneval_x.samplers.kernels import BLOCK, TILE

SIZES = (1, 2, 4, 8, 16, 32, 64, 96, 128, 160, 200, 224, 256, 320, 384, 448, 512)  # rows of a captured graph
LAG = 1  # steps that may run before the tokens of the one before are looked at


class NewestOnly(Cache):
    """What a model takes for its cache: it gives back the newest key and value, which `Store.attend` stores."""

    def __init__(self) -> None:
        super().__init__(layers=[])

    def update(self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        """Return what came."""
        return key_states, value_states

    def get_seq_length(self, layer_idx: int = 0) -> int:
        """Return 0: positions and masks are given."""
        return 0


class Store:
    """Blocks of keys and values, (blocks, H, BLOCK, D) twice a layer, and the tables of the step that runs."""

    def __init__(self, prompt: DynamicCache, blocks: int, rows: int, heads: int) -> None:
        tensors = [stored(layer) for layer in prompt.layers]
        example = tensors[0][0]
        shape = (blocks, example.shape[1], BLOCK, example.shape[3])
        self.device = example.device
        self.layers = [tuple(tensor.new_zeros(shape) for tensor in pair) for pair in tensors]  # a masked NaN spreads
        self.free = list(range(1, blocks))  # block 0 belongs to nobody
        self.plan: dict[str, Tensor] = {}
        shapes = ((rows, heads, example.shape[3]), (rows, heads), (rows, heads))
        first, second, third = (torch.zeros(each, device=self.device) for each in shapes)
        self.scratch = first, second, third

    def take(self, count: int) -> list[int]:
        """Return free blocks. Raises OutOfMemoryError, as a device does."""
        if count > len(self.free):
            raise torch.OutOfMemoryError("out of memory: all blocks of keys and values are taken")
        return [self.free.pop() for _ in range(count)]

    def write(self, prompt: DynamicCache, blocks: list[int]) -> None:
        """Copy a prompt's keys and values, of one row, into blocks."""
        places = torch.tensor(blocks, device=self.device)
        for mine, layer in zip(self.layers, prompt.layers, strict=True):
            for buffer, tensor in zip(mine, stored(layer), strict=True):
                heads, length, size = tensor.shape[1:]
                whole = nn.functional.pad(tensor[0], (0, 0, 0, len(blocks) * BLOCK - length))
                buffer[places] = whole.view(heads, len(blocks), BLOCK, size).transpose(0, 1)

    def attend(
        self, module: nn.Module, query: Tensor, key: Tensor, value: Tensor, scaling: float | None
    ) -> tuple[Tensor, None]:
        """Store one new key and value a row, (B, H, 1, D), and return the output (B, 1, H, D)."""
        newest, added, of_it = (tensor.transpose(1, 2)[:, 0] for tensor in (query, key, value))
        keys, values = self.layers[cast(int, module.layer_idx)]
        scale = query.shape[-1] ** -0.5 if scaling is None else scaling
        output = kernels.attend(newest, added, of_it, keys, values, self.plan, self.scratch, scale)
        return output[:, None], None


@dataclass
class Prompt:
    """A prompt in the store, and how many rows read it."""

    blocks: list[int]
    length: int
    rows: int = 0


class Step:
    """A decoding step for a fixed number of rows: its tables, on the host and on the device, and its graph."""

    def __init__(self, decoder: PagedDecoder, rows: int, tiles: int) -> None:
        self.decoder, self.rows, self.tiles = decoder, rows, tiles
        device, prompts = decoder.store.device, min(rows, tiles)
        shapes: dict[str, tuple[int, ...]] = {
            "lengths": (rows,),
            "positions": (rows,),
            "sources": (rows,),
            "tile_prompt": (tiles,),
            "tile_rows": (tiles, TILE),
            "prompt_lengths": (prompts,),
            "prompt_blocks": (prompts, decoder.prompt_width),
            "blocks": (rows, decoder.width),
        }
        total = sum(int(np.prod(shape)) for shape in shapes.values())
        pinned = device.type == "cuda"
        # Two on the host: one may be on its way to the device while the next step's is written.
        self.host = [torch.zeros(total, dtype=torch.int32, pin_memory=pinned) for _ in range(2)]
        self.host_numbers = [torch.zeros(rows, pin_memory=pinned) for _ in range(2)]
        self.whole = torch.zeros(total, dtype=torch.int32, device=device)
        self.numbers = torch.zeros(rows, device=device)
        self.tables = [views(buffer.numpy(), shapes) for buffer in self.host]
        self.plan: dict[str, Tensor] = views(self.whole, shapes)
        self.graph: Any = None

    def run(self, turn: int, numbers: Sequence[float]) -> None:
        """Take the tables of that turn to the device and start the step."""
        self.host_numbers[turn][: len(numbers)] = torch.tensor(numbers, dtype=torch.float32)
        self.whole.copy_(self.host[turn], non_blocking=True)
        self.numbers.copy_(self.host_numbers[turn], non_blocking=True)
        if self.whole.device.type != "cuda":
            self._compute()
            return
        if self.graph is None:
            self._capture()
        self.graph.replay()

    def _capture(self) -> None:
        """Run once, which compiles kernels and readies libraries, then record.

        What that run stores the replay stores again; the tokens it read are put back.
        """
        before = self.decoder.last.clone()
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            self._compute()
        torch.cuda.current_stream().wait_stream(side)
        self.decoder.last.copy_(before)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph, pool=self.decoder.memory):
            self._compute()
        self.decoder.memory = self.graph.pool()

    def _compute(self) -> None:
        decoder, plan = self.decoder, self.plan
        decoder.store.plan = plan
        tokens = decoder.last.gather(0, plan["sources"].long())
        logits = decoder.model(
            input_ids=tokens[:, None],
            position_ids=plan["positions"].long()[:, None],
            attention_mask=decoder.mask,
            past_key_values=decoder.cache,
            paged=decoder.store,
            use_cache=True,
            logits_to_keep=1,
        ).logits[:, -1]
        self.logits = logits  # what a check looks at
        settings, drawn = decoder.settings, decoder.last[: self.rows]
        if settings.temperature == 0:
            drawn.copy_(logits.argmax(dim=-1))
        else:
            kernels.draw(logits, self.numbers, drawn, settings.temperature, settings.top_p, settings.top_k)


def views(buffer: Any, shapes: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    """Return the parts of a flat buffer, one after the other."""
    found, at = {}, 0
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        found[name] = buffer[at : at + size].reshape(shape)
        at += size
    return found


class PagedDecoder:
    """Rows in decoding. `keep` moves the last rows into the places of those that leave."""

    lag = LAG

    def __init__(
        self,
        model: Any,
        settings: SamplingSettings,
        prompt: DynamicCache,
        *,
        blocks: int,
        rows: int,
        context_length: int,
    ) -> None:
        self.model, self.settings, self.most = model, settings, rows
        self.store = Store(prompt, blocks, rows, model.config.num_attention_heads)
        self.width, self.prompt_width = (-(-n // BLOCK) for n in (settings.max_new_tokens, context_length))
        device = self.store.device
        self.cache = NewestOnly()
        self.mask = torch.ones(1, 1, 1, 1, dtype=torch.bool, device=device)  # four dimensions: passed on, never read
        self.last = torch.zeros(rows, dtype=torch.long, device=device)  # newest tokens, by place in the last step
        self.memory: Any = None
        self.steps: dict[tuple[int, int], Step] = {}
        self.turn = 0
        self.coming: deque[tuple[Tensor, Any]] = deque()  # the tokens of each step not yet collected, and when
        self.prompts: dict[Hashable, Prompt] = {}
        self.keys: list[Hashable] = []  # of each row's prompt
        self.own: list[int] = []  # tokens of each row that are stored
        self.sources: list[int] = []  # where in `last` a row's newest token is
        self.blocks: list[list[int]] = []

    def admit(self, key: Hashable, prompt: DynamicCache, tokens: Tensor) -> None:
        """Add rows that continue a prompt, known by `key`, with these tokens (B,)."""
        count = len(tokens)
        if key not in self.prompts:
            length = prompt.get_seq_length()
            self.prompts[key] = Prompt(self.store.take(-(-length // BLOCK)), length)
            self.store.write(prompt, self.prompts[key].blocks)
        taken = set(self.sources)
        spare = [place for place in range(self.most) if place not in taken][:count]
        self.last[torch.tensor(spare, device=self.last.device)] = tokens
        self.prompts[key].rows += count
        self.keys += [key] * count
        self.own += [0] * count
        self.sources += spare
        self.blocks += [[] for _ in range(count)]

    def start(self, numbers: Sequence[float]) -> None:
        """Start a step that gives each row its next token, drawn with its number."""
        for blocks, own in zip(self.blocks, self.own, strict=True):
            if own == len(blocks) * BLOCK:
                blocks += self.store.take(1)
        self.own = [own + 1 for own in self.own]
        step, self.turn = self._step(), 1 - self.turn
        self._fill(step.tables[self.turn])
        step.run(self.turn, numbers)
        count = len(self.own)
        self.sources = list(range(count))
        if self.store.device.type == "cuda":
            tokens = torch.empty(count, dtype=torch.long, pin_memory=True)
            tokens.copy_(self.last[:count], non_blocking=True)
            done = torch.cuda.Event()
            done.record()
        else:
            tokens, done = self.last[:count].clone(), None
        self.coming.append((tokens, done))

    def collect(self) -> list[int]:
        """Return the tokens of the oldest step not collected yet, by the places that rows had in it."""
        tokens, done = self.coming[0]
        if done is not None:
            done.synchronize()
        self.coming.popleft()  # only now: a step that failed is still to be collected
        return tokens.tolist()

    def keep(self, places: list[int]) -> list[int]:
        """Let all other rows go; return for each row that stays, in its new order, where it was."""
        kept = set(places)
        for place in range(len(self.own)):
            if place not in kept:
                self.store.free += self.blocks[place]
                self._leave(self.keys[place])
        holes = [place for place in range(len(places)) if place not in kept]
        moved = iter(place for place in places if place >= len(places))
        order = [next(moved) if place in set(holes) else place for place in range(len(places))]
        for name in ("keys", "own", "sources", "blocks"):
            setattr(self, name, [getattr(self, name)[place] for place in order])
        return order

    def _leave(self, key: Hashable) -> None:
        prompt = self.prompts[key]
        prompt.rows -= 1
        if not prompt.rows:
            self.store.free += prompt.blocks
            del self.prompts[key]

    def _groups(self) -> list[tuple[Hashable, list[int]]]:
        """Return the rows of each prompt, at most TILE together."""
        rows: dict[Hashable, list[int]] = {}
        for place, key in enumerate(self.keys):
            rows.setdefault(key, []).append(place)
        return [(key, places[at : at + TILE]) for key, places in rows.items() for at in range(0, len(places), TILE)]

    def _step(self) -> Step:
        """Return the smallest step that has room for the rows and their tiles."""
        count = len(self.own)
        rows = min(size for size in (*SIZES, self.most) if count <= size <= self.most)
        tiles = len(self._groups())
        few = min(rows, -(-rows // TILE) + 7)
        key = rows, few if tiles <= few else rows
        if key not in self.steps:
            self.steps[key] = Step(self, *key)
        return self.steps[key]

    def _fill(self, table: dict[str, Any]) -> None:
        """Write a step's tables. Places without a row have length 0, tiles without rows prompt -1."""
        count, prompts = len(self.own), {key: number for number, key in enumerate(self.prompts)}
        table["lengths"][:count], table["lengths"][count:] = self.own, 0
        before = [self.prompts[key].length + own - 1 for key, own in zip(self.keys, self.own, strict=True)]
        table["positions"][:count], table["positions"][count:] = before, 0
        table["sources"][:count], table["sources"][count:] = self.sources, 0
        for place, blocks in enumerate(self.blocks):
            table["blocks"][place, : len(blocks)] = blocks
        for key, number in prompts.items():
            prompt = self.prompts[key]
            table["prompt_lengths"][number] = prompt.length
            table["prompt_blocks"][number, : len(prompt.blocks)] = prompt.blocks
        table["tile_prompt"][:] = -1
        table["tile_rows"][:] = -1
        for tile, (key, places) in enumerate(self._groups()):
            table["tile_prompt"][tile] = prompts[key]
            table["tile_rows"][tile, : len(places)] = places
