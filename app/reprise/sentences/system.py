"""What may be installed after the erasure."""

from __future__ import annotations

from reprise import wording
from reprise.i18n import _, language
from reprise.sentences.drives import model_of, name_of
from reprise.workflow.desk.port import Board, InstallChoice
from reprise.workflow.session_state import SessionState


def image_title(board: Board, image: str) -> str:
    known = {one.name: one.title for one in board.offer.images}
    return known.get(image, {}).get(language()) or image


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
