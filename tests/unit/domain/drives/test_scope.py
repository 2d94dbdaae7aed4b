"""A drive inside the PC does not leave the count because of a name that anybody may give it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import i18n, wording
from reprise.adapters.hardware.boot import judge_boot
from reprise.domain.drives.boot_medium import BootMedium, BootSign
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.drives.scope import is_outside
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive, Partition, Transport
from reprise.domain.planning.plan import DrivePlan, RefusalCode
from reprise.domain.planning.planner import plan_all
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method
from reprise.domain.planning.unusual import UnusualCode, unusual
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import DriveRecord, Report
from reprise.domain.report.report_outcome import report_outcome
from reprise.sentences.drives import is_stick
from reprise.workflow.session.drive_view import DriveView, looked_at, planned
from unit.domain.drives.drives import hdd, pc, stick
from unit.domain.pc.samples import good_report

BUILT_IN = (UsbPort.FIXED, UsbPort.SLOT)


def labelled(drive: Drive, **label: str) -> Drive:
    part = Partition(f"{drive.node}1", 8 << 30, "vfat", **label)
    return replace(drive, partitions=(part,), boot=judge_boot([], (part,), ()))


def iso_on(drive: Drive) -> Drive:
    boot = judge_boot(["REPRISE_LIVE"], (), ())
    return replace(drive, label="REPRISE_LIVE", partitions=(), boot=boot)


INSIDE = [labelled(hdd(3), label="REPRISE"), labelled(hdd(3), part_label="REPRISE"), iso_on(hdd(3))]
RUNNING = BootMedium(is_boot=True, how=BootSign.LIVE_MEDIUM)
STARTED = BootMedium(is_boot=True, how=f"{BootSign.ISO_LABEL},{BootSign.STARTED}")
NO_STICK = BootMedium(is_boot=False)
CARD = replace(stick(), transport=Transport.MMC)
OUTSIDE = [
    stick(),
    labelled(replace(stick(), boot=NO_STICK), label="REPRISE"),
    replace(hdd(3), transport=Transport.USB),
    replace(hdd(3), transport=Transport.USB, port=UsbPort.OUTSIDE),
    replace(stick(), boot=STARTED),
    replace(stick(), port=UsbPort.OUTSIDE),
    # The firmware may err, or the card is ours: what this system started from can be taken out.
    *(replace(stick(), port=port, boot=boot) for port in BUILT_IN for boot in (RUNNING, STARTED)),
    replace(CARD, boot=RUNNING),
    replace(CARD, boot=STARTED),
]


def plan_of(drive: Drive) -> DrivePlan:
    return plan_all([drive], {drive.identity.key: Capabilities()}, Policy()).drives[0]


def seen(drive: Drive) -> DriveView:
    return planned(looked_at(drive), plan_of(drive))


def with_neighbour(drive: Drive) -> Report:
    good, refusals = good_report(), plan_of(drive).refusals
    record = DriveRecord(
        drive.identity, drive.node, DriveState.REFUSED, Method.NONE, refusals=refusals
    )
    others = [one for one in good.inventory.drives if one.identity != drive.identity]
    inventory = replace(good.inventory, drives=(*others, drive))
    told = [one for one in good.drives if one.identity != drive.identity]
    return replace(good, inventory=inventory, drives=(*told, record))


@pytest.mark.parametrize("drive", INSIDE)
def test_a_label_makes_no_stick_of_a_drive_inside(drive: Drive) -> None:
    refusals = plan_of(drive).refusals
    assert refusals, "left alone it is, all the same"
    assert report_outcome(with_neighbour(drive)) is Outcome.INCOMPLETE
    assert seen(drive).own
    assert not is_stick(seen(drive))
    assert "technicien" in wording.advice_for_refusals(refusals)
    both = plan_all([hdd(), drive], {hdd().identity.key: Capabilities()}, Policy())
    codes = [one.code for one in unusual(pc(hdd(), drive), both)]
    assert codes == [UnusualCode.NEIGHBOUR_REFUSED]


@pytest.mark.parametrize("drive", OUTSIDE)
def test_our_stick_and_what_is_on_usb_outside_is_no_part_of_the_pc(drive: Drive) -> None:
    refusals = plan_of(drive).refusals
    assert report_outcome(with_neighbour(drive)) is Outcome.ERASED
    assert not seen(drive).own
    assert wording.advice_for_refusals(refusals) == ""
    both = plan_all([hdd(), drive], {hdd().identity.key: Capabilities()}, Policy())
    assert unusual(pc(hdd(), drive), both) == ()


@pytest.mark.parametrize("boot", [RUNNING, STARTED, BootMedium(is_boot=True)])
@pytest.mark.parametrize("transport", [one for one in Transport if one is not Transport.USB])
def test_no_drive_inside_drops_out_because_the_system_runs_from_it(
    transport: Transport, boot: BootMedium
) -> None:
    """An ISO that was once written onto an internal drive, and was found first."""
    drive = replace(hdd(3), transport=transport, boot=boot)
    refusals = plan_of(drive).refusals
    assert report_outcome(with_neighbour(drive)) is Outcome.INCOMPLETE
    assert seen(drive).own
    assert refusals[0].code is RefusalCode.BOOT_MEDIUM_INSIDE
    with i18n.using("fr"):
        assert "démarrez le PC depuis la clé" in wording.advice_for_refusals(refusals)
        assert "dans le PC" in wording.refusals(refusals)[0]


@pytest.mark.parametrize("transport", [Transport.SATA, Transport.USB])
def test_the_drive_of_somebodys_own_system_is_called_so(transport: Transport) -> None:
    """`reprise plan` on an IT person's PC: Reprise did not start from its drive."""
    own = BootMedium(is_boot=True, how=BootSign.ROOT)
    refusals = plan_of(replace(hdd(3), transport=transport, boot=own)).refusals
    with i18n.using("fr"):
        assert wording.refusals(refusals)[0] == "c’est le disque du système en cours"
        told = wording.advice_for_refusals(refusals)
        assert told in ("", "Pour l’effacer, démarrez ce PC depuis une clé Reprise.")
        assert bool(told) is (transport is Transport.SATA)


