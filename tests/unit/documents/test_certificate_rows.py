"""Every row of the certificate: none is left out, and none says another row's value."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import i18n
from reprise.documents.drives import limitations
from reprise.domain.pc.hardware import Health, Partition, Reason, SmartFacts
from reprise.domain.planning.plan import RefusalCode
from reprise.domain.planning.techniques import Technique, Verdict
from reprise.domain.report.events import MediumErrorFound, Observation, ObservationKind
from reprise.domain.report.told import records
from station_kit.facts import with_facts
from unit.documents.certificate_kit import ATTEMPT, HDD, REPORT, lines, of, pairs
from unit.documents.test_certificate import words
from unit.domain.pc import samples

EIO = "input/output error: the device does not read or write"


@pytest.mark.parametrize(
    "row",
    [
        ("Manufacturer", "Dell Inc."),
        ("Model", "Latitude E6540"),
        ("Serial number", "7XQ2K12"),
        ("UUID", "4c4c4544-0058-5110-8032-b7c04f4b3132"),
        ("BIOS / UEFI", "2 December 2019, A29, UEFI mode"),
        ("Asset tag", "INV-2017-0418"),
        ("Lot", "2026-11"),
        ("Place", "Atelier de la cyber-base, Exemple"),
        ("Source (donor)", "Mairie d’Exemple-sur-Loire"),
        ("Organisation", "Communauté d’agglomération du Pays d’Exemple"),
        # the drive
        ("Manufacturer", "Seagate"),
        ("Model", "ST500LM021-1KJ152"),
        ("Serial number", "W62A0001"),
        ("WWN / EUI", "0x5000c50000000001"),
        ("Firmware", "0002LIM1"),
        ("Size", "500 GB (500,107,862,016 bytes)"),
        ("Media type", "hard disk (HDD), SATA, 7,200 rpm"),
        ("Health before", "good, 14,211 h in use, 0 reallocated sectors"),
        ("Content before", "GPT, data (Windows format), Windows partition"),
        ("Hidden areas", "unknown whether there are any (HPA, DCO and AMAC were not looked for)"),
        # the attempt
        ("Technique", "Overwrite with pseudo-random data"),
        ("Tool", "Reprise 0.1.0, image 2026.11.24"),
        ("Target method", "Clear"),
        ("Method achieved", "None"),
        ("Verification", "Full read-back"),
        ("Written", "250,053,931,008 of 500,107,862,016 bytes (50%)"),
        ("Read back", "50,010,786,201 of 500,107,862,016 bytes (9.9%)"),
        ("Started", "24 November 2026 at 08:59 UTC"),
        ("Finished", "24 November 2026 at 11:42 UTC"),
        ("Duration", "2 h 42 min"),
        ("Resumed from byte", "1,000,000"),
        ("Reasons for this verdict:", "some sectors could not be read"),
        # afterwards
        ("System", "Debian 13 minimal (text), 13.2 (installed)"),
        ("On drive", "W62A0001"),
    ],
)
def test_each_fact_stands_beside_its_name(row: tuple[str, str]) -> None:
    assert row in pairs(REPORT)


def test_the_summary_has_each_drive_once_with_its_number_and_end() -> None:
    told = lines(samples.good_report())
    start = told.index("Verdict") + 1
    assert told[start : start + 8] == [
        "1",
        "ST500LM021-1KJ152",
        "S/N W62A0001",
        "hard disk (HDD)",
        "500 GB",
        "Overwrite with pseudo-random data",
        "Full read-back",
        "Clear",
    ]
    assert told[start + 8 : start + 11] == [
        "Erased and verified",
        "2",
        "SAMSUNG MZVLB256HAHQ-000L7",
    ]


def test_a_drive_of_which_nothing_is_limited_is_not_called_proven() -> None:
    refused = samples.refused_record(HDD, RefusalCode.SWAP)
    with i18n.using("en"):
        assert limitations(records(of(refused))[0]) == [
            "the report states no limitation; that is no proof that there is none"
        ]


def test_the_details_number_the_drives_as_the_summary_does() -> None:
    told = lines(samples.good_report())
    assert "1. ST500LM021-1KJ152 – S/N W62A0001" in told
    assert "2. SAMSUNG MZVLB256HAHQ-000L7 – S/N S41GNX0M123456" in told
    assert "3. Cruzer Blade – S/N 4C530001230523115225" in told
    assert "Attempt 1 – Verified" in told


def test_an_interrupted_attempt_says_by_what_and_has_no_end() -> None:
    cut = samples.attempt(HDD, None, interrupted="unplugged")
    told = pairs(of(samples.drive_record(HDD, cut)))
    assert ("Finished", "unknown (the attempt was not completed)") in told
    assert any(label == "Interrupted by" for label, _value in told)
    assert not any(label in ("Duration", "Resumed from byte") for label, _value in told)


def test_what_an_earlier_session_saw_is_told_apart() -> None:
    survived = Observation("key", ObservationKind.CANARY_SURVIVED)
    gone = Observation("key", ObservationKind.CANARIES_GONE)
    resumed = samples.attempt(HDD, earlier=(survived,), observations=(gone,))
    told = lines(of(samples.drive_record(HDD, resumed)))
    before = told.index("Observed in an earlier session:")
    assert told[before + 1] == "a control mark survived the erasure"
    assert told[before + 2] == "Observations:"
    assert "Observed in an earlier session:" not in lines(REPORT)


def test_a_firmware_erase_writes_nothing_and_names_no_key() -> None:
    firmware = samples.attempt(HDD, technique=Technique.ATA_SECURITY_ERASE, job_key="1f" * 32)
    told = lines(of(samples.drive_record(HDD, firmware)))
    assert "Written" not in told


def test_a_clock_that_may_be_wrong_is_told_beside_each_date() -> None:
    doubtful = replace(REPORT, clock=replace(REPORT.clock, trusted=False))
    told = pairs(doubtful)
    assert ("Started", "24 November 2026 at 08:59 UTC (clock not trusted)") in told
    assert ("Finished", "24 November 2026 at 11:42 UTC (clock not trusted)") in told
    assert "clock not trusted" not in words(REPORT)
    assert "was not synchronised" not in words(REPORT)


def test_all_attempts_are_told_in_order_and_what_they_come_to_together() -> None:
    lost = Observation(HDD.identity.key, ObservationKind.HIDDEN_AREA_LEFT)
    first = samples.attempt(HDD, Verdict.FAILED, reasons=("write-errors",), observations=(lost,))
    second = samples.attempt(HDD)
    told = lines(of(samples.drive_record(HDD, first, second)))
    assert told.index("Attempt 1 – Failed") < told.index("Attempt 2 – Verified")
    at = told.index("Of all attempts together:")
    assert "hidden" in told[at + 1]
    assert "Of all attempts together:" not in words(samples.good_report())


def test_medium_errors_are_listed_up_to_a_page_and_the_rest_is_counted() -> None:
    def errors(count: int) -> list[str]:
        found = tuple(
            MediumErrorFound(HDD.identity.key, "read", 1000 * at, 8, 5) for at in range(count)
        )
        failed = replace(ATTEMPT, medium_errors=found)
        return lines(of(samples.drive_record(HDD, failed)))

    assert "Medium errors" not in errors(0)
    one = errors(2)
    for cell in ("Medium errors", "LBA range", "Sectors", "Error", "0 – 7", "1,000 – 1,007"):
        assert cell in one
    assert one.count("8") == 2 and one.count(EIO) == 2
    assert not any("more ranges" in line for line in errors(40))
    many = errors(43)
    assert many.count(EIO) == 40
    assert "… and 3 more ranges, listed in the signed report." in many
    assert "… and 1 more ranges, listed in the signed report." in errors(41)


def test_commands_are_listed_with_their_exit_codes() -> None:
    run: dict[str, str | int | float] = {
        "argv": "nvme format /dev/nvme0n1",
        "exit_code": 0,
        "duration_s": 1.0,
        "output": "",
    }
    told = pairs(of(samples.drive_record(HDD, replace(ATTEMPT, commands=(run,)))))
    assert ("Commands and exit codes:", "nvme format /dev/nvme0n1 => 0") in told
    assert "Commands and exit codes:" not in words(REPORT)


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"vendor": None, "unknown": {"vendor": Reason.TIMED_OUT}}, ("Manufacturer", "time")),
        ({"firmware": None}, ("Firmware", "unknown (no reason given)")),
        ({"rotation_rpm": None}, ("Media type", "hard disk (HDD), SATA")),
        ({"smart": SmartFacts()}, ("Health before", "unknown (no reason given)")),
        (
            {"smart": SmartFacts(health=Health.FAILING, power_on_hours=7, reallocated_sectors=9)},
            ("Health before", "failing, 7 h in use, 9 reallocated sectors"),
        ),
        (
            {"partitions": (), "partition_table": None, "fs_type": None},
            ("Content before", "no partition table or file system found"),
        ),
        ({"partitions": (), "partition_table": "dos", "fs_type": None}, ("Content before", "DOS")),
        (
            {"partitions": (), "partition_table": None, "fs_type": "ext4"},
            ("Content before", "Linux partition"),
        ),
        (
            {"partition_table": None, "partitions": (Partition("/dev/sda1", 1, "xfs"),)},
            ("Content before", "Linux partition"),
        ),
        (
            {
                "partitions": (),
                "partition_table": None,
                "fs_type": None,
                "unknown": {"fs_type": "no-answer"},
            },
            ("Content before", "unknown ("),
        ),
    ],
)
def test_what_is_not_known_of_a_drive_is_told_as_that(
    changes: dict[str, object], row: tuple[str, str]
) -> None:
    drive = with_facts(HDD, **changes)
    inventory = replace(REPORT.inventory, drives=(drive,))
    label, words_ = row
    values = [v for name, v in pairs(replace(REPORT, inventory=inventory)) if name == label]
    assert any(words_ in value for value in values), values


def test_a_drive_that_was_not_inventoried_says_so() -> None:
    told = pairs(replace(REPORT, inventory=replace(REPORT.inventory, drives=())))
    missing = "unknown (the drive was not inventoried)"
    for label in ("Manufacturer", "Firmware", "Media type", "Health before", "Content before"):
        assert (label, missing) in told
    assert ("Model", "ST500LM021-1KJ152") in told


def test_why_a_drive_was_not_touched_and_what_to_do() -> None:
    refused = samples.refused_record(HDD, RefusalCode.HELD, "md0")
    told = lines(of(refused))
    assert any(line.startswith("Not touched: ") and "md0" in line for line in told)
    assert not any(line.startswith("What to do: ") for line in told), "nothing is known to help"
    card = lines(of(samples.refused_record(HDD, RefusalCode.CARD_INSIDE)))
    assert any(line.startswith("What to do: Take the card out") for line in card)
    assert "What cannot be proven:" not in told
    assert "Not touched: no erasure was started on this drive." not in told
    untouched = lines(of(replace(refused, refusals=())))
    assert "Not touched: no erasure was started on this drive." in untouched
    done = lines(of(samples.drive_record(HDD, samples.attempt(HDD))))
    assert not any(line.startswith(("What to do", "Not touched")) for line in done)


def test_a_verified_drive_says_what_its_method_protects_from() -> None:
    good = lines(of(samples.drive_record(HDD, samples.attempt(HDD))))
    assert any(line.startswith("Clear: logical erasure") for line in good)
    assert not any(line.startswith("Clear: logical erasure") for line in lines(REPORT))


@pytest.mark.parametrize("name", ["asset_tag", "donor", "lot", "organisation", "place"])
def test_what_nobody_gave_is_told_as_not_given(name: str) -> None:
    label = {
        "asset_tag": "Asset tag",
        "donor": "Source (donor)",
        "lot": "Lot",
        "organisation": "Organisation",
        "place": "Place",
    }[name]
    operator = replace(REPORT.operator, **{name: ""})
    assert (label, "unknown (not given)") in pairs(replace(REPORT, operator=operator))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("maker", "Manufacturer"),
        ("model", "Model"),
        ("serial", "Serial number"),
        ("uuid", "UUID"),
    ],
)
def test_what_the_pc_does_not_tell_has_its_reason(name: str, label: str) -> None:
    inventory = REPORT.inventory
    machine = with_facts(inventory.machine, **{name: None})
    bare = replace(inventory, machine=machine)
    assert (label, "unknown (no reason given)") in pairs(replace(REPORT, inventory=bare))
    why = replace(bare, unknown={f"machine.{name}": Reason.TIMED_OUT})
    values = [v for one, v in pairs(replace(REPORT, inventory=why)) if one == label]
    assert any(v.startswith("unknown (") and "no reason" not in v for v in values), values
