"""What may be installed after the erasure."""

from __future__ import annotations

from reprise import wording
from reprise.domain.images import ImageKind
from reprise.i18n import _, language
from reprise.sentences.drives import model_of, name_of
from reprise.workflow.desk.port import Board, InstallChoice
from reprise.workflow.session_state import SessionState


def image_title(board: Board, image: str) -> str:
    known = {one.name: one.title for one in board.offer.images}
    return known.get(image, {}).get(language()) or image


def takes_names(board: Board, choice: InstallChoice | None) -> bool:
    """Whether the system is given the names that are asked for: a whole-drive image is not."""
    kinds = {one.name: one.kind for one in board.offer.images}
    return choice is not None and kinds.get(choice.image) is not ImageKind.RAW


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
