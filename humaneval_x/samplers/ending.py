"""Where the sampling of a request may end: at a function's end, where the published rule says, or at stop words."""

from __future__ import annotations

from collections.abc import Callable

from humaneval_x.answers import Ending
from humaneval_x.languages import KNOWN
from humaneval_x.samplers import Request
from humaneval_x.settings import Rules


def ending(request: Request, index: int = 0) -> Callable[[str], bool]:
    """Return what tells, of one sample's text as it grows, whether sampling can end."""
    if request.watch is not None:
        return request.watch(index)
    rule = of_language(request) if request.language else None
    if not request.stop:
        return rule or (lambda text: False)
    return lambda text: any(word in text for word in request.stop) or (rule is not None and rule(text))


def of_language(request: Request) -> Callable[[str], bool]:
    """Return the rule of the language."""
    if request.rules is Rules.REFERENCE:
        return KNOWN[request.language].stops
    return Ending(request.language, request.prefix)
