"""A sample's text as a client sees it while it grows: cut at the client's stop words, and told piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence


class Growing:
    """Called with the text each time it has grown, returns whether it may end.

    stop: words before which the text ends; they are not part of it
    rule: what else may end it, such as a language's rule; the text that it saw stays whole
    tell: gets each new piece, as soon as no stop word can begin in it
    gone: whether nobody waits for the text any more
    """

    def __init__(
        self,
        stop: Sequence[str],
        rule: Callable[[str], bool] | None,
        tell: Callable[[str], None],
        gone: Callable[[], bool],
    ) -> None:
        self.stop, self.rule, self.tell, self.gone = tuple(stop), rule, tell, gone
        self.told = 0

    def __call__(self, text: str) -> bool:
        end = self.end(text)
        self._tell(text[: len(text) - self.held(text) if end is None else end])
        return end is not None or self.gone() or (self.rule is not None and self.rule(text))

    def finish(self, text: str) -> tuple[str, bool]:
        """Tell what is left of the whole text; return it without what a stop word cut, and whether one did."""
        end = self.end(text)
        cut = text if end is None else text[:end]
        self._tell(cut)
        return cut, end is not None

    def end(self, text: str) -> int | None:
        """Return where the first stop word begins; what was told before cannot hold one."""
        longest = max(map(len, self.stop), default=0)
        start = max(0, self.told - longest)
        found = [at for word in self.stop if (at := text.find(word, start)) >= 0]
        return min(found, default=None)

    def held(self, text: str) -> int:
        """Return how many characters at the end may be the beginning of a stop word."""
        sizes = (size for word in self.stop for size in range(1, len(word)) if text.endswith(word[:size]))
        return max(sizes, default=0)

    def _tell(self, text: str) -> None:
        if len(text) > self.told:
            self.tell(text[self.told :])
            self.told = len(text)
