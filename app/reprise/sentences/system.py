"""What may be installed after the erasure."""

from __future__ import annotations

from collections.abc import Iterable

from reprise import wording
from reprise.domain.install.images import ImageKind, OsImage
from reprise.domain.pc.hardware import MediaKind
from reprise.i18n import _, language
from reprise.sentences.drives import model_of, name_of
from reprise.workflow.engine.port import InstallChoice, StationStatus
from reprise.workflow.session.state import SessionState


def image_title(status: StationStatus, image: str) -> str:
    known = {offered.name: offered.title for offered in status.offer.images}
    return known.get(image, {}).get(language()) or image


def _of(status: StationStatus, choice: InstallChoice | None) -> Iterable[OsImage]:
    return (
        image for image in status.offer.images if choice is not None and image.name == choice.image
    )


def name_labels() -> dict[str, str]:
    """Of the names that the new system is given, by field of InstallOptions."""
    return {"hostname": _("PC name"), "user": _("User name")}


def takes_names(status: StationStatus, choice: InstallChoice | None) -> bool:
    """Whether the system is given the names that are asked for here: a whole-drive image is not,
    nor is one that asks its new owner."""
    own = (image.kind is ImageKind.RAW or image.first_start for image in _of(status, choice))
    return choice is not None and not any(own)


def can_encrypt(status: StationStatus, choice: InstallChoice | None) -> bool:
    """Whether the system asks its new owner for the passphrase of an encrypted drive."""
    return any(image.asks_owner for image in _of(status, choice))


def encrypt_text() -> str:
    return _("Encrypt the drive: its owner chooses the passphrase at the first start")


def choice_text(status: StationStatus, state: SessionState, choice: InstallChoice | None) -> str:
    if choice is None:
        return _("Nothing: only erase")
    view, title = state.drive(choice.drive), image_title(status, choice.image)
    if view is None:
        return title
    return _("{system} on {drive} ({model}, {size})").format(
        system=title,
        drive=name_of(view.drive),
        model=model_of(view.drive),
        size=wording.size(view.identity.size_bytes),
    )


def why_none(status: StationStatus) -> str:
    """Why nothing can be installed; "" where something can."""
    if status.offer.choices:
        return ""
    if not status.offer.images:  # the station alone, or a catalogue that cannot be read
        return _("No system to install was found on this stick.")
    return _("No system of this stick fits on a drive of this PC.")


def why_proposed(status: StationStatus, state: SessionState) -> str:
    """Why the first choice names that drive; "" where nothing fits."""
    choices = status.offer.choices
    if not choices:
        return ""
    fit = [state.drive(choice.drive) for choice in choices if choice.image == choices[0].image]
    kinds = [view.drive.media for view in fit if view is not None]
    title = image_title(status, choices[0].image)
    if len(kinds) < 2:
        return _("Proposed first: the only drive of this PC that {system} fits on.").format(
            system=title
        )
    if kinds[0] is MediaKind.SSD and kinds[-1] is not MediaKind.SSD:
        return _("Proposed first: the SSD, quicker than a hard disk.")
    return _("Proposed first: the largest drive.")
