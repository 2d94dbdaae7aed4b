"""Tries the way to the server as a report would take it, step by step, and says where it ends.

What comes back is judged as a domain.station.connectivity.Reach; nothing is sent but a question
for this station's key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from reprise.adapters.network import http
from reprise.adapters.network.call import Call, EndedError
from reprise.adapters.network.route import Route
from reprise.domain.station.connectivity import (
    ConnectionStep,
    Finding,
    Reach,
    StepResult,
    failed,
    judge_address,
    judge_link,
    passed,
)
from reprise.ports import Clock
from reprise.settings import ServerSettings
from reprise_common.network import Link

_NO_TLS = Finding(ConnectionStep.TLS, StepResult.NOT_TRIED)


class ServerCheck:
    """Once. `links` gives None where nobody knows of any: those two steps are not tried."""

    def __init__(
        self,
        settings: ServerSettings,
        ca_file: Path | None,
        clock: Clock,
        links: Callable[[], Sequence[Link] | None],
    ) -> None:
        self._settings, self._ca_file, self._clock, self._links = settings, ca_file, clock, links
        self._route = Route(settings)

    def run(self, kid: str) -> Iterator[Finding]:
        """One finding for each ConnectionStep, in order. `kid` "": whether it is
        enrolled is not tried."""
        done = 0
        try:
            for finding in self._steps(kid):
                done += 1
                yield finding
        except EndedError as end:
            done += 1
            yield end.finding
        for step in tuple(ConnectionStep)[done:]:
            yield Finding(step, StepResult.NOT_TRIED)

    def _steps(self, kid: str) -> Iterator[Finding]:
        yield from self._link_steps()
        if not self._settings.url:
            raise EndedError(failed(ConnectionStep.NAME, Reach.NO_SERVER))
        name_s = self._settings.connect_timeout_s  # a person waits for it
        with Call(self._settings, self._ca_file, self._clock, name_s=name_s) as call:
            yield passed(ConnectionStep.NAME, call.look_up())
            call.connect()
            yield passed(ConnectionStep.CONNECT)
            call.encrypt()
            yield passed(ConnectionStep.TLS) if self._route.encrypted else _NO_TLS
            yield from self._judge(call.ask(http.key_question(kid)), kid)

    def _link_steps(self) -> Iterator[Finding]:
        """A server on this very PC needs neither."""
        links = None if self._here() else self._links()
        for step, judge in (
            (ConnectionStep.LINK, judge_link),
            (ConnectionStep.ADDRESS, judge_address),
        ):
            finding = Finding(step, StepResult.NOT_TRIED) if links is None else judge(links)
            if finding.outcome is StepResult.FAILED:
                raise EndedError(finding)
            yield finding

    def _here(self) -> bool:
        return self._route.first_stop[0] in ("localhost", "127.0.0.1", "::1")

    def _judge(self, answer: http.Answer, kid: str) -> Iterator[Finding]:
        reason = http.judge_answer(answer, through_proxy=self._route.plain_proxy is not None)
        if reason is Reach.NOT_ENROLLED:
            yield passed(ConnectionStep.ANSWER)
            if not kid:  # no key to ask for
                return
            raise EndedError(failed(ConnectionStep.ENROLLED, reason, kid))
        if reason is not None:
            about = http.about_status(reason, str(answer.status), self._route.at)
            raise EndedError(failed(ConnectionStep.ANSWER, reason, about))
        yield passed(ConnectionStep.ANSWER)
        yield passed(ConnectionStep.ENROLLED)
