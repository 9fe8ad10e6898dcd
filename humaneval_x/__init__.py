"""The measuring instrument for multilingual code models: pass@k over HumanEval-X, in a sandbox.

    import humaneval_x as hx
    report = hx.evaluate("samples.jsonl")
    report.generation["python"].pass_at[1].value

Importing this loads neither torch nor docker.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # for editors; what runs imports a name when it is asked for
    from humaneval_x.evaluation import evaluate
    from humaneval_x.generation import generate
    from humaneval_x.metrics import pass_at_k
    from humaneval_x.problems import load_problems
    from humaneval_x.samples import read_samples

_EXPORTS = {
    "load_problems": "problems",
    "read_samples": "samples",
    "evaluate": "evaluation",
    "pass_at_k": "metrics",
    "generate": "generation",
}
__all__ = ["evaluate", "generate", "load_problems", "pass_at_k", "read_samples"]
__version__ = "0.2.0"


def __getattr__(name: str) -> Any:
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(_EXPORTS)}")
    return getattr(import_module(f"humaneval_x.{_EXPORTS[name]}"), name)
