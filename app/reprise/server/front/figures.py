"""Figures for Prometheus, all of them held by the process that listens. No text of a sender becomes
a label: those are results, addresses as the program has them, and classes of statuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from reprise import __version__
from reprise.server.front.replies import Reply

Restarts = Callable[[], Mapping[str, int]]
_REPORT = "/api/v1/reports/<report_id>"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Figures:
    """`restarts`: how often each process was begun again."""

    def __init__(self, restarts: Restarts) -> None:
        self._registry = every = CollectorRegistry()
        ProcessCollector(registry=every)
        self._reports = Counter(
            "reprise_reports", "Reports by what became of them", ["result"], registry=every
        )
        self._intake = Histogram(
            "reprise_intake_seconds",
            "From the head of a report's request to its answer",
            buckets=_SECONDS,
            registry=every,
        )
        self._pages = Histogram(
            "reprise_page_seconds",
            "From the head of any other request to its answer",
            ["path", "status"],
            buckets=_SECONDS,
            registry=every,
        )
        self._waiting = Gauge(
            "reprise_reports_waiting", "Checked reports that wait for the disk", registry=every
        )
        self._held = Gauge(
            "reprise_held_bytes", "Bytes of reports that are coming in", registry=every
        )
        self._may_hold = Gauge("reprise_held_bytes_limit", "How many there may be", registry=every)
        self._database = Gauge(
            "reprise_database_bytes",
            "Size of the database; NaN: it does not answer",
            registry=every,
        )
        about = Gauge("reprise_build_info", "Which version runs", ["version"], registry=every)
        about.labels(__version__).set(1)
        every.register(_Restarts(restarts))

    def answered(self, path: str, status: int | None, word: str | None, took_s: float) -> None:
        """`word`: of a report that was handed in, else None. `status` None: nobody waited."""
        if word is not None:
            self._reports.labels(word).inc()
            self._intake.observe(took_s)
        else:
            kind = "none" if status is None else f"{status // 100}xx"
            self._pages.labels(path, kind).observe(took_s)

    def reply(self, waiting: int, held: int, may_hold: int, database: float) -> Reply:
        """All of it as text; bytes, and how many reports, at this moment."""
        self._waiting.set(waiting)
        self._held.set(held)
        self._may_hold.set(may_hold)
        self._database.set(database)
        return Reply(200, generate_latest(self._registry), {"Content-Type": CONTENT_TYPE_LATEST})


class _Restarts:
    """What the process that begins all others has counted."""

    def __init__(self, restarts: Restarts) -> None:
        self._restarts = restarts

    def collect(self) -> Iterator[Metric]:
        family = CounterMetricFamily(
            "reprise_process_restarts",
            "Processes that ended and were begun again",
            labels=["process"],
        )
        for name, count in self._restarts().items():
            family.add_metric([name], count)
        yield family
