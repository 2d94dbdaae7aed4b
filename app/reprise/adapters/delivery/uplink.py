"""Sends one report to the server (PUT /api/v1/reports/{id}) and judges the answer.

Only a 200 or 201 with a receipt for our very bytes is "accepted". What the server understood and
will not have is "refused"; everything else is tried again.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from reprise.adapters.delivery.receipts import any_receipt, read_receipt
from reprise.adapters.network.call import Call, EndedError
from reprise.adapters.network.http import (
    MAX_ANSWER_BYTES,
    Answer,
    HttpRequest,
    Problem,
    about_status,
    judge_status,
    read_problem,
)
from reprise.adapters.network.route import Route
from reprise.domain.station.connectivity import Reach
from reprise.domain.station.delivery import Delivery, DeliveryResult
from reprise.errors import InputError
from reprise.i18n import _
from reprise.ports import Clock
from reprise.settings import ServerSettings

_DETAIL_CHARACTERS = 300
_TAKEN = (200, 201)
_REFUSED = frozenset({400, 403, 409, 410, 413, 415, 422})


class HttpUplink:
    """workflow.delivery.deliver.Uplink over HTTP(S). Certificates are always verified; redirects
    are not followed, as a report must go to the server that was set and nowhere else; no proxy,
    password or authority is taken from the environment."""

    def __init__(self, settings: ServerSettings, ca_file: Path | None, clock: Clock) -> None:
        """Raises InputError where no server is set or its certificate file is missing. `clock`
        tells whether a certificate out of date is, or this PC's date is wrong."""
        if not settings.url:
            raise InputError(
                _("no server is set."),
                _('Write its address into reprise.toml on the stick: [server] url = "https://…"'),
            )
        if ca_file is not None and not ca_file.is_file():
            raise InputError(
                _("the certificate file “{path}” (server.ca_file) is missing.").format(
                    path=ca_file
                ),
                _("Copy it beside reprise.toml."),
            )
        self._settings, self._ca_file, self._clock = settings, ca_file, clock
        self._route = Route(settings)

    @property
    def server(self) -> str:
        return self._route.url.netloc

    def send(self, report_id: str, jws: bytes) -> Delivery:
        """One try. Never raises: whatever answers here, the other reports go on."""
        try:
            answer = self._put(report_id, jws)
            return self._judge(answer, report_id, jws)
        except EndedError as end:
            return self._unsent(end)
        except Exception as error:  # noqa: BLE001 - see above: an answer that nobody foresaw
            name = type(error).__name__
            word = _one_line(f"{name}: {error}")
            return Delivery(DeliveryResult.RETRY, word, reason=Reach.NOT_REPRISE, about=name)

    def greet(self, hello: bytes) -> None:
        """Whatever comes of it: a server of an earlier version knows no such thing."""
        with suppress(EndedError):
            self._ask(HttpRequest("POST", "/api/v1/stations/hello", "application/jose", hello))

    def _put(self, report_id: str, jws: bytes) -> Answer:
        path = f"/api/v1/reports/{report_id}"
        return self._ask(HttpRequest("PUT", path, "application/jose", jws))

    def _ask(self, question: HttpRequest) -> Answer:
        size = len(question.body)
        with Call(self._settings, self._ca_file, self._clock, to_send=size) as call:
            call.look_up()
            call.connect()
            call.encrypt()
            return call.ask(question)

    def _unsent(self, end: EndedError) -> Delivery:
        reason, about = end.finding.reason, end.finding.detail
        if self._ca_file is not None and not self._ca_file.is_file():  # gone with its stick
            reason, about = Reach.CA_FILE, self._settings.ca_file
        # of a server that answers too slowly, another report may be another matter
        outcome = DeliveryResult.RETRY if reason is Reach.ANSWER else DeliveryResult.OFFLINE
        return Delivery(outcome, _one_line(end.word), reason=reason, about=about)

    def _judge(self, answer: Answer, report_id: str, jws: bytes) -> Delivery:
        if len(answer.body) > MAX_ANSWER_BYTES:
            return Delivery(DeliveryResult.RETRY, str(answer.status), reason=Reach.ANSWER)
        if answer.status in _TAKEN:
            return _judge_receipt(answer.status, answer.body, report_id, jws)
        return self._judge_problem(answer.status, read_problem(answer.body))

    def _judge_problem(self, status: int, problem: Problem) -> Delivery:
        """Words of a Reprise server say it better than any of ours, but for an error of its own."""
        told = _one_line(f"{status}: {problem.words}").rstrip(": ")
        if problem.ours and status in _REFUSED:
            return Delivery(DeliveryResult.REFUSED, told)
        reason = judge_status(status, through_proxy=self._route.plain_proxy is not None)
        if problem.ours and reason is not Reach.SERVER_ERROR:
            return Delivery(DeliveryResult.RETRY, told)
        about = about_status(reason, told, self._route.at)
        return Delivery(DeliveryResult.RETRY, told, reason=reason, about=about)


def _judge_receipt(status: int, body: bytes, report_id: str, jws: bytes) -> Delivery:
    if read_receipt(body, report_id, jws) is not None:
        return Delivery(DeliveryResult.ACCEPTED, str(status), body)
    if any_receipt(body) is not None:
        return Delivery(DeliveryResult.RETRY, str(status), reason=Reach.RECEIPT)
    return Delivery(DeliveryResult.RETRY, str(status), reason=Reach.NOT_REPRISE, about=str(status))


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:_DETAIL_CHARACTERS].strip()
