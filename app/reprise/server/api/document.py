"""The document that describes the addresses for programs (OpenAPI 3.1), in the language in force:
as they really answer, refusals and all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from ninja import NinjaAPI

from reprise import __version__
from reprise.i18n import N_, _
from reprise.server.api.endpoints import PUBLIC, Endpoint
from reprise.server.problems import MEDIA_TYPE, Problem, ProblemKind, problem_headers

Node = dict[str, Any]
PREFIX = "/api/v1"
_PROBLEM = {
    "type": "object",
    "description": N_("A refusal (RFC 9457): what is wrong, and what to do about it."),
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": N_("Which refusal it is. Opened in a browser it shows the same advice."),
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": N_("In the language of the request.")},
        "request_id": {"type": "string", "description": N_("Under which the log has it.")},
        "field": {"type": "string", "description": N_("The place in what was sent.")},
    },
    "required": ["type", "title", "status", "detail", "request_id"],
}
_SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": N_("A token that an administrator made under “Settings”."),
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "",  # over HTTPS it has another
        "description": N_("Whoever is logged in in a browser."),
    },
}
# How the process that listens, and any page, may answer.
EVERYWHERE = (ProblemKind.BUSY, ProblemKind.STORAGE, ProblemKind.INTERNAL, ProblemKind.TOO_LARGE)
BEHIND_WALLS = (ProblemKind.LOG_IN, ProblemKind.FORBIDDEN)


def openapi(api: NinjaAPI, endpoints: Mapping[str, Endpoint], others: Mapping[str, Node]) -> Node:
    """`endpoints`: by operation id; `others`: paths that another process answers."""
    told: Node = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    for path in told["paths"].values():
        for operation in path.values():
            _complete(operation, endpoints[operation["operationId"]])
    for path, methods in json.loads(json.dumps(others)).items():
        told["paths"].setdefault(path, {}).update(methods)
    told["info"] = {
        "title": "Reprise",
        "version": __version__,
        "description": N_(
            "Reports of erased PCs, for programs. Strings that the firmware of a PC or its "
            "operator gave may be empty. “outcome” is what the server's rule says of a report; "
            "whoever must believe it checks the signature of the report itself."
        ),
    }
    told["components"]["schemas"]["Problem"] = json.loads(json.dumps(_PROBLEM))
    told["components"]["securitySchemes"] = json.loads(json.dumps(_SECURITY))
    told["components"]["securitySchemes"]["session"]["name"] = settings.SESSION_COOKIE_NAME
    told["servers"] = [{"url": "/"}]
    whole: Node = _translated(told)
    return whole


def _complete(operation: Node, endpoint: Endpoint) -> None:
    public = endpoint.who == PUBLIC
    operation.pop("description", None)
    for parameter in operation["parameters"]:
        parameter["schema"] = _sayable(parameter["schema"])
    kinds = [*endpoint.problems, *EVERYWHERE, *(() if public else BEHIND_WALLS)]
    if operation["parameters"]:
        kinds.append(ProblemKind.BAD_REQUEST)
    operation["responses"].update(refusals(kinds))
    operation["security"] = [] if public else [{name: []} for name in _SECURITY]
    if not public:
        operation["x-right"] = endpoint.who


def _sayable(schema: Node) -> Node:
    """A parameter is left out, and never null."""
    plain = {key: value for key, value in schema.items() if key not in ("title", "description")}
    kinds = [kind for kind in plain.pop("anyOf", ()) if kind != {"type": "null"}]
    return plain if not kinds else {**plain, **kinds[0]}


def refusals(kinds: Iterable[ProblemKind]) -> Node:
    """The answers of these refusals, by status."""
    by_status: dict[int, list[ProblemKind]] = {}
    for kind in dict.fromkeys(kinds):
        by_status.setdefault(Problem(kind).status, []).append(kind)
    return {str(status): _refusal(status, by_status[status]) for status in sorted(by_status)}


def _refusal(status: int, kinds: list[ProblemKind]) -> Node:
    schema = {
        "allOf": [{"$ref": "#/components/schemas/Problem"}],
        "properties": {
            "type": {"enum": [f"/problems/{kind.value}" for kind in kinds]},
            "status": {"const": status},
        },
    }
    titles = [Problem(kind).title for kind in kinds]
    told: Node = {
        "description": "; ".join(dict.fromkeys(titles)),
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
    if "Retry-After" in problem_headers(Problem(kinds[0])):
        told["headers"] = {
            "Retry-After": {
                "description": N_("Seconds"),
                "required": True,
                "schema": {"type": "integer", "minimum": 1},
            }
        }
    return told


def _translated(node: Any) -> Any:
    """Where a reader meets a text: what is in the catalogue in the language in force."""
    if isinstance(node, list):
        return [_translated(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _(value)
        if key in ("description", "summary") and isinstance(value, str) and value
        else _translated(value)
        for key, value in node.items()
    }
