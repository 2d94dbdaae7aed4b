"""Reports as stations send them: each of another PC and session, truly signed."""

from __future__ import annotations

import random
import uuid

from reprise import codec
from reprise.adapters.signing.jws import Ed25519Signer
from server.kit import fresh

_SERIAL, _DRIVE = "SERIALOFTHEPC", "SERIALOFADRIVE"


class Reports:
    """From one report, written once: what differs is put into its text."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311
        report = fresh(serial=_SERIAL)
        self._ids = (report.report_id, report.session_id)
        self._text = codec.to_json(report).decode()
        self._drives = sorted({record.identity.serial or "" for record in report.drives} - {""})
        self.serials: list[str] = []  # of those that were made

    def _number(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def next(self, signer: Ed25519Signer) -> tuple[str, bytes]:
        """(report id, JWS)."""
        number, session = self._number(), self._number()
        serial = "".join(self._random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=8))
        text = self._text.replace(self._ids[0], number).replace(self._ids[1], session)
        text = text.replace(_SERIAL, serial)
        for index, drive in enumerate(self._drives):
            text = text.replace(f'"{drive}"', f'"{drive}{serial}{index}"')
        self.serials.append(serial)
        return number, signer.sign(text.encode())
