"""Joining a server: its address and a code of it, whose they are, and a question."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import Input

from reprise.domain.station.enrolment import read_link
from reprise.i18n import _
from reprise.ports.sheets.joining import JoinedServer, Joining, ServerFound
from reprise.sentences import joining
from reprise.tui.drawing import paint
from reprise.tui.screens.network_forms import Answered, Form
from reprise.tui.screens.panel import Question
from reprise.tui.station import Station
from reprise.tui.widgets.field import Field

_LONGEST = 200  # a scanner types the whole link into either field


def joining_of(station: Station) -> Joining:
    """For workers. The key is only named where there is one."""
    port = station.tools.joining
    if port is None:
        raise RuntimeError("no joining port")
    return port()


class ServerJoinForm(Form):
    """`address`: of the server in force."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address, self._code = address, ""
        self._found: ServerFound | None = None

    @property
    def joined(self) -> bool:
        return isinstance(self._answer, JoinedServer) and not self._busy

    def title_text(self) -> str:
        return _("Join a server")

    def help_text(self) -> str:
        return _(
            "An administrator of the organisation makes a code on the server's page of stations. "
            "Type the server's address and the code as they stand there, or scan its QR code. You "
            "are then told whose server it is, before anything is changed. This stick's key, which "
            "never leaves it, is enrolled there, and the server's address is kept on the stick."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        if self.joined:
            return ((_("Esc"), _("Back")),)
        return ((_("Enter"), _("Ask the server")), (_("Esc"), _("Back")))

    def fields(self) -> Sequence[Field]:
        return Field("address", self._address, _LONGEST), Field("code", "", _LONGEST)

    def on_mount(self) -> None:
        super().on_mount()
        if self._address:
            self.query_one("#code", Input).focus()

    def show(self) -> None:
        text = _("The address and the code stand on the server's page of stations.")
        self.put(paint.indent(paint.line(text), self.room, 0))
        labels = {"address": _("Server"), "code": _("Code")}
        for field in self.query(Field):
            field.label(labels[field.name_of])
        super().show()
        if isinstance(self._answer, JoinedServer) and not self._busy:
            told = paint.line((joining.joined_words(self._answer), paint.GOOD))
            self.put(paint.indent(told, self.room, 0), "#said")

    def ready(self) -> bool:
        """A code is the least; the address may come with it, in a link. After joining: the end."""
        if self.joined:
            self.dismiss(None)
            return False
        self._address, self._code = self.typed("address"), self.typed("code")
        if self._code.strip() or read_link(self._address):
            return True
        self.query_one("#code", Input).focus()
        return False

    def waiting(self) -> str:
        return _("Asking the server…")

    def words(self) -> str:
        return "" if self._answer is None else str(self._answer)

    def send(self) -> ServerFound | JoinedServer:
        port = joining_of(self.station)
        if self._found is None:
            return port.look(self._address, self._code)
        return port.join(self._found)

    def on_answered(self, message: Answered) -> None:
        found = message.answer
        if isinstance(found, ServerFound):
            self._found = found
            ask = "\n".join((*joining.found_rows(found), "", *joining.questions(found)))
            self.app.push_screen(Question(ask, _("Join it"), _("Do not join it")), self._decided)
            return
        self._found = None
        super().on_answered(message)
        self.refresh_all()

    def _decided(self, yes: bool | None) -> None:
        if yes:
            self.begin()
        else:
            self._found, self._busy, self._answer = None, False, None
            self.show()
