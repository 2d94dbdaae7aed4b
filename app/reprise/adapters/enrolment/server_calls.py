"""What a station asks a server when it joins, and what the answers mean for a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from reprise import codec
from reprise.adapters.enrolment.messages import read_answer
from reprise.adapters.network.call import Call, EndedError
from reprise.adapters.network.http import (
    MAX_ANSWER_BYTES,
    Answer,
    HttpRequest,
    about_status,
    judge_status,
    read_problem,
)
from reprise.adapters.network.route import Route
from reprise.domain.station.connectivity import Reach
from reprise.domain.station.enrolment import EnrolmentAnswer, Offer
from reprise.errors import InputError, RefusedError, RepriseError, ToolError
from reprise.i18n import N_, _
from reprise.ports import Clock
from reprise.settings import ServerSettings
from reprise.wording.connectivity import advice, said

T = TypeVar("T")
_LOOK, _ENROL = "/api/v1/enrolments/look", "/api/v1/enrolments"
_JSON, _JOSE = "application/json", "application/jose"
_PROBLEMS, _CODE_REFUSED = "/problems/", "code-refused"
# What the server says of it in its own language is said here in the reader's.
_REFUSALS: Mapping[str, tuple[str, str]] = {
    _CODE_REFUSED: (
        N_("The server knows no such code."),
        N_("It was used already, was withdrawn, or has ended: ask for a new one."),
    ),
    "too-many-codes": (
        N_("Too many wrong codes came to the server."),
        N_("Wait ten minutes, and try again with the right one."),
    ),
    "revoked-key": (
        N_("This stick's key was revoked on that server."),
        N_("Use another stick, or ask the server's administrator why."),
    ),
    "key-elsewhere": (
        N_("This stick belongs to another organisation of that server."),
        N_("Nothing was changed. Use another stick for this organisation."),
    ),
    "method-not-allowed": (
        N_("That server is too old: it does not enrol by codes."),
        N_("Ask its administrator to update it, or to enrol the key that is on the stick."),
    ),
    "not-found": (
        N_("That server is too old: it does not enrol by codes."),
        N_("Ask its administrator to update it, or to enrol the key that is on the stick."),
    ),
}


class CodeRefusedError(RefusedError):
    """Wrong, used or ended: which of these a server does not tell."""


class ServerCalls:
    """Of one server. `trust`: where its authority's certificate was put; None: nowhere."""

    def __init__(self, settings: ServerSettings, trust: Path | None, clock: Clock) -> None:
        self._settings, self._trust, self._clock = settings, trust, clock

    def look(self, code: str) -> Offer:
        """Raises RepriseError alone."""
        body = codec.to_json({"code": code})
        return self._asked(
            HttpRequest("POST", _LOOK, _JSON, body), lambda data: codec.from_json(data, Offer)
        )

    def enrol(self, request: bytes) -> EnrolmentAnswer:
        """Raises RepriseError alone."""
        return self._asked(HttpRequest("POST", _ENROL, _JOSE, request), read_answer)

    def _asked(self, question: HttpRequest, read: Callable[[bytes], T]) -> T:
        answer = self._answer(question)
        if answer.status == 200 and len(answer.body) <= MAX_ANSWER_BYTES:
            try:
                return read(answer.body)
            except InputError:
                raise _unreached(Reach.NOT_REPRISE, "200") from None
        raise self._refused(answer)

    def _answer(self, question: HttpRequest) -> Answer:
        try:
            with Call(self._settings, self._trust, self._clock) as call:
                call.look_up()
                call.connect()
                call.encrypt()
                return call.ask(question)
        except EndedError as end:
            raise _unreached(end.finding.reason or Reach.BROKE_OFF, end.finding.detail) from end

    def _refused(self, answer: Answer) -> RepriseError:
        problem = read_problem(answer.body)
        kind = problem.kind.removeprefix(_PROBLEMS)
        known = _REFUSALS.get(kind) if problem.ours else None
        if known is not None:
            refused = CodeRefusedError if kind == _CODE_REFUSED else RefusedError
            return refused(_(known[0]), _(known[1]))
        if problem.ours and answer.status < 500:
            return RefusedError(_("The server refuses: {answer}").format(answer=problem.words))
        route = Route(self._settings)
        reason = judge_status(answer.status, through_proxy=route.plain_proxy is not None)
        return _unreached(reason, about_status(reason, str(answer.status), route.at))


def _unreached(reason: Reach, about: str) -> RepriseError:
    """As the test of the server says it, but for an authority that nobody has told of yet."""
    if reason is Reach.CERTIFICATE_AUTHORITY:
        told = _(
            "If your organisation has its own authority, copy its certificate onto the stick as "
            "ca.pem and try again. Otherwise a device may intercept the connection."
        )
        return ToolError(said(reason, about), told)
    return ToolError(said(reason, about), advice(reason, about))
