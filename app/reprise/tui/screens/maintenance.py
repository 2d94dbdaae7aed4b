"""The maintenance shell, behind a phrase that nobody types by mistake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from textual import on
from textual.app import SuspendNotSupported
from textual.widget import Widget
from textual.widgets import Input, Static

from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.tui.drawing import paint
from reprise.tui.screens.sheet import SheetScreen
from reprise.tui.widgets.field import Field
from reprise.workflow.engine.port import Work


class MaintenanceScreen(SheetScreen):
    def __init__(self) -> None:
        super().__init__()
        self._say: Callable[[], str] = str  # what went wrong, in the language in force

    @staticmethod
    def phrase() -> str:
        """Plain letters: they are typed alike on every layout of the station's."""
        return _("i take over")

    def title_text(self) -> str:
        return _("Maintenance shell")

    def help_text(self) -> str:
        return _(
            "A shell with all rights over this PC, for whoever knows Linux: to look at a drive that"
            " is refused, at the network, at the logs. Type the phrase and Enter; “exit” comes back"
            " here. Esc goes back without opening it."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return ((_("Enter"), _("Open the shell")), *super().actions())

    def body(self) -> Sequence[Widget]:
        return (Static(id="text"), Field("phrase"), Static(id="said"))

    def show(self) -> None:
        rows = [
            _("For whoever knows Linux: a command line with all rights over this PC."),
            "",
            _(
                "What is erased by hand there is NOT PROVEN: no report says it, and no certificate"
                " is made of it. Reprise does not watch what is typed."
            ),
            "",
        ]
        if self._at_work():
            rows += [
                _("Drives are being erased: that goes on meanwhile. Leave those drives alone."),
                "",
            ]
        rows.append(_("“exit” comes back to this screen. Nothing begins by itself meanwhile."))
        self.put(paint.lines(paint.line(row) for row in rows))
        self.query_one(Field).label(_("Type “{phrase}”").format(phrase=self.phrase()))
        self.put(paint.line((self._say(), paint.BAD)), "#said")

    def _at_work(self) -> bool:
        return self.station.status.work is Work.RUNNING

    @on(Input.Submitted)
    def open_shell(self) -> None:
        field = self.query_one(Field)
        typed = " ".join(field.value.casefold().split())
        if typed != self.phrase():
            self._say = _wrong_phrase if typed else str
            self.show()
            return
        field.value = ""
        failure = self._shell()
        if failure is not None:
            self._say = failure
            self.show()
        else:
            self.dismiss(None)

    def _shell(self) -> Callable[[], str] | None:
        """What went wrong; None where it was open. The screen stands still meanwhile, its
        countdowns too; the engine is another process."""
        shell = self.station.tools.shell
        failure: Callable[[], str] | None = None
        if shell is None:
            return failure
        words = (
            _("Reprise: maintenance shell. What is erased by hand is not proven."),
            _("Type “exit” to come back to the station."),
        )
        try:
            with self.app.suspend():
                try:
                    shell.run(words)
                except RepriseError as error:  # not through the terminal's own return
                    failure = partial(str, error)
        except SuspendNotSupported:
            return _no_hand_over
        return failure


def _wrong_phrase() -> str:
    return _("This is not the phrase: nothing was opened.")


def _no_hand_over() -> str:
    return _("This terminal cannot be handed to a shell.")
