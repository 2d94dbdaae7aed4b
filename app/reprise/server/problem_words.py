"""The kinds of refusals, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from reprise.i18n import _
from reprise.server.demo.mark import demo_advice


class ProblemKind(StrEnum):
    BAD_REQUEST = "bad-request"
    BAD_ID = "bad-id"
    WRONG_MEDIA_TYPE = "wrong-media-type"
    TOO_LARGE = "too-large"
    TOO_SLOW = "too-slow"
    MALFORMED_JWS = "malformed-jws"
    ALGORITHM_REFUSED = "algorithm-refused"
    WRONG_TYPE = "wrong-type"
    UNKNOWN_KEY = "unknown-key"
    REVOKED_KEY = "revoked-key"
    ENDED_KEY = "ended-key"
    KEY_ELSEWHERE = "key-elsewhere"
    CODE_REFUSED = "code-refused"
    TOO_MANY_CODES = "too-many-codes"
    BAD_MESSAGE = "bad-message"
    BROKEN_SIGNATURE = "broken-signature"
    NOT_A_REPORT = "not-a-report"
    OUT_OF_BOUNDS = "out-of-bounds"
    ID_MISMATCH = "id-mismatch"
    CONFLICT = "conflict"
    SECOND_REPORT = "second-report"
    NOT_FOUND = "not-found"
    LINK_ENDED = "link-ended"
    SET_UP_ENDED = "set-up-ended"
    NOT_DONE = "not-done"
    LOG_IN = "log-in"
    FORBIDDEN = "forbidden"
    FORGED = "forged"
    TOO_OFTEN = "too-often"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    DAMAGED = "damaged"
    NO_ROOM = "no-room"
    STORAGE = "storage"
    BUSY = "busy"
    NOT_READY = "not-ready"
    PAPER_SOON = "paper-being-made"
    PAPER_FAILED = "paper-failed"
    PAPER_LATE = "paper-too-long"
    PAPER_STORE = "paper-store"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Words:
    status: int
    title: Callable[[], str]
    advice: Callable[[], str]


WORDS: Mapping[ProblemKind, Words] = {
    ProblemKind.BAD_REQUEST: Words(
        400,
        lambda: _("This request cannot be read"),
        lambda: _("Check the address, or begin again at the list of PCs."),
    ),
    ProblemKind.BAD_ID: Words(
        400,
        lambda: _("The address does not name a report"),
        lambda: _("The last part of the address must be the report's UUID, in lower case."),
    ),
    ProblemKind.WRONG_MEDIA_TYPE: Words(
        415,
        lambda: _("Only signed reports are accepted here"),
        lambda: _("Send the JWS itself with Content-Type: application/jose, not compressed."),
    ),
    ProblemKind.TOO_LARGE: Words(
        413,
        lambda: _("The report is too large"),
        lambda: _("The server's administrator can raise max_body_bytes in server.toml."),
    ),
    ProblemKind.TOO_SLOW: Words(
        408,
        lambda: _("The report took too long to arrive"),
        lambda: _("Send it again when the network is better."),
    ),
    ProblemKind.MALFORMED_JWS: Words(
        400,
        lambda: _("This is not a signed report"),
        lambda: _("Send the file with the ending .jws exactly as the station wrote it."),
    ),
    ProblemKind.ALGORITHM_REFUSED: Words(
        400,
        lambda: _("This way of signing is not accepted"),
        lambda: _("Reports are signed with Ed25519 (alg EdDSA or Ed25519) and nothing else."),
    ),
    ProblemKind.WRONG_TYPE: Words(
        400,
        lambda: _("This is signed, but it is not a report"),
        lambda: demo_advice() or _("The type in the JWS header must be reprise-report+jws."),
    ),
    ProblemKind.UNKNOWN_KEY: Words(
        403,
        lambda: _("This station is not enrolled here"),
        lambda: _(
            "The server's administrator enrols the key that lies beside the report with "
            "“reprise enroll --name NAME --key FILE”; then send the report again."
        ),
    ),
    ProblemKind.REVOKED_KEY: Words(
        403,
        lambda: _("This station's key was revoked"),
        lambda: _("Keep the report, and ask the server's administrator why the key was revoked."),
    ),
    ProblemKind.ENDED_KEY: Words(
        403,
        lambda: _("This station's enrolment has ended"),
        lambda: _(
            "Keep the report. An administrator renews the station on the server's page of "
            "stations; then send the report again."
        ),
    ),
    ProblemKind.KEY_ELSEWHERE: Words(
        409,
        lambda: _("This station's key belongs to another organisation"),
        lambda: _("Nothing was changed. Use another stick for this organisation."),
    ),
    ProblemKind.CODE_REFUSED: Words(
        403,
        lambda: _("This code enrols no station"),
        lambda: _(
            "It is mistyped, was used already, was withdrawn, or has ended. Ask an administrator "
            "of the organisation for a new one."
        ),
    ),
    ProblemKind.TOO_MANY_CODES: Words(
        429,
        lambda: _("Too many wrong codes were tried"),
        lambda: _("Wait ten minutes, and try again with the right one."),
    ),
    ProblemKind.BAD_MESSAGE: Words(
        400,
        lambda: _("This is not what a station says"),
        lambda: _("Use a station and a server of the same version, and send it unchanged."),
    ),
    ProblemKind.BROKEN_SIGNATURE: Words(
        400,
        lambda: _("The signature does not fit the report"),
        lambda: _(
            "The file was changed or damaged. Send the original from the station's reports folder."
        ),
    ),
    ProblemKind.NOT_A_REPORT: Words(
        422,
        lambda: _("The signature is good, but the content is not a report that this server reads"),
        lambda: _("Update the server if the station is newer; keep the report meanwhile."),
    ),
    ProblemKind.OUT_OF_BOUNDS: Words(
        422,
        lambda: _("The report holds something that is too long"),
        lambda: _("Update the server if the station is newer; keep the report meanwhile."),
    ),
    ProblemKind.ID_MISMATCH: Words(
        422,
        lambda: _("The address and the report name different reports"),
        lambda: _("Send the report to the address that ends with its own report_id."),
    ),
    ProblemKind.CONFLICT: Words(
        409,
        lambda: _("Another report is already stored under this number"),
        lambda: _("What is stored stays as it is. Keep your file and compare the two reports."),
    ),
    ProblemKind.SECOND_REPORT: Words(
        409,
        lambda: _("Another report of this session is already stored"),
        lambda: _("A session makes one report of its own. Keep your file and compare the two."),
    ),
    ProblemKind.NOT_FOUND: Words(
        404,
        lambda: _("There is nothing at this address"),
        lambda: _("Check the address, or look for the PC in the list."),
    ),
    ProblemKind.LINK_ENDED: Words(
        404,
        lambda: _("This link has ended"),
        lambda: _(
            "It works once, and for seven days. If you have joined already, log in; else ask "
            "whoever invited you for a new one."
        ),
    ),
    ProblemKind.SET_UP_ENDED: Words(
        404,
        lambda: _("This link has ended"),
        lambda: _("The server's log holds the newest: “reprise serve” writes it at its start."),
    ),
    ProblemKind.NOT_DONE: Words(
        422,
        lambda: _("This was not done"),
        lambda: _("Nothing was changed."),
    ),
    ProblemKind.LOG_IN: Words(
        401,
        lambda: _("Nobody is logged in"),
        lambda: _("Log in, or give a token in the header Authorization."),
    ),
    ProblemKind.FORBIDDEN: Words(
        403,
        lambda: _("Your role does not allow this"),
        lambda: _("An administrator of your organisation can give you another role."),
    ),
    ProblemKind.FORGED: Words(
        403,
        lambda: _("This form was not accepted"),
        lambda: _("Nothing was changed. Open the page again, and send the form once more."),
    ),
    ProblemKind.TOO_OFTEN: Words(
        429,
        lambda: _("Too many attempts"),
        lambda: _("Wait some minutes, then try again."),
    ),
    ProblemKind.METHOD_NOT_ALLOWED: Words(
        405,
        lambda: _("This address does not accept that request"),
        lambda: _("Reports are handed in with PUT and read with GET."),
    ),
    ProblemKind.DAMAGED: Words(
        500,
        lambda: _("The stored report is damaged"),
        lambda: _(
            "What the server holds is no longer what the station signed: do not rely on it. "
            "The server's administrator must restore a backup; the station has the "
            "original, too."
        ),
    ),
    ProblemKind.NO_ROOM: Words(
        507,
        lambda: _("The server's disk is full"),
        lambda: _(
            "Nothing was stored. The server's administrator must free some space; the "
            "station keeps the report and tries again."
        ),
    ),
    ProblemKind.STORAGE: Words(
        503,
        lambda: _("The server could not store or read the report"),
        lambda: _(
            "The server's administrator finds the reason in its log; the station keeps the "
            "report and tries again."
        ),
    ),
    ProblemKind.BUSY: Words(
        503,
        lambda: _("The server has too much to do at this moment"),
        lambda: _("Nothing was stored; the station keeps the report and tries again."),
    ),
    ProblemKind.NOT_READY: Words(
        503,
        lambda: _("The server is not ready"),
        lambda: _("Its administrator types “reprise server check”, and looks at its log."),
    ),
    ProblemKind.PAPER_SOON: Words(
        503,  # not 202: a program would take this for the PDF
        lambda: _("The PDF is being made"),
        lambda: _("Ask again in a few seconds."),
    ),
    ProblemKind.PAPER_FAILED: Words(
        500,
        lambda: _("This PDF could not be made"),
        lambda: _(
            "The report itself is safe: its page shows all of it, and the signed file can be "
            "downloaded there. The server's administrator finds the reason in its log; the server "
            "tries anew after a day."
        ),
    ),
    ProblemKind.PAPER_LATE: Words(
        500,
        lambda: _("This PDF takes too long to make"),
        lambda: _(
            "The report itself is safe: its page shows all of it. Download the signed file there "
            "and make the PDF on another PC with “reprise report pdf”; or the server's "
            "administrator can raise paper_seconds in server.toml."
        ),
    ),
    ProblemKind.PAPER_STORE: Words(
        503,
        lambda: _("The place where PDFs are kept does not answer, or is full"),
        lambda: _(
            "Reports are still taken and shown. Try again in a minute; the server's administrator "
            "finds the reason in its log."
        ),
    ),
    ProblemKind.INTERNAL: Words(
        500,
        lambda: _("Internal server error"),
        lambda: _("The server's administrator finds the reason in its log. Try again later."),
    ),
}
