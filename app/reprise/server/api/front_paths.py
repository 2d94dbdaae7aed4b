"""What the process that listens answers itself, as the document tells of it."""

from __future__ import annotations

from typing import Any

from reprise.i18n import N_
from reprise.server.api.document import PREFIX, refusals
from reprise.server.problems import ProblemKind
from reprise.server.reports.intake import JOSE

_RECEIPT = {
    "type": "object",
    "description": N_("The report is on the server's disk: a station may empty its outbox."),
    "properties": {
        "report_id": {"type": "string", "format": "uuid"},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "received_at": {"type": "string", "format": "date-time"},
    },
    "required": ["report_id", "sha256", "received_at"],
}
_HEALTH = {
    "type": "object",
    "properties": {"status": {"const": "ok"}},
    "required": ["status"],
}
# Whatever handing in a report may be refused for.
INTAKE = (
    *(ProblemKind.BAD_ID, ProblemKind.WRONG_MEDIA_TYPE, ProblemKind.TOO_LARGE),
    *(ProblemKind.TOO_SLOW, ProblemKind.MALFORMED_JWS, ProblemKind.ALGORITHM_REFUSED),
    *(ProblemKind.WRONG_TYPE, ProblemKind.UNKNOWN_KEY, ProblemKind.REVOKED_KEY),
    *(ProblemKind.ENDED_KEY, ProblemKind.BROKEN_SIGNATURE, ProblemKind.NOT_A_REPORT),
    *(ProblemKind.OUT_OF_BOUNDS, ProblemKind.ID_MISMATCH),
    *(ProblemKind.CONFLICT, ProblemKind.SECOND_REPORT, ProblemKind.NO_ROOM),
    *(ProblemKind.STORAGE, ProblemKind.BUSY, ProblemKind.INTERNAL),
)


def front_paths() -> dict[str, Any]:
    """In the language in force."""
    return {
        f"{PREFIX}/reports/{{report_id}}": {"put": _put()},
        "/healthz": {
            "get": _health("health", N_("Whether reports are taken"), ProblemKind.STORAGE)
        },
        "/readyz": {
            "get": _health("readiness", N_("Whether all is ready for work"), ProblemKind.NOT_READY)
        },
    }


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _put() -> dict[str, Any]:
    location = {
        "description": N_("The report's page"),
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    }
    return {
        "operationId": "hand_in_report",
        "tags": ["reports"],
        "summary": N_("Hand in a signed report"),
        "description": N_(
            "The report's signature stands for who sends it: no token. The same bytes may be "
            "handed in again at any time, and are answered with the same receipt."
        ),
        "security": [],
        "parameters": [
            {
                "in": "path",
                "name": "report_id",
                "required": True,
                "description": N_("The report's own number"),
                "schema": {"type": "string", "format": "uuid"},
            }
        ],
        "requestBody": {
            "required": True,
            "description": N_("A JWS in compact serialisation, signed with the station's key"),
            "content": {JOSE: {"schema": {"type": "string", "contentMediaType": JOSE}}},
        },
        "responses": {
            "200": {
                **_json(N_("These bytes were here already"), _RECEIPT),
                "headers": {"Location": location},
            },
            "201": {**_json(N_("Stored"), _RECEIPT), "headers": {"Location": location}},
            **refusals(INTAKE),
        },
    }


def _health(name: str, summary: str, refusal: ProblemKind) -> dict[str, Any]:
    kinds = (refusal, ProblemKind.INTERNAL)
    return {
        "operationId": name,
        "tags": ["server"],
        "summary": summary,
        "security": [],
        "parameters": [],
        "responses": {"200": _json(N_("It is so"), _HEALTH), **refusals(kinds)},
    }
