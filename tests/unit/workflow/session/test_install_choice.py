"""Which system is installed, and what is asked before a drive is erased for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.capabilities import Capabilities, OwnWord
from reprise.domain.install.handover import Handover
from reprise.domain.install.images import InstallFailure, OsImage
from reprise.domain.install.options import InstallOptions
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.planner import plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.domain.report.events import AttemptStarted, Stamped
from reprise.errors import InputError
from reprise.ports import InstallRequest
from reprise.workflow.session.drive_view import looked_at
from reprise.workflow.session.install import (
    cannot_encrypt,
    check_before_erasing,
    ordered_images,
    request_of,
)
from unit.adapters.install.made_image import made_image
from unit.domain.drives.drives import hdd

ONE = hdd(1)


class Shelf:
    """ports.OsInstaller, as far as it is asked here. `small`: drives that it finds too small."""

    def __init__(self, *images: OsImage, small: tuple[Drive, ...] = ()) -> None:
        self.shelf = {one.name: one for one in images}
        self.small = {one.identity.key for one in small}
        self.checked: list[InstallRequest] = []
        self.asked: list[bool] = []

    def images(self) -> tuple[str, ...]:
        return tuple(self.shelf)

    def describe(self, name: str) -> OsImage:
        return self.shelf[name]

    def fits(self, _image: str, drive: Drive, *, encrypted: bool = False) -> str | None:
        self.asked.append(encrypted)
        return InstallFailure.DRIVE_TOO_SMALL.value if drive.identity.key in self.small else None

    def check(self, request: InstallRequest) -> None:
        self.checked.append(request)


OWNED = made_image(name="owned", first_start=True)
PLAIN, OTHER = made_image(name="plain"), made_image(name="other")


def names(wished: str, encrypt: bool) -> list[str]:
    shelf = Shelf(PLAIN, OTHER, OWNED)
    return [one.name for one in ordered_images(shelf, wished, encrypt)]  # type: ignore[arg-type]


def test_the_wished_system_comes_first_then_those_that_can_be_encrypted() -> None:
    assert OWNED.asks_owner and not PLAIN.asks_owner
    assert names("other", False) == ["other", "plain", "owned"]
    assert names("other", True) == ["other", "owned", "plain"]
    assert names("nobody", True) == ["owned", "plain", "other"]


def test_a_wish_that_cannot_be_met_is_told_before_hours() -> None:
    assert cannot_encrypt((PLAIN, OWNED), encrypt=False) == ()
    assert cannot_encrypt((), encrypt=True) == ()
    assert cannot_encrypt((OWNED, PLAIN), encrypt=True) == ()
    (error,) = cannot_encrypt((PLAIN, OWNED), encrypt=True)
    assert "plain" in str(error)


def test_what_the_station_asks_for() -> None:
    given = InstallOptions("owned", "pc", "u", "first", locale="de_DE.UTF-8", keyboard="de")
    told = Handover(organisation="Org")
    asked = request_of(looked_at(ONE), "owned", replace(given, encrypt=True), told)
    assert (asked.drive, asked.options.image, asked.handover) == (ONE, "owned", told)
    assert asked.options == replace(given, encrypt=True)
    assert asked.encrypted
    plain = request_of(looked_at(ONE), "plain", replace(given, encrypt=False), told)
    assert plain.options.image == "plain" and not plain.encrypted


def test_the_installer_knows_who_the_drive_said_that_it_is() -> None:
    own = OwnWord("ata", "W62A0001", "5000c50000000001", 500107862016)
    plan = plan_drive(ONE, Capabilities(own=own), Policy())
    view = replace(looked_at(ONE), plan=plan)
    request = request_of(view, "plain", InstallOptions("plain"), Handover())
    assert (request.own, request.erased) == (own, None)


def test_the_installer_knows_what_the_erasure_wrote_last() -> None:
    view = looked_at(ONE)
    for at, technique in enumerate((Technique.ATA_SANITIZE_BLOCK, Technique.OVERWRITE)):
        tried = Attempt(technique, Method.CLEAR, VerifyDepth.FULL)
        began = AttemptStarted(ONE.identity.key, ONE.identity, ONE.node, tried, f"j{at}", "0f" * 32)
        view = replace(view, fold=view.fold.after(Stamped(0, "", 0.0, began)))
    erased = request_of(view, "plain", InstallOptions("plain"), Handover()).erased
    assert erased is not None and (erased.job_id, erased.job_key) == ("j1", "0f" * 32)


def test_the_installer_is_asked_before_the_drive_is_erased() -> None:
    request = InstallRequest(ONE, InstallOptions("x", encrypt=True))
    shelf = Shelf()
    check_before_erasing(shelf, request)  # type: ignore[arg-type]
    assert (shelf.checked, shelf.asked) == ([request], [True])
    with pytest.raises(InputError):
        check_before_erasing(Shelf(small=(ONE,)), request)  # type: ignore[arg-type]
