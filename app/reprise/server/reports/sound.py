"""Whether a row of the table of reports holds what its station signed."""

from __future__ import annotations

from enum import Enum, auto

from reprise.codec import sha256_hex
from reprise.domain.report.report import Report
from reprise.errors import InputError
from reprise.server.problems import ProblemError
from reprise.server.reports.decoding import decode_report
from reprise.server.reports.signatures import (
    SignatureFaultError,
    is_good,
    named_key,
    parse_envelope,
)
from reprise.server.stations.keys import read_public_key
from reprise.server.stations.services import station_of_key


class State(Enum):
    GOOD = auto()
    UNREADABLE = auto()  # signed, but in a way that this version does not read
    BELIEVED = auto()  # as above, and the list says more than that of it: see judging.is_believed
    CHANGED = auto()  # other bytes than those that were received
    UNPROVEN = auto()  # no good signature of the key that it is filed under
    ANOTHER = auto()  # another report's bytes
    OTHERWISE = auto()  # as it was signed, and the list says something else of it


class DamagedError(Exception):
    def __init__(self, state: State) -> None:
        super().__init__(state.name)
        self.state = state


def sound_report(report_id: str, sha256: str, jws: object, kid: str, public_pem: str) -> Report:
    """The report of a row, where its bytes are those that this key has signed. Raises DamagedError;
    ProblemError where this version cannot read it."""
    if not isinstance(jws, bytes | memoryview):  # SQLite keeps anything in any column
        raise DamagedError(State.CHANGED)
    token = bytes(jws)
    if sha256_hex(token) != sha256:
        raise DamagedError(State.CHANGED)
    if not is_good(token, kid, public_pem):
        raise DamagedError(State.UNPROVEN)
    report = decode_report(parse_envelope(token).payload)
    if report.report_id != report_id:
        raise DamagedError(State.ANOTHER)
    return report


def state_of(report_id: str, sha256: str, jws: object, kid: str, public_pem: str) -> State:
    try:
        sound_report(report_id, sha256, jws, kid, public_pem)
    except DamagedError as error:
        return error.state
    except ProblemError:
        return State.UNREADABLE
    return State.GOOD


class Keys:
    """The stations' public keys, each asked for once."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}
        self._whose: dict[str, int] = {}

    def pem(self, kid: object) -> str:
        """ "" where what is kept under this number is not that key."""
        if not isinstance(kid, str):  # SQLite keeps anything in any column
            return ""
        if kid not in self._of:
            station = station_of_key(kid)
            self._of[kid] = own_pem(kid, station.public_pem) if station else ""
            if station:
                self._whose[kid] = station.organisation
        return self._of[kid]

    def organisation(self, kid: str) -> int | None:
        """Whose station has this key; None: nobody's here."""
        return self._whose[kid] if self.pem(kid) else None


def key_named_in(jws: object) -> str:
    """The number of the key that a report's bytes name themselves; "": none."""
    if not isinstance(jws, bytes | memoryview):
        return ""
    try:
        return named_key(bytes(jws).partition(b".")[0])
    except SignatureFaultError:
        return ""


def own_pem(kid: str, public_pem: object) -> str:
    """The key of this number, as PEM; "" where it is another, or none."""
    if not isinstance(public_pem, str):  # SQLite keeps anything in any column
        return ""
    try:
        told, pem = read_public_key(public_pem.encode())
    except InputError:
        return ""
    return pem if told == kid else ""
