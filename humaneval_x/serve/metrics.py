"""What the service counts, and its text for Prometheus. Quantiles are those of the last requests of each path."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]  # ASGI's word for a request without its body
WINDOW = 1024
QUANTILES = (0.5, 0.95, 0.99)
PREFIX = "humaneval_x_"


class Metrics:
    """Counters of requests, by path and status."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()
        self.seconds: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=WINDOW))
        self.spent: defaultdict[str, float] = defaultdict(float)

    def request(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one request; a path that is nobody's is `other`, so that strangers cannot make new series."""
        route = scope.get("route")
        path = getattr(route, "path", None) or "other"
        self.requests[path, status] += 1
        self.seconds[path].append(seconds)
        self.spent[path] += seconds

    def text(self, gauges: Mapping[str, float], counters: Mapping[str, Mapping[str, float]]) -> str:
        """Return everything as Prometheus reads it. `counters`: name -> label's text -> value."""
        return "\n".join([*self._own(), *others(gauges, counters)]) + "\n"

    def _own(self) -> Iterator[str]:
        yield f"# TYPE {PREFIX}requests_total counter"
        for (path, status), count in sorted(self.requests.items()):
            yield f'{PREFIX}requests_total{{path="{path}",status="{status}"}} {count}'
        yield f"# TYPE {PREFIX}request_seconds summary"
        for path, seconds in sorted(self.seconds.items()):
            ordered = sorted(seconds)
            for quantile in QUANTILES:
                value = ordered[min(len(ordered) - 1, int(quantile * len(ordered)))]
                yield f'{PREFIX}request_seconds{{path="{path}",quantile="{quantile}"}} {value:.6f}'
            count = sum(number for (each, _), number in self.requests.items() if each == path)
            yield f'{PREFIX}request_seconds_sum{{path="{path}"}} {self.spent[path]:.6f}'
            yield f'{PREFIX}request_seconds_count{{path="{path}"}} {count}'


def others(gauges: Mapping[str, float], counters: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Yield the lines of plain numbers."""
    for name, value in gauges.items():
        yield f"# TYPE {PREFIX}{name} gauge"
        yield f"{PREFIX}{name} {value}"
    for name, values in counters.items():
        yield f"# TYPE {PREFIX}{name} counter"
        for labels, value in sorted(values.items()):
            yield f"{PREFIX}{name}{labels} {value}"
