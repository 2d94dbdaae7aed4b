"""Each technique is one row, and no row claims more than its sources say.

The tables here are written from the sources, not from the rows: SP 800-88r1, tables A-5 (magnetic)
and A-8 (flash), and the labels of a drive maker's tool by IEEE 2883-2022.
"""

from __future__ import annotations

import pytest

from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities
from reprise.domain.pc.hardware import MediaKind
from reprise.domain.planning.claims import claim, estimate_s
from reprise.domain.planning.policy import DEFAULT_ORDER, Policy
from reprise.domain.planning.techniques import SPECS, Method, Technique, reaches

HDD, SSD, FLASH, UNKNOWN = MediaKind.HDD, MediaKind.SSD, MediaKind.FLASH, MediaKind.UNKNOWN
C, P = "clear", "purge"

# technique: hard disk, solid state, loose flash, not known
CLAIMS = {
    "overwrite": (C, C, C, C),
    "ata-sanitize-block-erase": (C, P, C, C),
    "ata-sanitize-crypto-scramble": (P, P, C, P),
    "ata-sanitize-overwrite": (P, C, C, C),
    "ata-security-erase": (C, C, C, C),
    "ata-security-erase-enhanced": (P, C, C, C),
    "nvme-sanitize-block-erase": (C, P, C, C),
    "nvme-sanitize-overwrite": (P, C, C, C),
    "nvme-sanitize-crypto-erase": (P, P, C, P),
    "nvme-format-user-data-erase": (C, C, C, C),
    "nvme-format-crypto-erase": (C, C, C, C),
    "scsi-sanitize-overwrite": (P, C, C, C),
    "scsi-sanitize-block-erase": (C, P, C, C),
    "scsi-sanitize-crypto-erase": (P, P, C, P),
    "mmc-erase-and-sanitize": (C, C, C, C),
    "tcg-psid-revert": (P, P, C, P),
}
# SP 800-88r1: what it names as Purge for a medium (None: it does not know the technique).
R1_PURGE_ON_HDD = {
    "ata-sanitize-crypto-scramble",
    "ata-sanitize-overwrite",
    "ata-security-erase-enhanced",
    "scsi-sanitize-overwrite",
    "scsi-sanitize-crypto-erase",
    "tcg-psid-revert",
}
R1_PURGE_ON_SSD = {
    "ata-sanitize-block-erase",
    "ata-sanitize-crypto-scramble",
    "nvme-format-user-data-erase",
    "nvme-format-crypto-erase",
    "scsi-sanitize-block-erase",
    "scsi-sanitize-crypto-erase",
    "tcg-psid-revert",
}
R1_KNOWS_NOT = {
    "nvme-sanitize-block-erase",
    "nvme-sanitize-overwrite",
    "nvme-sanitize-crypto-erase",
}
LABELLED_CLEAR = {
    "overwrite",
    "ata-security-erase",
    "nvme-format-user-data-erase",
    "nvme-format-crypto-erase",
}
NOT_LABELLED = {"mmc-erase-and-sanitize"}
RUN_BY_THEMSELVES = {  # ACS-4, NVMe Base and SBC-4: sanitize goes on after a power cycle
    f"{bus}-sanitize-{how}"
    for bus, hows in {
        "ata": ("block-erase", "crypto-scramble", "overwrite"),
        "nvme": ("block-erase", "crypto-erase", "overwrite"),
        "scsi": ("block-erase", "crypto-erase", "overwrite"),
    }.items()
    for how in hows
}


def test_each_technique_has_exactly_one_row() -> None:
    assert [row.value for row in SPECS] == list(dict.fromkeys(row.value for row in SPECS))
    assert {row.value for row in SPECS} == {one.value for one in Technique} == set(CLAIMS)


@pytest.mark.parametrize("name", list(CLAIMS))
def test_a_technique_claims_what_the_lower_source_says(name: str) -> None:
    media = (HDD, SSD, FLASH, UNKNOWN)
    made = tuple(claim(Technique(name), kind, Policy()).value for kind in media)
    assert made == CLAIMS[name]
    assert claim(Technique(name), MediaKind.FILE, Policy()).value == CLAIMS[name][3]


@pytest.mark.parametrize(
    ("medium", "column", "named"), [("hdd", 0, R1_PURGE_ON_HDD), ("ssd", 1, R1_PURGE_ON_SSD)]
)
def test_purge_is_claimed_only_where_both_sources_name_it(
    medium: str, column: int, named: set[str]
) -> None:
    for name, cells in CLAIMS.items():
        if cells[column] == P:
            assert name in named | R1_KNOWS_NOT, (name, medium)
            assert name not in LABELLED_CLEAR | NOT_LABELLED, (name, medium)


