"""Prometheus metrics: requests by route template, never by path; the snapshot's age; load failures.

What every request touches is kept in plain numbers, by the one thread that runs the event loop, and becomes metrics
when somebody asks for them.
"""

import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

UNMATCHED = "unmatched"
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BOUNDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


@dataclass
class _Series:
    """Requests of one method, route and status."""

    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(_BOUNDS) + 1))


class Metrics(Collector):
    """The metrics of one application, in a registry of its own."""

    def __init__(self) -> None:
        """Nothing observed yet, no snapshot loaded."""
        self.in_flight: Callable[[], int] = lambda: 0
        self.shed = 0
        self.load_failures = 0
        self._series: dict[tuple[str, str, int], _Series] = {}
        self._tables = 0
        self._loaded: float | None = None
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def snapshot_loaded(self, tables: int) -> None:
        """A snapshot has been loaded now."""
        self._tables = tables
        self._loaded = time.monotonic()

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request answered. The route is a template, or `UNMATCHED`: the number of series stays bounded."""
        series = self._series.get((method, route, status))
        if series is None:
            known = method if method in _METHODS else "other"
            series = self._series.setdefault((known, route, status), _Series())
        series.seconds += seconds
        series.buckets[bisect_left(_BOUNDS, seconds)] += 1

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """What prometheus_client asks of a collector."""
        requests = HistogramMetricFamily(
            "rielquote_request_seconds", "Time to answer, by route.", labels=("method", "route", "status")
        )
        for (method, route, status), series in self._series.items():
            requests.add_metric((method, route, str(status)), _cumulated(series.buckets), series.seconds)
        yield requests
        yield GaugeMetricFamily("rielquote_requests_in_flight", "Requests being worked on.", self.in_flight())
        yield CounterMetricFamily("rielquote_requests_shed", "Requests refused for overload.", self.shed)
        yield CounterMetricFamily(
            "rielquote_snapshot_load_failures", "Attempts to load the tables that failed.", self.load_failures
        )
        yield GaugeMetricFamily("rielquote_snapshot_tables", "Tables in the snapshot.", self._tables)
        if self._loaded is not None:
            age = time.monotonic() - self._loaded
            yield GaugeMetricFamily("rielquote_snapshot_age_seconds", "Time since the snapshot was loaded.", age)


def _cumulated(buckets: list[int]) -> list[tuple[str, float]]:
    total = 0
    cumulated: list[tuple[str, float]] = []
    for bound, number in zip((*map(str, _BOUNDS), "+Inf"), buckets, strict=True):
        total += number
        cumulated.append((bound, total))
    return cumulated
