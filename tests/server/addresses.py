"""Who may see which address, written down once more by hand: test_walls.py compares it with the
server."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reprise.server.people.scope import Role

A, T, D, B = Role.ADMINISTRATOR, Role.TECHNICIAN, Role.AUDITOR, Role.BENEFICIARY
KEEPER = None
EVERYBODY = {A, T, D, B, KEEPER}
PUBLIC: set[Role | None] = set()
# address -> (methods, who may)
READ, WRITE, BOTH = ("GET",), ("POST",), ("GET", "POST")
SIGNED = ("SIGNED",)  # a POST without a session: see test_enrolment.py
MAY: dict[str, tuple[tuple[str, ...], set[Role | None]]] = {
    "": (READ, EVERYBODY),
    "pcs/<int:pc>": (READ, {A, T, D}),
    "reports/<str:report_id>": (READ, {A, T, D}),
    "reports/<str:report_id>/certificate.pdf": (READ, {A, T, D}),
    "quarantine": (READ, {A, T, D}),
    "quarantine/<str:sha256>": (READ, {A, T, D}),
    "stations": (READ, {A, T, D}),
    "stations/<str:kid>/rename": (WRITE, {A}),
    "stations/<str:kid>/revoke": (WRITE, {A}),
    "stations/<str:kid>/end": (WRITE, {A}),
    "stations/codes": (WRITE, {A}),
    "stations/codes/<int:number>/withdraw": (WRITE, {A}),
    "stations/requests": (WRITE, {A}),
    "enrol/<str:code>": (READ, PUBLIC),
    "people": (READ, {A, D}),
    "people/<int:user>": (READ, {A}),
    "people/<int:user>/role": (WRITE, {A}),
    "people/<int:user>/remove": (WRITE, {A}),
    "people/<int:user>/erase": (WRITE, {A}),
    "people/<int:user>/second-factor/remove": (WRITE, {A}),
    "people/invitations/<int:number>/withdraw": (WRITE, {A}),
    "audit": (READ, {A, D}),
    "settings": (BOTH, {A}),
    "settings/retention": (READ, {A, D}),
    "settings/retention/change": (WRITE, {A}),
    "settings/tokens": (WRITE, {A}),
    "settings/tokens/<int:number>/revoke": (WRITE, {A}),
    "instance": (BOTH, {KEEPER}),
    "instance/keepers/<int:number>": (READ, {KEEPER}),
    "instance/keepers/<int:number>/let-go": (WRITE, {KEEPER}),
    "instance/keepers/second-factor": (WRITE, {KEEPER}),
    "instance/accounts": (READ, {KEEPER}),
    "instance/accounts/<int:number>": (READ, {KEEPER}),
    "instance/accounts/<int:number>/erase": (WRITE, {KEEPER}),
    "instance/organisations/<int:number>": (READ, {KEEPER}),
    "instance/organisations/<int:number>/end": (WRITE, {KEEPER}),
    "instance/organisations/<int:number>/reopen": (WRITE, {KEEPER}),
    "instance/retention": (READ, {KEEPER}),
    "instance/retention/change": (WRITE, {KEEPER}),
    "instance/changes": (READ, {KEEPER}),
    "me": (READ, EVERYBODY),
    "me/data.json": (READ, EVERYBODY),
    "me/organisation": (WRITE, EVERYBODY),
    "me/erase": (WRITE, EVERYBODY),
    "me/sessions": (READ, EVERYBODY),
    "me/sessions/others/end": (WRITE, EVERYBODY),
    "me/sessions/<int:number>/end": (WRITE, EVERYBODY),
    "set-up/<str:secret>": (BOTH, PUBLIC),
    "join/<str:secret>": (BOTH, PUBLIC),
    "problems/<str:kind>": (READ, PUBLIC),
    "api/v1/openapi.json": (READ, PUBLIC),
    "api/v1/pcs": (READ, {A, T, D}),
    "api/v1/pcs/<int:pc>": (READ, {A, T, D}),
    "api/v1/reports": (READ, {A, T, D}),
    "api/v1/reports/<str:report_id>": (READ, {A, T, D}),
    "api/v1/reports/<str:report_id>/summary": (READ, {A, T, D}),
    "api/v1/stations": (READ, {A, T, D}),
    "api/v1/stations/<str:kid>/key.pem": (READ, PUBLIC),
    "api/v1/server-key": (READ, PUBLIC),
    "api/v1/stations/hello": (SIGNED, PUBLIC),
    "api/v1/enrolments": (SIGNED, PUBLIC),
    "api/v1/enrolments/look": (SIGNED, PUBLIC),
}
_PART = re.compile(r"<\w+:(\w+)>")


def asked(route: str, values: Mapping[str, object]) -> str:
    """An address with these in the place of its parts."""
    numbered = {
        "tokens": "token",
        "codes": "enrolment",
        "invitations": "invitation",
        "organisations": "organisation",
        "keepers": "keeper",
        "accounts": "nobodys",
    }
    kind = next((numbered[part] for part in route.split("/") if part in numbered), "invitation")
    of = {"code": "BBBB-BBBB-BBBB-BBBB", **values, "number": values[kind]}
    return "/" + _PART.sub(lambda part: str(of[part[1]]), route)


WALLED = {route: may for route, may in MAY.items() if may[1] != PUBLIC}
OWNED = [route for route in WALLED if "<" in route]
