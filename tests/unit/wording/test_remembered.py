"""What is told of a PC's own memory."""

from __future__ import annotations

import pytest

from reprise import i18n, wording
from reprise.domain.pc.remembered import Found, How, Remembered, Trace


@pytest.fixture(autouse=True)
def _in_english() -> None:
    i18n.set_language("en")


def test_what_was_found_comes_with_its_advice() -> None:
    one = Remembered(Trace.OWNER_TEXT, Found.YES, How.SMBIOS, ("MAIRIE-0042",))
    assert wording.remembered(one) == (
        "an owner’s text in the BIOS: yes, from SMBIOS (MAIRIE-0042)."
        " Delete it in the BIOS before the PC is given away."
    )


def test_what_was_not_found_has_none() -> None:
    one = Remembered(Trace.TPM, Found.NO, How.TPM)
    assert wording.remembered(one) == "keys in the TPM: no, asked of the TPM"
