"""A person's word that nothing is attached to a controller: whether it may be given."""

from __future__ import annotations

from reprise.domain.drives.open_storage import open_reasons
from reprise.domain.drives.unreached import StorageStated, Unreached
from reprise.errors import RefusedError
from reprise.i18n import _
from reprise.workflow.session.state import SessionState, Stage


def refuse_once_signed(state: SessionState) -> None:
    """Raises RefusedError: what is said after the report is sealed, nobody would ever read."""
    if state.stage is Stage.SEALED:
        raise RefusedError(_("The report of this PC is signed: nothing can be added to it."))


def statement(state: SessionState, about: Unreached) -> StorageStated:
    """The event. Raises RefusedError where that is no open question, where a drive was seen there,
    or once the report is sealed."""
    refuse_once_signed(state)
    if about not in open_reasons(state.inventory, state.plan, state.stated):
        raise RefusedError(
            _("Nothing needs to be stated about “{where}”.").format(where=about.where),
            _("Look at the drives again."),
        )
    if not about.statable:
        raise RefusedError(
            _("A drive was seen at “{where}”: no word can rule it out.").format(where=about.where)
        )
    return StorageStated(about, state.operator.name if state.operator is not None else "")
