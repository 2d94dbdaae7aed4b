"""What a subject says of its addresses for programs: who may ask, what they answer, and how they
refuse. Its texts are marked with N_, and translated where the document is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from django.http import HttpRequest
from ninja import Router
from pydantic import BeforeValidator, WithJsonSchema

from reprise.server.people.scope import Right, Scope
from reprise.server.people.walls import PUBLIC
from reprise.server.problems import ProblemKind

Operation = TypeVar("Operation", bound=Callable[..., Any])


class Call(HttpRequest):
    """A request that has passed its wall."""

    scope: Scope  # of no organisation where the wall is PUBLIC


@dataclass(frozen=True, slots=True)
class Endpoint:
    who: str  # a Right, or PUBLIC
    problems: tuple[ProblemKind, ...]
    signed: bool = False  # what is sent shows by itself who sends it: no session counts


class Subject:
    """`tag`: the heading under which its addresses stand."""

    def __init__(self, tag: str) -> None:
        self.router = Router(tags=[tag])
        self.endpoints: dict[str, Endpoint] = {}  # by the name of the operation

    def on(
        self,
        method: str,
        path: str,
        who: Right | str,
        summary: str,
        *,
        answer: Any = None,
        media: str = "",
        problems: Sequence[ProblemKind] = (),
        body: Mapping[str, Any] | None = None,
    ) -> Callable[[Operation], Operation]:
        """`answer`: a schema; or `media`: what the operation's own HttpResponse holds. `body`: what
        is sent, which the operation reads by itself, as OpenAPI describes it; only of what stands
        for itself, as what is signed does."""

        def described(operation: Operation) -> Operation:
            name = operation.__name__
            self.endpoints[name] = Endpoint(str(who), tuple(problems), body is not None)
            extra = {} if answer else _bytes(media)
            extra |= {} if body is None else {"requestBody": {"required": True, **body}}
            more: dict[str, Any] = {"openapi_extra": extra} if extra else {}
            given = {"response": answer} if answer else {}
            return self.router.api_operation(
                [method],
                path,
                operation_id=name,
                url_name=name,
                summary=summary,
                description=" ",  # the docstring is for whoever reads the source
                **given,
                **more,
            )(operation)

        return described

    def post(
        self, path: str, who: Right | str, summary: str, **told: Any
    ) -> Callable[[Operation], Operation]:
        return self.on("POST", path, who, summary, **told)

    def get(
        self, path: str, who: Right | str, summary: str, **told: Any
    ) -> Callable[[Operation], Operation]:
        return self.on("GET", path, who, summary, **told)


def _bytes(media: str) -> dict[str, Any]:
    text = {"type": "string", "contentMediaType": media}
    schema = {"type": "object"} if media.endswith("+json") else text
    return {"responses": {200: {"content": {media: {"schema": schema}}}}}


def _moment(text: object) -> object:
    """RFC 3339: with its zone, so that nobody guesses one."""
    if isinstance(text, datetime):
        return text
    if not isinstance(text, str) or "T" not in text.upper():
        raise ValueError("no moment")
    try:
        moment = datetime.fromisoformat(text.upper())
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment.astimezone(UTC)
    except OverflowError as error:  # in the first or last hours of the calendar
        raise ValueError(text) from error


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]

__all__ = ["PUBLIC", "Call", "Endpoint", "Moment", "Subject"]
