"""Keyboard: which layout is loaded, another one, and a line to try its keys in."""

from __future__ import annotations

from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.sheets.asking import numbered
from reprise.sentences.layouts import in_use, title
from reprise_common.keyboard_layouts import Changeable


def keyboard(talk: Conversation) -> None:
    if talk.tools.keyboard is None:
        return
    port = talk.tools.keyboard()
    state = port.state()
    talk.output.say(_("In use: ") + in_use(state))
    if state.changeable is not Changeable.YES:
        talk.output.say(_("No other layout can be loaded here."))
        return
    number = numbered(talk, [title(name) for name in state.layouts])
    if number is None:
        return
    layout = state.layouts[number]
    try:
        talk.layout = port.load(layout)
    except RepriseError as error:
        talk.output.say(str(error))
        return
    talk.output.say(_("Loaded: {layout}.").format(layout=title(layout)))
    typed = talk.ask(_("Try the keys, then Enter:"), _("What was typed is said again."))
    talk.output.say(typed)