def test_an_unknown_medium_claims_no_more_than_either_known_one() -> None:
    for name, (hdd, ssd, _flash, unknown) in CLAIMS.items():
        lowest = C if C in (hdd, ssd) else P
        assert unknown == lowest, name


def test_a_policy_takes_the_other_view_only_where_a_source_has_it() -> None:
    view = Policy(further_claims=(Technique.NVME_FORMAT_USER_DATA,))
    assert claim(Technique.NVME_FORMAT_USER_DATA, SSD, view) is Method.PURGE
    assert claim(Technique.NVME_FORMAT_USER_DATA, UNKNOWN, view) is Method.CLEAR
    assert claim(Technique.NVME_FORMAT_CRYPTO, SSD, view) is Method.CLEAR
    disputed = {name for name in CLAIMS if SPECS[Technique(name)].further is not None}
    labelled_purge = set(CLAIMS) - LABELLED_CLEAR - NOT_LABELLED
    differ = {  # Purge by one source for a medium, not by the other
        name
        for name in CLAIMS
        for named in (R1_PURGE_ON_HDD, R1_PURGE_ON_SSD)
        if name not in R1_KNOWS_NOT and (name in named) != (name in labelled_purge)
    }
    assert disputed - R1_KNOWS_NOT == differ
    assert disputed & R1_KNOWS_NOT == {"nvme-sanitize-block-erase", "nvme-sanitize-overwrite"}


@pytest.mark.parametrize("name", ["overwrite", "ata-security-erase", "mmc-erase-and-sanitize"])
def test_no_policy_makes_more_of_what_no_source_calls_purge(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Policy(further_claims=(Technique(name),))


def test_further_never_claims_less() -> None:
    for row in SPECS.values():
        for media in (HDD, SSD, FLASH, UNKNOWN):
            assert row.further is None or reaches(row.further.of(media), row.claims.of(media))


def test_what_goes_on_by_itself_throws_a_key_away_or_leaves_a_pattern() -> None:
    assert {one.value for one, row in SPECS.items() if row.runs_by_itself} == RUN_BY_THEMSELVES
    assert {one.value for one, row in SPECS.items() if row.crypto} == {
        "ata-sanitize-crypto-scramble",
        "nvme-sanitize-crypto-erase",
        "nvme-format-crypto-erase",
        "scsi-sanitize-crypto-erase",
        "tcg-psid-revert",
    }
    assert {one.value for one, row in SPECS.items() if row.pattern_asked_for} == {
        "ata-sanitize-overwrite",
        "nvme-sanitize-overwrite",
        "scsi-sanitize-overwrite",
    }
    assert {one.value for one, row in SPECS.items() if row.from_tables} == {
        "ata-sanitize-block-erase",
        "nvme-sanitize-block-erase",
        "scsi-sanitize-block-erase",
        "nvme-format-user-data-erase",
        "ata-security-erase",
        "ata-security-erase-enhanced",
        "mmc-erase-and-sanitize",
    }
    assert {one.value for one, row in SPECS.items() if row.one_namespace} == {
        "overwrite",
        "nvme-format-user-data-erase",
        "nvme-format-crypto-erase",
        "tcg-psid-revert",
    }


def test_what_needs_the_label_is_never_tried_by_itself() -> None:
    assert {one.value for one in Technique} - {one.value for one in DEFAULT_ORDER} == {
        "tcg-psid-revert"
    }
    assert DEFAULT_ORDER[-1].value == "overwrite"
    with pytest.raises(ValueError, match="tcg-psid-revert needs a person"):
        Policy(order=(Technique.TCG_PSID_REVERT,))


def test_the_drives_own_estimate_is_that_of_the_mode() -> None:
    ata = Capabilities(ata=AtaCapabilities(erase_minutes=4, erase_enhanced_minutes=2))
    told = {one.value: estimate_s(one, ata) for one in Technique}
    assert {name: seconds for name, seconds in told.items() if seconds is not None} == {
        "ata-security-erase": 240.0,
        "ata-security-erase-enhanced": 120.0,
    }


def test_sanitize_comes_before_format() -> None:
    nvme = [one.value for one in DEFAULT_ORDER if one.value.startswith("nvme-")]
    assert [name.split("-")[1] for name in nvme] == ["sanitize"] * 3 + ["format"] * 2
