"""The records that cross rooms: frozen dataclasses, one meaning per field.

Does not read or write files (`problems.py`, `samples.py`, `results.py` do).
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from humaneval_x.errors import OptionError, ProblemError


class Status(enum.StrEnum if hasattr(enum, "StrEnum") else str, enum.Enum):  # type: ignore[misc]
    """What became of one program. A fault of the harness is not among them: it raises."""

    PASSED = "passed"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    COMPILE_ERROR = "compile_error"
    TIMED_OUT = "timed_out"
    MEMORY_EXCEEDED = "memory_exceeded"
    OUTPUT_EXCEEDED = "output_exceeded"
    TAMPERED = "tampered"
