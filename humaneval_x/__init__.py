"""The measuring instrument for multilingual code models: pass@k over HumanEval-X, in a sandbox.

    import humaneval_x as hx
    hx.evaluate("samples.jsonl")["scores"]

Importing this loads neither torch nor docker.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_EXPORTS = {
    "load_problems": "problems",
    "read_samples": "samples",
    "evaluate": "evaluation",
    "pass_at_k": "metrics",
    "generate": "generation",
}
__all__ = list(_EXPORTS)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(_EXPORTS)}")
    return getattr(import_module(f"humaneval_x.{_EXPORTS[name]}"), name)
