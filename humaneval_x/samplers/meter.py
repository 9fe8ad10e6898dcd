"""Progress of sampling, in samples and tokens a second: a bar on a terminal, one line every 30 s elsewhere."""

from __future__ import annotations

import sys
import time

from tqdm import tqdm

EVERY_S = 30


class Meter:
    """Counts samples and their tokens."""

    def __init__(self, total: int, done: int, *, shown: bool = True) -> None:
        self.total, self.count, self.first, self.tokens = total, done, done, 0
        self.began = self.told = time.monotonic()
        self.bar = None
        self.plain = shown and not sys.stderr.isatty()
        if shown and not self.plain:
            self.bar = tqdm(total=total, initial=done, unit=" samples", dynamic_ncols=True, smoothing=0.05)

    def add(self, tokens: int) -> None:
        """Count one sample."""
        self.count += 1
        self.tokens += tokens
        now = time.monotonic()
        if self.bar is not None:
            self.bar.set_postfix_str(f"{self.tokens / max(now - self.began, 1e-9):.0f} tokens/s", refresh=False)
            self.bar.update()
        elif self.plain and now - self.told > EVERY_S:
            self.told = now
            print(self.line(), file=sys.stderr, flush=True)

    def line(self) -> str:
        """Return the state in one line."""
        took = max(time.monotonic() - self.began, 1e-9)
        rate = (self.count - self.first) / took
        left = (self.total - self.count) / rate if rate else float("inf")
        speed = f"{rate:.2f} samples/s, {self.tokens / took:.0f} tokens/s"
        return f"{self.count} of {self.total} samples, {speed}, {left:.0f} s left"

    def close(self) -> None:
        """End the bar; elsewhere say the final state."""
        if self.bar is not None:
            self.bar.close()
        elif self.plain and self.count > self.first:
            print(self.line(), file=sys.stderr, flush=True)
