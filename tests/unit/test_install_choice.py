"""On which drive a system is installed, and which system: never on one that was not erased."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.handover import Handover
from reprise.domain.hardware import Drive, Use, UseKind
from reprise.domain.images import InstallFailure, OsImage
from reprise.domain.policy import Policy
from reprise.errors import InputError
from reprise.ports import InstallRequest
from reprise.workflow.install import (
    cannot_encrypt,
    check_before_erasing,
    default_drive,
    fitting,
    ordered_images,
    request_of,
)
from reprise.workflow.services import InstallDefaults
from unit.drives import hdd, stick
from unit.made_image import made_image

BUSY = hdd(3, uses=(Use(UseKind.MOUNT, "/dev/sdc1", "/srv"),))
ONE, TWO = hdd(1), hdd(2)
KEYS = {one.identity.key for one in (ONE, TWO)}


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


def chosen(*drives: Drive, erased: set[str], small: tuple[Drive, ...] = ()) -> Drive | None:
    return default_drive(Shelf(small=small), "x", drives, Policy(), erased)  # type: ignore[arg-type]


def test_only_a_drive_that_this_session_erased_is_proposed() -> None:
    assert chosen(ONE, TWO, erased={ONE.identity.key}) == ONE
    assert chosen(ONE, TWO, erased=set()) is None
    assert chosen(ONE, erased={TWO.identity.key}) is None


def test_between_two_a_person_chooses() -> None:
    assert chosen(ONE, TWO, erased=KEYS) is None
    assert chosen(ONE, TWO, erased=KEYS, small=(ONE,)) == TWO


def test_a_drive_in_use_or_too_small_is_none_to_pick() -> None:
    shelf = Shelf(small=(TWO,))
    assert fitting(shelf, "x", (ONE, TWO, BUSY, stick()), Policy()) == (ONE,)  # type: ignore[arg-type]
    assert chosen(BUSY, erased={BUSY.identity.key}) is None


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
    given = InstallDefaults("owned", "pc", "u", "first", locale="de_DE.UTF-8", keyboard="de")
    told = Handover(organisation="Org")
    asked = request_of(ONE, "owned", replace(given, encrypt=True), told)
    assert (asked.drive, asked.image_name, asked.handover) == (ONE, "owned", told)
    assert (asked.hostname, asked.user, asked.password) == ("pc", "u", "first")
    assert (asked.locale, asked.keyboard, asked.timezone) == ("de_DE.UTF-8", "de", given.timezone)
    assert asked.for_owner and asked.encrypted
    assert not request_of(ONE, "plain", replace(given, encrypt=False), told).for_owner


def test_the_installer_is_asked_before_the_drive_is_erased() -> None:
    request = InstallRequest(ONE, "x", "pc", "u", "p", for_owner=True)
    shelf = Shelf()
    check_before_erasing(shelf, request)  # type: ignore[arg-type]
    assert (shelf.checked, shelf.asked) == ([request], [True])
    with pytest.raises(InputError):
        check_before_erasing(Shelf(small=(ONE,)), request)  # type: ignore[arg-type]
