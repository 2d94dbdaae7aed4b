"""Which stations may hand in reports, and the forms a station's key comes in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from sqlalchemy import Engine, Row, insert, select, update

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.database import reading, writing
from reprise.server.tables import stations

_NAME_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Station:
    kid: str
    name: str
    public_pem: str
    enrolled_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key pair made here; the private half is never stored by the server."""

    kid: str
    private_pem: bytes
    public_pem: bytes


def _public(key: Ed25519PublicKey) -> tuple[str, bytes]:
    pem = key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return str(OKPKey.import_key(pem).thumbprint()), pem


def make_key() -> NewKey:
    """A kid that begins with "-" would read as an option on the command line: not that one."""
    while True:
        private = Ed25519PrivateKey.generate()
        kid, public_pem = _public(private.public_key())
        if not kid.startswith("-"):
            break
    private_pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return NewKey(kid, private_pem, public_pem)


def read_public_key(data: bytes) -> tuple[str, str]:
    """(kid, public PEM) from a PEM public or private key or a JWK. Raises InputError."""
    bad = InputError(
        _("This is not an Ed25519 key."),
        _("Give station.pub.pem from the stick, or a JWK with kty OKP and crv Ed25519."),
    )
    try:
        if data.lstrip().startswith(b"{"):
            raw = OKPKey.import_key(json.loads(data)).public_key
        elif b"PRIVATE KEY" in data:
            raw = serialization.load_pem_private_key(data, password=None).public_key()  # type: ignore[assignment]
        else:
            raw = serialization.load_pem_public_key(data)  # type: ignore[assignment]
    except (JoseError, ValueError, TypeError, KeyError, UnsupportedAlgorithm) as error:
        raise bad from error
    if not isinstance(raw, Ed25519PublicKey):
        raise bad
    kid, pem = _public(raw)
    return kid, pem.decode()


def _station(row: Row[tuple[str, str, str, datetime, datetime | None]]) -> Station:
    return Station(row.kid, row.name, row.public_pem, row.enrolled_at, row.revoked_at)


def clean_name(name: str) -> str:
    """Raises InputError where a name is empty, too long or not printable."""
    name = name.strip()
    if not name or len(name) > _NAME_CHARACTERS or not name.isprintable():
        raise InputError(
            _("This name cannot be used for a station."),
            _("Give one to {count} visible characters.").format(count=_NAME_CHARACTERS),
        )
    return name


def enroll(engine: Engine, name: str, public_pem: str, kid: str) -> tuple[Station, bool]:
    """(station, whether it is new). The same key under the same name changes nothing.

    Raises InputError where the key is known under another name or was revoked.
    """
    with writing(engine) as connection:
        row = connection.execute(select(stations).where(stations.c.kid == kid)).first()
        if row is None:
            station = Station(kid, clean_name(name), public_pem, datetime.now(UTC))
            connection.execute(
                insert(stations).values(
                    kid=kid,
                    name=station.name,
                    public_pem=public_pem,
                    enrolled_at=station.enrolled_at,
                )
            )
            return station, True
    known = _station(row)
    if known.revoked_at is not None:
        raise InputError(
            _("This key was revoked."),
            _("Make a new one for the station with “reprise enroll --name NAME --out DIR”."),
        )
    if known.name != name.strip():
        raise InputError(
            _("This key is already enrolled, as “{name}”.").format(name=known.name),
            _("Use that name, or make a key of its own for the other station."),
        )
    return known, False


def find_station(engine: Engine, kid: str) -> Station | None:
    with reading(engine) as connection:
        row = connection.execute(select(stations).where(stations.c.kid == kid)).first()
    return None if row is None else _station(row)


def list_stations(engine: Engine) -> Sequence[Station]:
    with reading(engine) as connection:
        order = (stations.c.name, stations.c.enrolled_at)
        return [_station(row) for row in connection.execute(select(stations).order_by(*order))]


def revoke(engine: Engine, kid: str) -> Station:
    """Reports under this key are refused from now on; stored ones stay. Idempotent."""
    with writing(engine) as connection:
        connection.execute(
            update(stations)
            .where(stations.c.kid == kid, stations.c.revoked_at.is_(None))
            .values(revoked_at=datetime.now(UTC))
        )
    station = find_station(engine, kid)
    if station is None:
        raise InputError(
            _("No station has the key {kid}.").format(kid=kid),
            _("“reprise enroll --list” shows all of them."),
        )
    return station
