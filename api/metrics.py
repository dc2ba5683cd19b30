"""Prometheus metrics: requests by route template, never by path; the snapshot's age; load failures.

What every request touches is kept in plain numbers, by the one thread that runs the event loop, and becomes metrics
when somebody asks for them.
"""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from tables.snapshot import Snapshot

UNMATCHED = "unmatched"
MEDIA_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
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
        self.answered = 0
        self.shed = 0
        self.load_failures = 0
        self.key_refresh_failures = 0
        self.jobs: Mapping[str, int] = {}
        self._job_events: Counter[str] = Counter()
        self._series: dict[tuple[str, str, int], _Series] = {}
        self._tables = 0
        self._revision = 0
        self._confirmed: float | None = None
        self._keys_loaded: float | None = None
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def snapshot_current(self, snapshot: Snapshot) -> None:
        """This snapshot is in use, and is now as the store."""
        self._tables, self._revision = len(snapshot.tables), snapshot.revision
        self._confirmed = time.monotonic()

    @property
    def snapshot_age(self) -> float | None:
        """Seconds since the snapshot was last seen to be as the store; None before the first."""
        return None if self._confirmed is None else time.monotonic() - self._confirmed

    def load_failed(self) -> None:
        """The tables could not be read, or it could not be seen whether they have changed."""
        self.load_failures += 1

    def key_refresh_failed(self) -> None:
        """The API keys could not be read."""
        self.key_refresh_failures += 1

    def keys_loaded(self) -> None:
        """The API keys have been read now."""
        self._keys_loaded = time.monotonic()

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request answered. The route is a template, or `UNMATCHED`: the number of series stays bounded."""
        self.answered += 1
        series = self._series.get((method, route, status))
        if series is None:
            known = method if method in _METHODS else "other"
            series = self._series.setdefault((known, route, status), _Series())
        series.seconds += seconds
        series.buckets[bisect_left(_BOUNDS, seconds)] += 1

    def job_event(self, event: str) -> None:
        """A job has been taken in or has ended, here: `submitted`, or the status that it ended with."""
        self._job_events[event] += 1

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
            "rielquote_snapshot_load_failures", "Attempts to read the tables that failed.", self.load_failures
        )
        yield GaugeMetricFamily("rielquote_snapshot_tables", "Tables in the snapshot.", self._tables)
        yield GaugeMetricFamily("rielquote_snapshot_revision", "Revision of the store it is of.", self._revision)
        if (age := self.snapshot_age) is not None:
            text = "Time since the snapshot was last seen to be as the store."
            yield GaugeMetricFamily("rielquote_snapshot_age_seconds", text, age)
        yield CounterMetricFamily(
            "rielquote_key_refresh_failures", "Attempts to read the API keys that failed.", self.key_refresh_failures
        )
        jobs = GaugeMetricFamily("rielquote_jobs", "Jobs in the store, whoever runs them.", labels=("status",))
        for standing, number in self.jobs.items():
            jobs.add_metric((standing,), number)
        yield jobs
        events = CounterMetricFamily(
            "rielquote_job_events", "Jobs taken in and ended by this process.", labels=("event",)
        )
        for event, times in self._job_events.items():
            events.add_metric((event,), times)
        yield events
        if self._keys_loaded is not None:
            age = time.monotonic() - self._keys_loaded
            yield GaugeMetricFamily("rielquote_keys_age_seconds", "Time since the API keys were read.", age)


def _cumulated(buckets: list[int]) -> list[tuple[str, float]]:
    total = 0
    cumulated: list[tuple[str, float]] = []
    for bound, number in zip((*map(str, _BOUNDS), "+Inf"), buckets, strict=True):
        total += number
        cumulated.append((bound, total))
    return cumulated
