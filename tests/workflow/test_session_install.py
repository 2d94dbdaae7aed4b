"""What a session offers to install after the erasure, and installs."""

from __future__ import annotations

from reprise.domain.planning.techniques import Verdict
from reprise.errors import InputError
from reprise.workflow.engine.port import InstallChoice
from station_kit.machines import hdd, laptop, mounted, ssd, stick
from station_kit.ports import Kit
from workflow.test_session import opened, run


def test_the_light_system_goes_onto_a_sanitized_drive_only() -> None:
    kit = Kit(laptop(hdd(), ssd()))
    kit.sanitizer.ends["W9A4K2XJ"] = Verdict.UNVERIFIED
    session = run(kit, InstallChoice(hdd().identity.key, "debian-minimal"))
    assert kit.installer.requests == []
    assert len(session.problems) == 1

    kit = Kit(laptop(hdd(), ssd()))
    session = run(kit, InstallChoice(ssd().identity.key, "debian-minimal"))
    assert [r.drive.node for r in kit.installer.requests] == ["/dev/nvme0n1"]
    assert session.state.install is not None and session.state.install.ok


def test_a_failed_install_is_in_the_state_and_the_report_is_sealed() -> None:
    kit = Kit(laptop(hdd()))
    kit.installer.fails = "digest-mismatch"
    session = run(kit, InstallChoice(hdd().identity.key, "debian-minimal"))
    assert session.state.install is not None and session.state.install.ok is False
    assert session.state.sealed is not None


def test_install_choices_leave_out_what_does_not_fit_or_is_not_erased() -> None:
    kit = Kit(laptop(hdd(), stick(), mounted()))
    assert opened(kit).offer.choices == (InstallChoice(hdd().identity.key, "debian-minimal"),)


def test_where_the_settings_encrypt_a_system_that_asks_its_owner_goes_first() -> None:
    kit = Kit(laptop(hdd()))
    kit.installer.names, kit.image, kit.encrypt = ("a-text-system", "desktop"), "", True
    kit.installer.asking = frozenset({"desktop"})
    session = opened(kit)
    assert [choice.image for choice in session.offer.choices] == ["desktop", "a-text-system"]
    assert session.problems == ()


def test_settings_that_encrypt_what_cannot_be_are_told() -> None:
    """And where nobody is there to read it, nothing begins (see obstacles)."""
    kit = Kit(laptop(hdd()))
    kit.encrypt = True
    session = opened(kit)
    session.look()
    (problem,) = session.problems
    assert "debian-minimal" in problem and "[install]" in problem


def test_images_that_cannot_be_read_are_told_once_and_hide_no_other() -> None:
    kit = Kit(laptop(hdd()))
    kit.installer.left_out = (InputError("images.toml, line 1: this is not valid TOML."),)
    session = opened(kit)
    session.look()
    assert session.problems == ("images.toml, line 1: this is not valid TOML.",)
    assert session.offer.choices == (InstallChoice(hdd().identity.key, "debian-minimal"),)


def test_the_quickest_drive_is_proposed_first_for_the_system() -> None:
    kit = Kit(laptop(hdd(), ssd()))
    assert [c.drive for c in opened(kit).offer.choices] == [
        ssd().identity.key,
        hdd().identity.key,
    ]
