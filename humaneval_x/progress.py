"""Progress of long work: a bar on a terminal, one line every 30 s elsewhere."""

from __future__ import annotations

import sys
import time

from tqdm import tqdm

EVERY_S = 30


class Progress:
    """Counts programs judged and passed; shows rate, passed so far, time left."""

    def __init__(self, total: int, done: int, *, shown: bool = True) -> None:
        self.total, self.count, self.passed = total, done, 0
        self.began = self.told = time.monotonic()
        self.first = done
        self.bar = None
        self.plain = shown and not sys.stderr.isatty()
        if shown and not self.plain:
            self.bar = tqdm(total=total, initial=done, unit=" samples", dynamic_ncols=True, smoothing=0.05)

    def add(self, passed: bool) -> None:
        """Count one judged sample."""
        self.count += 1
        self.passed += passed
        if self.bar is not None:
            self.bar.set_postfix_str(f"passed {self.passed}", refresh=False)
            self.bar.update()
        elif self.plain and time.monotonic() - self.told > EVERY_S:
            self.told = time.monotonic()
            rate = (self.count - self.first) / (self.told - self.began)
            left = (self.total - self.count) / rate
            line = f"{self.count} of {self.total} samples, {self.passed} passed, {rate:.1f} a second, {left:.0f} s left"
            print(line, file=sys.stderr, flush=True)

    def close(self) -> None:
        """End the bar."""
        if self.bar is not None:
            self.bar.close()
