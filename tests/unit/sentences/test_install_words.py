"""What went wrong with an installation is told in words, each failure in its own."""

from __future__ import annotations

import pytest

from reprise import i18n
from reprise.domain.install.images import InstallFailure, OsImage
from reprise.domain.pc.hardware import MediaKind
from reprise.line_interface import shown
from reprise.sentences.system import why_none
from reprise.workflow.engine.port import InstallChoice, Offer, StationStatus
from reprise.workflow.session.install import failure_text, slowness
from reprise.workflow.session.state import SessionState
from station_kit.typed import typed
from unit.adapters.install.made_image import made_image
from unit.domain.drives.drives import drive, hdd


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_each_failure_has_words_of_its_own(lang: str) -> None:
    with i18n.using(lang):
        told = {code: failure_text(code.value) for code in InstallFailure}
    assert all(len(words) > 20 and words.endswith(".") for words in told.values()), told
    assert len(set(told.values())) == len(InstallFailure)


def test_what_the_tool_said_stands_behind_the_words() -> None:
    with i18n.using("en"):
        plain = failure_text(InstallFailure.TOOL_FAILED.value)
        assert failure_text(f"{InstallFailure.TOOL_FAILED.value}: mkfs") == f"{plain} (mkfs)"
        assert failure_text("not of this version") == "not of this version"


def test_a_solid_state_drive_comes_first_then_the_larger_one() -> None:
    ssd, large = drive(media=MediaKind.SSD), hdd(2)
    small = drive()
    assert sorted((small, large, ssd), key=slowness)[0] == ssd
    two = sorted((small, large), key=slowness)
    assert two[0].identity.size_bytes > two[1].identity.size_bytes


@pytest.mark.parametrize(
    ("images", "french"),
    [
        ((), "Aucun système à installer n'a été trouvé sur cette clé."),
        ((made_image(),), "Aucun système de cette clé ne convient à un disque de ce PC."),
    ],
)
def test_a_stick_without_a_system_is_told_from_a_drive_that_is_too_small(
    images: tuple[OsImage, ...], french: str
) -> None:
    status = StationStatus(offer=Offer("plan", (), images))
    assert typed(why_none(status)) == french
    said = list(shown.choices(status, SessionState(), (None,)))
    assert typed(said[-1]) == french


def test_where_something_fits_nothing_of_the_kind_is_said() -> None:
    choice = InstallChoice(made_image().name, drive().identity.key)
    assert why_none(StationStatus(offer=Offer("plan", (choice,), (made_image(),)))) == ""
