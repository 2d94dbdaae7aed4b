"""Of each row what the code hangs on, once more and by hand."""

from __future__ import annotations

from reprise.domain.planning.techniques import SPECS, Family, Technique

T = Technique


def those(field: str) -> set[Technique]:
    return {technique for technique, row in SPECS.items() if getattr(row, field)}


def test_which_drive_goes_on_by_itself() -> None:
    families = {Family.ATA_SANITIZE, Family.NVME_SANITIZE, Family.SCSI_SANITIZE}
    assert those("runs_by_itself") == {t for t, row in SPECS.items() if row.family in families}


def test_who_throws_a_key_away() -> None:
    named = {technique for technique in Technique if "crypto" in technique.value}
    assert named <= those("crypto")
    assert those("crypto") - named <= {T.TCG_PSID_REVERT}


def test_which_needs_the_label() -> None:
    assert those("by_label") == {T.TCG_PSID_REVERT}


def test_which_names_one_namespace() -> None:
    assert those("one_namespace") >= {T.NVME_FORMAT_USER_DATA, T.NVME_FORMAT_CRYPTO}
    assert not {t for t in those("one_namespace") if "sanitize" in t.value}


def test_every_firmware_technique_asks_the_drive_first() -> None:
    own_rule = {Family.HOST_OVERWRITE, Family.MMC, Family.TCG}
    for technique, row in SPECS.items():
        assert bool(row.capability) is (row.family not in own_rule), technique
        assert row.phase, technique
