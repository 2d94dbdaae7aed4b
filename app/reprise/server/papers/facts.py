"""All that a paper shows, and with it the name of that paper: whatever changes of it, the paper
that was made before is no longer the one that is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.codec import sha256_hex, to_json
from reprise.server.reports.archive import Stored, instant_text
from reprise.server.stations.services import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Moments: ISO 8601, UTC; "": not revoked. `superseded_by`: the report that counts instead;
    "": this one does. `maker`: see maker.py."""

    report_id: str
    report_sha256: str
    language: str
    kid: str
    station: str
    received_at: str
    revoked_at: str
    superseded_by: str
    public_url: str
    maker: str

    @property
    def name(self) -> str:
        """64 hexadecimal digits."""
        return sha256_hex(to_json(self))


def facts_of(
    stored: Stored, station: Station, *, language: str, public_url: str, maker: str
) -> Facts:
    """Of a report whose signature is good."""
    return Facts(
        report_id=stored.report_id,
        report_sha256=stored.sha256,
        language=language,
        kid=stored.kid,
        station=station.name,
        received_at=instant_text(stored.received_at),
        revoked_at=instant_text(station.revoked_at) if station.revoked_at else "",
        superseded_by=stored.superseded_by or "",
        public_url=public_url,
        maker=maker,
    )
