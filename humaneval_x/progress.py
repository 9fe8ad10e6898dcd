"""Progress of long work: a bar on a terminal, one line every 30 s elsewhere."""

from __future__ import annotations

import sys
import time

from tqdm import tqdm

EVERY_S = 30


class Progress:
    """Counts judged and passed samples; shows what is judged, rate, time left, and what was there from before.

    `done` samples had their verdict when it began, and `passed` of them had passed.
    """

    def __init__(self, label: str, total: int, done: int = 0, passed: int = 0, *, shown: bool = True) -> None:
        self.label, self.total, self.first, self.count, self.passed = label, total, done, done, passed
        self.began = self.told = time.monotonic()
        self.language = ""
        self.bar = None
        self.plain = shown and not sys.stderr.isatty()
        if shown and not self.plain:
            self.bar = tqdm(desc=label, total=total, initial=done, unit=" samples", dynamic_ncols=True, smoothing=0.05)

    def add(self, passed: bool, language: str = "") -> None:
        """Count one judged sample."""
        self.count += 1
        self.passed += passed
        self.language = language
        if self.bar is not None:
            self.bar.set_postfix_str(self.state(), refresh=False)
            self.bar.update()
        elif self.plain and time.monotonic() - self.told > EVERY_S:
            self.told = time.monotonic()
            print(self.line(), file=sys.stderr, flush=True)

    def state(self) -> str:
        """Return what a bar does not show by itself."""
        before = f", {self.first} from before" if self.first else ""
        return f"{self.language}, {self.passed} passed{before}".removeprefix(", ")

    def line(self) -> str:
        """Return the state in one line."""
        rate = (self.count - self.first) / max(time.monotonic() - self.began, 1e-9)
        left = f", {(self.total - self.count) / rate:.0f} s left" if rate else ""
        return f"{self.label}: {self.count} of {self.total} samples, {self.state()}, {rate:.1f} a second{left}"

    def close(self) -> None:
        """End the bar."""
        if self.bar is not None:
            self.bar.close()
