"""Verdicts of programs judged before, the latest used first, bounded in bytes. Kept in memory, lost at the end."""

from __future__ import annotations

from collections import OrderedDict

from humaneval_x.records import Verdict

RECORD_BYTES = 1024  # a verdict and its key without the tails of output


class VerdictCache:
    """A least-recently-used map of at most `most_bytes`. For one thread."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes, self.bytes, self.hits = most_bytes, 0, 0
        self._verdicts: OrderedDict[object, Verdict] = OrderedDict()

    def __len__(self) -> int:
        return len(self._verdicts)

    def get(self, key: object) -> Verdict | None:
        """Return the verdict of a key, if it is still there."""
        verdict = self._verdicts.get(key)
        if verdict is not None:
            self.hits += 1
            self._verdicts.move_to_end(key)
        return verdict

    def add(self, key: object, verdict: Verdict) -> None:
        """Keep a verdict; the oldest go where there is no room."""
        old = self._verdicts.pop(key, None)
        self.bytes += size_of(verdict) - (size_of(old) if old else 0)
        self._verdicts[key] = verdict
        while self.bytes > self.most_bytes:
            _, gone = self._verdicts.popitem(last=False)
            self.bytes -= size_of(gone)


def size_of(verdict: Verdict) -> int:
    """About how many bytes a verdict takes."""
    tails = verdict.reason, verdict.stdout, verdict.stderr, verdict.compiler_output
    return RECORD_BYTES + sum(map(len, tails))