def test_the_signs_of_a_drive_inside_are_told_in_words() -> None:
    refusals = plan_of(replace(hdd(3), boot=STARTED)).refusals
    with i18n.using("fr"):
        (told,) = (one for one in wording.refusals(refusals) if "dans le PC" in one)
        assert "REPRISE_LIVE" not in told
        assert "une fois ces signes retirés" in wording.advice_for_refusals(refusals)


@pytest.mark.parametrize("boot", [RUNNING, STARTED])
@pytest.mark.parametrize("transport", [Transport.SATA, Transport.NVME, Transport.MMC])
def test_nor_where_an_older_report_calls_it_the_boot_medium(
    transport: Transport, boot: BootMedium
) -> None:
    """Older versions had one code for what was started from, inside the PC or not."""
    drive = replace(hdd(3), transport=transport, boot=boot)
    assert not is_outside(drive, {RefusalCode.BOOT_MEDIUM})


def test_a_hot_plug_bay_is_inside_though_the_kernel_calls_it_removable() -> None:
    drive = replace(hdd(3), removable=True, boot=RUNNING)
    assert report_outcome(with_neighbour(drive)) is Outcome.INCOMPLETE


def test_nor_is_a_drive_in_a_hot_plug_bay_outside_because_it_was_refused() -> None:
    drive = replace(hdd(3), removable=True)
    assert [one.code for one in plan_of(drive).refusals] == [RefusalCode.NOT_INTERNAL]
    assert not is_outside(drive, {RefusalCode.NOT_INTERNAL})
    assert report_outcome(with_neighbour(drive)) is Outcome.INCOMPLETE


@pytest.mark.parametrize(
    "card", [replace(CARD, boot=NO_STICK), replace(stick(), port=UsbPort.SLOT, boot=NO_STICK)]
)
def test_a_card_is_ours_only_where_the_system_was_seen_to_start_from_it(card: Drive) -> None:
    """Of an older report, or of another hand: a refusal alone is no sign of a start."""
    assert not is_outside(card, {RefusalCode.BOOT_MEDIUM})
    assert is_outside(replace(card, boot=STARTED), {RefusalCode.BOOT_MEDIUM})


def test_what_started_but_was_refused_for_something_else_is_not_left_out() -> None:
    started = replace(stick(), boot=STARTED)
    assert not is_outside(started, {RefusalCode.READ_ONLY, RefusalCode.HELD})


@pytest.mark.parametrize("boot", [NO_STICK, RUNNING, STARTED])
def test_a_module_on_a_fixed_port_belongs_to_the_pc(boot: BootMedium) -> None:
    module = replace(hdd(3), transport=Transport.USB, port=UsbPort.FIXED, boot=boot)
    assert report_outcome(with_neighbour(module)) is Outcome.INCOMPLETE
    assert seen(module).own
    assert wording.advice_for_refusals(plan_of(module).refusals)


def test_it_is_erased_where_the_policy_allows_and_a_person_looks_at_it() -> None:
    module = replace(hdd(3), transport=Transport.USB, port=UsbPort.FIXED)
    assert [one.code for one in plan_of(module).refusals] == [RefusalCode.USB_INSIDE]
    plan = plan_all([module], {module.identity.key: Capabilities()}, Policy(allow_usb=True))
    assert not plan.drives[0].refused
    assert [one.code for one in unusual(pc(module), plan)] == [UnusualCode.NOT_INTERNAL]


@pytest.mark.parametrize(
    "card",
    [
        replace(stick(), port=UsbPort.SLOT, boot=NO_STICK),
        replace(stick(), transport=Transport.MMC, boot=NO_STICK),
    ],
)
@pytest.mark.parametrize("label", [None, "REPRISE"])
def test_a_card_left_in_a_reader_was_not_erased(card: Drive, label: str | None) -> None:
    card = labelled(card, label=label) if label else card
    refusals = plan_of(card).refusals
    assert RefusalCode.CARD_INSIDE in [one.code for one in refusals]
    assert report_outcome(with_neighbour(card)) is Outcome.INCOMPLETE
    assert seen(card).own
    assert not is_stick(seen(card))
    with i18n.using("fr"):
        assert "Retirez la carte" in wording.advice_for_refusals(refusals)


def test_a_label_on_a_fixed_port_makes_no_stick() -> None:
    drive = iso_on(replace(stick(), port=UsbPort.FIXED))
    assert report_outcome(with_neighbour(drive)) is Outcome.INCOMPLETE
    assert not is_stick(seen(drive))


def test_reports_made_before_ports_were_read_say_what_they_said() -> None:
    old = replace(stick(), boot=NO_STICK)
    assert is_outside(old, {RefusalCode.NOT_INTERNAL})
    assert is_outside(old, {RefusalCode.REPRISE_STICK})
    assert is_outside(stick(), {RefusalCode.BOOT_MEDIUM})
    assert not is_outside(old, {RefusalCode.READ_ONLY})
    assert not is_outside(stick(), set())
    assert not is_outside(None, {RefusalCode.BOOT_MEDIUM})
