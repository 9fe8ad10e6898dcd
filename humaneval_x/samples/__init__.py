"""The samples: read and checked (`reading`), appended (`writing`), known by key (`keys`) and by content (`files`).

Does not find the program in what a model wrote (`answers/` does) and does not run it. `.gz` by name.
"""

from humaneval_x.samples.asked import AS_IT_IS, OURS, Asked, Recognised
from humaneval_x.samples.files import SamplesFile, checked_paths, describe, is_same
from humaneval_x.samples.keys import Key, KeySet
from humaneval_x.samples.reading import (
    Numbering,
    read_samples,
    sample_alone,
    sample_of,
    set_of_samples,
    task_of_samples,
    with_languages_asked,
)
from humaneval_x.samples.writing import SampleWriter, is_complete

__all__ = [
    "AS_IT_IS",
    "OURS",
    "Asked",
    "Key",
    "KeySet",
    "Numbering",
    "Recognised",
    "SampleWriter",
    "SamplesFile",
    "checked_paths",
    "describe",
    "is_complete",
    "is_same",
    "read_samples",
    "sample_alone",
    "sample_of",
    "set_of_samples",
    "task_of_samples",
    "with_languages_asked",
]
