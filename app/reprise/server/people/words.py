"""Roles, rights and changes in words."""

from __future__ import annotations

from reprise.i18n import _
from reprise.server.audit.services import Action, Line, Values
from reprise.server.people.scope import Right, Role


def role_word(role: Role) -> str:
    return {
        Role.ADMINISTRATOR: _("administrator"),
        Role.TECHNICIAN: _("technician"),
        Role.AUDITOR: _("auditor or DPO"),
        Role.BENEFICIARY: _("beneficiary"),
    }[role]


def role_means(role: Role) -> str:
    return {
        Role.ADMINISTRATOR: _("sees and changes everything of the organisation"),
        Role.TECHNICIAN: _("sees PCs, reports and stations"),
        Role.AUDITOR: _(
            "sees everything, and what was changed; changes nothing: the data protection officer, "
            "for one"
        ),
        Role.BENEFICIARY: _("sees what is addressed to it, and nothing else"),
    }[role]


def right_word(right: Right) -> str:
    return {
        Right.SEE_REPORTS: _("read PCs and reports"),
        Right.SEE_STATIONS: _("read stations"),
        Right.MANAGE_STATIONS: _("enrol and revoke stations"),
    }.get(right, right.value)


def action_word(action: Action) -> str:
    return {
        Action.SET_UP: _("server set up"),
        Action.ORGANISATION_MADE: _("organisation added"),
        Action.ORGANISATION_ENDED: _("organisation ended"),
        Action.ORGANISATION_REOPENED: _("organisation opened again"),
        Action.SETTINGS_CHANGED: _("settings changed"),
        Action.PERSON_INVITED: _("somebody invited"),
        Action.INVITATION_ENDED: _("invitation withdrawn"),
        Action.PERSON_JOINED: _("joined"),
        Action.ROLE_CHANGED: _("role changed"),
        Action.PERSON_REMOVED: _("removed from the organisation"),
        Action.PERSON_ERASED: _("personal data erased"),
        Action.KEEPER_ADDED: _("looks after the server from now on"),
        Action.KEEPER_LET_GO: _("looks after the server no more"),
        Action.LOGGED_IN: _("logged in"),
        Action.PASSWORD_CHANGED: _("password changed"),
        Action.SECOND_FACTOR_CHANGED: _("second factor changed"),
        Action.TOKEN_MADE: _("token made"),
        Action.TOKEN_REVOKED: _("token revoked"),
        Action.STATION_ENROLLED: _("station enrolled"),
        Action.STATION_RENAMED: _("station renamed"),
        Action.STATION_REVOKED: _("station revoked"),
        Action.STATION_RENEWED: _("end of a station's enrolment set"),
        Action.ENROLMENT_OFFERED: _("enrolment code made"),
        Action.ENROLMENT_WITHDRAWN: _("enrolment code withdrawn"),
        Action.RETENTION_CHANGED: _("periods of keeping changed"),
        Action.RESTORED: _("server restored from a backup"),
    }[action]


def subject_word(text: str) -> str:
    """Who did something, or what it was done to, as the trail keeps it: “token:3”."""
    kind, _colon, number = text.partition(":")
    named = {
        "user": _("person no. {number}"),
        "token": _("token no. {number}"),
        "invitation": _("invitation no. {number}"),
        "organisation": _("organisation no. {number}"),
        "station": _("station {number}"),
        "enrolment": _("enrolment code no. {number}"),
        "command": _("a command on the server"),
        "server": _("this server"),
    }.get(kind, text)
    return named.format(number=number)


def _value_name(name: str) -> str:
    return {
        "added": _("added"),
        "removed": _("removed"),
        "role": _("role"),
        "name": _("name"),
        "days": _("days"),
        "hours": _("hours"),
        "valid_until": _("valid until"),
        "rights": _("rights"),
        "needs_second_factor": _("second factor needed"),
        "time_zone": _("time zone"),
        "runs_instance": _("looks after the server"),
        "backup_of": _("backup of"),
        "invitations": _("invitations that ended (days)"),
        "codes": _("enrolment codes that ended (days)"),
        "tokens": _("tokens that ended (days)"),
        "accounts": _("accounts that nobody uses (days)"),
        "papers": _("certificates that nobody asks for (days)"),
    }.get(name, name)


def changes(line: Line) -> list[tuple[str, str | None, str | None]]:
    """(name, before, after) of each value that changed; None: it was, or is, not there."""
    names = [
        name
        for name in {**line.before, **line.after}
        if (line.before.get(name) or False) != (line.after.get(name) or False)
    ]
    return [
        (_value_name(name), _value(name, line.before), _value(name, line.after)) for name in names
    ]


def _value(name: str, values: Values) -> str | None:
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(right_word(Right(item)) for item in value)
    if name in ("added", "removed"):
        return _factor_word(str(value))
    return role_word(Role(value)) if name == "role" else str(value)


def _factor_word(kind: str) -> str:
    return {
        "totp": _("authenticator app"),
        "webauthn": _("passkey or security key"),
        "recovery_codes": _("recovery codes"),
        "openid": "OpenID Connect",
        "all": _("every second factor"),
    }.get(kind, kind)
