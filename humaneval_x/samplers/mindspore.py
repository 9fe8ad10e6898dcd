"""CodeGeeX in MindSpore, on a CPU or an Ascend NPU, sampled in batches that stay full.

Shapes are static: a table of rows and slots, one graph for prompts of a length and one for a step of all rows. A prompt
is computed once and copied to the rows of its samples; the row of a sample that is done gets the next one. Tokens are
drawn on the host by `drawing.py` from the same numbers as in the other engine on this machine, so that samples are
equal wherever logits are. Does not make rows independent of the batch to the last bit. Not run on an Ascend NPU.
Letters: B rows, T tokens, S slots, V vocabulary.
"""

# mindspore has no types.
# mypy: disable-error-code="import-not-found, import-untyped, unused-ignore"

from __future__ import annotations

import os
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from humaneval_x.codegeex.mindspore_weights import Take
from humaneval_x.errors import MachineError, OptionError, install
from humaneval_x.samplers import Completion, ModelOptions, SamplingSettings, kind_of
from humaneval_x.samplers.devices import free_bytes, gigabytes
from humaneval_x.samplers.drawing import draw
from humaneval_x.samplers.local import Model, loading
from humaneval_x.samplers.published import read_by
from humaneval_x.samplers.rows import GrowingSample, Local, Tokenized, limit_of
from humaneval_x.samplers.text import Pieces

LARGEST_BATCH = 256
MEMORY_SHARE = 0.75  # of what is free after the weights, for the table
ROOM = 64  # slots are counted in these, and a table is used again for what fits it: each shape is compiled once
SHORTEST = 16  # tokens of a prompt's graph
TARGETS = {"CPU": "cpu", "Ascend": "npu"}  # what MindSpore calls a device, and what --device does
BYTES = {"float16": 2, "float32": 4}


