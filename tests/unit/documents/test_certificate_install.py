"""What the certificate says of the system that was installed afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from unit.documents.certificate_kit import REPORT, pairs
from unit.documents.test_certificate import words


@pytest.mark.parametrize(
    ("ok", "word"), [(True, "installed"), (False, "failed"), (None, "not finished")]
)
def test_the_installation_tells_its_end(ok: bool | None, word: str) -> None:
    assert REPORT.install is not None
    install = replace(REPORT.install, ok=ok, detail="no-space" if ok is False else "")
    told = pairs(replace(REPORT, install=install))
    assert ("System", f"Debian 13 minimal (text), 13.2 ({word})") in told
    assert any(label == "Detail" for label, _value in told) is (ok is False)
    assert "Installed afterwards" not in words(replace(REPORT, install=None))


def test_the_installation_names_its_drive_by_its_number() -> None:
    """Reports of before 2026-12 name it at the size to which a removed hidden area made it grow."""
    assert REPORT.install is not None
    who = REPORT.drives[0].identity
    for drive, told in (
        (who.key, who.serial),
        (replace(who, size_bytes=2 * who.size_bytes).key, who.serial),
        (replace(who, serial="ANOTHER").key, "/dev/sdq"),
        ("gone", "/dev/sdq"),
    ):
        install = replace(REPORT.install, drive=drive, node="/dev/sdq")
        assert ("On drive", told) in pairs(replace(REPORT, install=install))
