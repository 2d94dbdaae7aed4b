"""What may be installed after the erasure."""

from __future__ import annotations

from collections.abc import Iterable

from reprise import wording
from reprise.domain.hardware import MediaKind
from reprise.domain.images import ImageKind, OsImage
from reprise.i18n import _, language
from reprise.sentences.drives import model_of, name_of
from reprise.workflow.desk.port import Board, InstallChoice
from reprise.workflow.session_state import SessionState


def image_title(board: Board, image: str) -> str:
    known = {one.name: one.title for one in board.offer.images}
    return known.get(image, {}).get(language()) or image


def _of(board: Board, choice: InstallChoice | None) -> Iterable[OsImage]:
    return (one for one in board.offer.images if choice is not None and one.name == choice.image)


def takes_names(board: Board, choice: InstallChoice | None) -> bool:
    """Whether the system is given the names that are asked for here: a whole-drive image is not,
    nor is one that asks its new owner."""
    own = (one.kind is ImageKind.RAW or one.first_start for one in _of(board, choice))
    return choice is not None and not any(own)


def can_encrypt(board: Board, choice: InstallChoice | None) -> bool:
    """Whether the system asks its new owner for the passphrase of an encrypted drive."""
    return any(one.asks_owner for one in _of(board, choice))


def encrypt_text() -> str:
    return _("Encrypt the drive: its owner chooses the passphrase at the first start")


def choice_text(board: Board, state: SessionState, choice: InstallChoice | None) -> str:
    if choice is None:
        return _("Nothing: only erase")
    view, title = state.drive(choice.drive), image_title(board, choice.image)
    if view is None:
        return title
    return _("{system} on {drive} ({model}, {size})").format(
        system=title,
        drive=name_of(view.drive),
        model=model_of(view.drive),
        size=wording.size(view.identity.size_bytes),
    )


def why_none(board: Board) -> str:
    """Why nothing can be installed; "" where something can."""
    if board.offer.choices:
        return ""
    if not board.offer.images:  # the station alone, or a catalogue that cannot be read
        return _("No system to install was found on this stick.")
    return _("No system of this stick fits on a drive of this PC.")


def why_proposed(board: Board, state: SessionState) -> str:
    """Why the first choice names that drive; "" where nothing fits."""
    choices = board.offer.choices
    if not choices:
        return ""
    fit = [state.drive(one.drive) for one in choices if one.image == choices[0].image]
    kinds = [view.drive.media for view in fit if view is not None]
    title = image_title(board, choices[0].image)
    if len(kinds) < 2:
        return _("Proposed first: the only drive of this PC that {system} fits on.").format(
            system=title
        )
    if kinds[0] is MediaKind.SSD and kinds[-1] is not MediaKind.SSD:
        return _("Proposed first: the SSD, quicker than a hard disk.")
    return _("Proposed first: the largest drive.")