class Engine:
    """A model in MindSpore, and how to sample it."""

    def __init__(self, known: Model, network: Any, settings: SamplingSettings, target: str) -> None:
        from humaneval_x.codegeex.mindspore_attention import attention_for

        self.known, self.network, self.settings, self.target = known, network, settings, target
        self.attention = attention_for(target, network.top.heads, network.top.size)
        self.pieces = Pieces(known.tokenizer)
        self.positions = int(known.config.max_position_embeddings)
        self.table: RowTable | None = None

    def use(self, settings: SamplingSettings) -> None:
        """Sample by other settings from now on."""
        self.settings = settings

    def sample(self, requests: Iterable[Tokenized]) -> Iterator[Completion]:
        """Yield every sample of every request, as they finish."""
        waiting = Waiting(requests)
        if self.table is not None:
            self.table.clear()
        while (longest := waiting.longest(self._most())) is not None:
            table = self._table_for(waiting.ahead(self._most()), self._slots(longest))
            yield from self._filled(table, waiting)
            while table.alive:
                for place, token in zip(list(table.alive), self._step(table), strict=True):
                    yield from self._pushed(table, place, token)
                yield from self._filled(table, waiting)

    def _filled(self, table: RowTable, waiting: Waiting) -> Iterator[Completion]:
        """Start samples in the free rows, as long as their prompts fit the table."""
        while (place := table.free()) is not None and waiting.fits(table.slots, self._slots):
            tokenized, index = waiting.take()
            row = GrowingSample(tokenized, index, self.settings, self.positions, self.known.end_ids, self.pieces)
            logits = table.admit(place, row, self._hidden(tokenized))
            yield from self._pushed(table, place, int(draw(logits, [row.numbers[0]], self.settings)))

    def _step(self, table: RowTable) -> list[int]:
        """Return the next token of each row that is alive."""
        logits = table.step()
        numbers = [row.numbers[row.count] for row in table.alive.values()]
        tokens: list[int] = draw(logits, numbers, self.settings).tolist()
        return tokens

    def _pushed(self, table: RowTable, place: int, token: int) -> Iterator[Completion]:
        row = table.alive[place]
        reason = row.push(token)
        table.tokens[place] = token
        if reason:
            del table.alive[place]
            yield row.completion(reason)

    def _hidden(self, tokenized: Tokenized) -> NDArray[np.bool_]:
        """Return which tokens of a prompt no other may attend to."""
        ids = np.array(tokenized.prompt_ids)
        return np.isin(ids, list(self.known.end_ids)) & self.known.options.hide_end_of_text

    def _slots(self, tokenized: Tokenized) -> int:
        """Return the slots that a sample of this prompt needs."""
        length = len(tokenized.prompt_ids)
        needed = length + limit_of(tokenized.prompt_ids, self.settings.max_new_tokens, self.positions)
        return min(self.positions, -(-needed // ROOM) * ROOM)

    def _most(self) -> int:
        """Return how many samples may be in the making at once, with prompts and completions of full length."""
        if self.known.options.batch_size is not None:
            return self.known.options.batch_size
        config = self.known.config
        token = 2 * config.num_hidden_layers * config.hidden_size * self.network.words.itemsize
        free = free_memory(self.target) * MEMORY_SHARE
        return int(max(1, min(LARGEST_BATCH, free // (token * self.positions))))

    def _table_for(self, rows: int, slots: int) -> RowTable:
        """Return the table at hand if it is large enough and not much too large, or a new one."""
        if self.table is None or not rows <= self.table.rows <= 2 * rows or self.table.slots < slots:
            self.table = None  # before the next one takes memory
            with out_of_memory(rows, slots, self.target):
                self.table = RowTable(self.network, rows, slots, self.attention)
        return self.table


class Waiting:
    """The samples that have no row yet; requests are read as they are needed."""

    def __init__(self, requests: Iterable[Tokenized]) -> None:
        self._coming = iter(requests)
        self._read: deque[tuple[Tokenized, int]] = deque()

    def ahead(self, most: int) -> int:
        """Return how many samples wait, counted up to `most`."""
        while len(self._read) < most and (tokenized := next(self._coming, None)) is not None:
            self._read += ((tokenized, index) for index in tokenized.indices)
        return min(most, len(self._read))

    def longest(self, most: int) -> Tokenized | None:
        """Return the longest prompt of the next samples, None where there are none."""
        count = self.ahead(most)
        return max((self._read[i][0] for i in range(count)), key=lambda each: len(each.prompt_ids), default=None)

    def fits(self, slots: int, needed: Any) -> bool:
        """Whether there is a next sample, and so many slots are enough for it."""
        return self.ahead(1) == 1 and needed(self._read[0][0]) <= slots

    def take(self) -> tuple[Tokenized, int]:
        """Return the next sample."""
        return self._read.popleft()


class RowTable:
    """Rows of static shape. `alive` has the samples by their place; the others compute what nobody reads."""

    def __init__(self, network: Any, rows: int, slots: int, attention: Any) -> None:
        import mindspore as ms

        from humaneval_x.codegeex.mindspore_model import Rows

        self.rows, self.slots, self.heads = rows, slots, network.top.heads
        cell = Rows(network, rows, slots, *attention)
        self._run, self._copy = ms.jit(cell.construct), ms.jit(cell.copy)
        self._tensor = ms.Tensor
        self.alive: dict[int, GrowingSample] = {}
        self.tokens = np.zeros(rows, np.int32)  # the newest of each row, not yet in the caches
        self.prompts: list[Tokenized | None] = [None] * rows  # whose keys and values a row begins with
        self.visible = np.ones((rows, slots), bool)
        self.computed: tuple[Any, torch.Tensor] | None = None  # the last prompt, and its logits (1, V)

    def clear(self) -> None:
        """Forget the samples in the making."""
        self.alive.clear()
        self.prompts = [None] * self.rows
        self.computed = None

    def free(self) -> int | None:
        """Return a row that no sample has, if there is one."""
        return next((place for place in range(self.rows) if place not in self.alive), None)

    def admit(self, place: int, row: GrowingSample, hidden: NDArray[np.bool_]) -> torch.Tensor:
        """Give a row to a sample and return the logits (1, V) after its prompt."""
        tokenized, request = row.tokenized, row.tokenized.request
        holders = [at for at, each in enumerate(self.prompts) if each is not None and each.request is request]
        if self.computed is None or self.computed[0] is not request or not holders:
            self.computed = request, self._prefill(place, tokenized.prompt_ids, hidden)
        elif place not in holders:
            self._copy(self._ints([holders[0]]), self._ints([place]))
        self.prompts[place] = tokenized
        self.visible[place] = True
        self.visible[place, : len(hidden)] = ~hidden
        self.alive[place] = row
        return self.computed[1]

    def step(self) -> torch.Tensor:
        """Return the logits after the newest tokens of the rows that are alive, by their order in `alive`."""
        positions = np.full(self.rows, self.slots - 1, np.int32)  # no prompt is there: those of idle rows stay whole
        for place, row in self.alive.items():
            positions[place] = len(row.tokenized.prompt_ids) + row.count - 1
        mask = (np.arange(self.slots) <= positions[:, None]) & self.visible
        places = np.arange(self.rows)
        logits = self._logits(self.tokens[:, None], positions[:, None], places, mask[:, None, None], places)
        return logits[list(self.alive)]

    def _prefill(self, place: int, ids: list[int], hidden: NDArray[np.bool_]) -> torch.Tensor:
        length = min(self.slots, max(SHORTEST, 1 << (len(ids) - 1).bit_length()))
        padded = np.zeros((1, length), np.int32)
        padded[0, : len(ids)] = ids
        mask = np.tril(np.ones((length, length), bool))
        mask[:, : len(ids)] &= ~hidden
        np.fill_diagonal(mask, True)  # a token that nothing may attend to is computed all the same
        places, last = np.array([place]), np.array([len(ids) - 1])
        return self._logits(padded, np.arange(length)[None], places, mask[None, None], last)

    def _logits(self, ids: Any, positions: Any, rows: Any, mask: Any, last: Any) -> torch.Tensor:
        from humaneval_x.codegeex.mindspore_model import HIDDEN

        slots = np.broadcast_arrays(rows[:, None, None], np.arange(self.heads)[:, None], positions[:, None])
        bias = self._tensor(np.where(mask, 0, HIDDEN).astype(np.float32))
        logits = self._run(*map(self._ints, (ids, positions, np.stack(slots, -1))), bias, self._ints(last))
        return torch.from_numpy(logits.asnumpy())

    def _ints(self, values: Any) -> Any:
        return self._tensor(np.asarray(values, np.int32))


class out_of_memory:
    """Turns a table that does not fit into one line."""

    def __init__(self, rows: int, slots: int, target: str) -> None:
        self.what = f"{rows} samples of {slots} tokens do not fit the memory of this {target}"

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: Any, fault: BaseException | None, trace: Any) -> None:
        if isinstance(fault, MemoryError) or (isinstance(fault, RuntimeError) and "memory" in str(fault).lower()):
            raise MachineError(f"{self.what}; give a smaller --batch_size or --max_new_tokens") from fault


def open_sampler(options: ModelOptions, settings: SamplingSettings) -> Local:
    """Return the loaded model. Raises CheckpointError, MachineError, OptionError."""
    if kind_of(options.model) not in ("codegeex", "checkpoint"):
        what = "runs CodeGeeX only, converted or as it was published"
        raise OptionError(f"--engine mindspore: {what}, {options.model} is none; give another --engine")
    if (options.processes or 1) > 1:
        raise OptionError("--processes: --engine mindspore is one process; start it once for each --device npu:N")
    target = target_for(options.device)
    dtype = dtype_for(options.dtype, target)
    known, take, numbers = read_by(options, dtype)
    check_fits(options.model, numbers, dtype, target)
    engine = started(known, settings, take, target)
    hides = {"hide_end_of_text": True} if options.hide_end_of_text else {}
    identity = known.identity(engine="mindspore", dtype=dtype, device=TARGETS[target], **hides)
    return Local(engine, known.prompts(), identity)


def started(known: Model, settings: SamplingSettings, take: Take, target: str) -> Engine:
    """Return the engine with its model loaded. Raises CheckpointError, MachineError."""
    from humaneval_x.codegeex.mindspore_model import CodeGeeX

    with loading(known.options.model):
        network = CodeGeeX(known.config, take)
    return Engine(known, network, settings, target)


def imported() -> Any:
    """Return MindSpore, told to be quiet. Raises OptionError where it is missing."""
    os.environ.setdefault("GLOG_v", "3")  # errors only
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its imports warn of each other
            import mindspore
    except ImportError as fault:
        raise OptionError(f"{fault.name} is not installed; install it with: {install('mindspore')}") from fault
    return mindspore


def target_for(device: str) -> str:
    """Choose MindSpore's device for auto, cpu, npu, npu:1, and return its name. Raises OptionError, MachineError."""
    kind, _, index = device.partition(":")
    if kind == "cuda":
        raise OptionError(f"--device {device}: --engine mindspore runs on cpu and npu; give one, or another --engine")
    ms = imported()
    there = ms.hal.is_available("Ascend")
    if kind == "npu" and not there:
        what = "MindSpore finds no Ascend NPU on this machine"
        raise MachineError(f"--device {device}: {what}; install CANN and check npu-smi, or give --device cpu")
    target = "Ascend" if kind == "npu" or (kind == "auto" and there) else "CPU"
    if target == "CPU":
        ms.set_device("CPU")
    else:
        ms.set_device(target, int(index or 0))
    return target


def dtype_for(name: str, target: str) -> str:
    """Return the type of the weights: auto is float16 on an NPU, float32 on a CPU. Raises OptionError."""
    if name == "auto":
        return "float32" if target == "CPU" else "float16"
    if name not in BYTES:
        raise OptionError(f"--dtype {name}: --engine mindspore has auto, {' and '.join(BYTES)}; give one of them")
    return name


def free_memory(target: str) -> int:
    """Return the bytes that can still be had."""
    if target == "CPU":
        return free_bytes(torch.device("cpu"))
    return int(imported().hal.get_device_properties(0, target).free_memory)


def check_fits(model: str, numbers: int, dtype: str, target: str) -> None:
    """Raise MachineError where the weights do not fit; int8 ones are expanded when they are loaded."""
    needed, free = numbers * BYTES[dtype], free_memory(target)
    if needed > free:
        there = f"{target} has {gigabytes(free)} free"
        what = f"{Path(model).name}: the weights need {gigabytes(needed)} in {dtype}, {there}"
        raise MachineError(f"{what}; give --dtype float16, a larger machine, or another --engine")
