"""Where the sampling of a request may end: at the end of the function, or where the published rule says."""

from __future__ import annotations

from collections.abc import Callable

from humaneval_x.answers import Ending
from humaneval_x.languages import LANGUAGES
from humaneval_x.samplers import Request
from humaneval_x.settings import Rules


def ending(request: Request) -> Callable[[str], bool]:
    """Return what tells, of one sample's text as it grows, whether sampling can end."""
    if request.rules is Rules.REFERENCE:
        return LANGUAGES[request.language].stops
    return Ending(request.language, request.prefix)
