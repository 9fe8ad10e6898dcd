"""bigcode-evaluation-harness: `generations.json`, a list of tasks, each a list of samples, without ids.

The order is that of the data set, so that only a file with every task of a language can be mapped. The language is
in the file's name (`generations_humanevalsynthesize-cpp.json`) or in `--languages`.
Source: bigcode-project/bigcode-evaluation-harness, bigcode_eval/generation.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from humaneval_x.errors import SampleError
from humaneval_x.formats.found import FoundSample, Glimpse
from humaneval_x.formats.tasks import languages_in

NAME = "bigcode"
TITLE = "bigcode generations"


def fits(look: Glimpse) -> bool:
    """Whether a document is a list of lists of texts, or a list of texts."""
    tasks = look.document
    return isinstance(tasks, list) and bool(tasks) and all(isinstance(each, list | str) for each in tasks)


def read(look: Glimpse) -> Iterator[FoundSample]:
    """Yield the samples of each task in their order. Raises SampleError."""
    said = languages_in(look.path.name)
    language = next(iter(said)) if len(said) == 1 else None
    for position, samples in enumerate(look.document):
        for number, text in enumerate([samples] if isinstance(samples, str) else samples):
            where = f"{look.path}: task {position}, sample {number}"
            if not isinstance(text, str):
                found = f"found a JSON {type(text).__name__}"
                raise SampleError(f"{where}: {found}; expected what the model wrote; correct the file")
            yield FoundSample(
                where=where,
                text=text,
                key="lists of samples",
                position=position,
                tasks=len(look.document),
                language=language,
            )
