"""Keyboard: which layout is loaded, another one, and a line to try its keys in."""

from __future__ import annotations

from reprise.domain.keyboard_layouts import Changeable
from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.linear.sheets.asking import numbered
from reprise.linear.talk import Talk
from reprise.sentences.layouts import in_use, title


def keyboard(talk: Talk) -> None:
    if talk.tools.keyboard is None:
        return
    port = talk.tools.keyboard()
    state = port.state()
    talk.mouth.say(_("In use: ") + in_use(state))
    if state.changeable is not Changeable.YES:
        talk.mouth.say(_("No other layout can be loaded here."))
        return
    number = numbered(talk, [title(name) for name in state.layouts])
    if number is None:
        return
    layout = state.layouts[number]
    try:
        talk.layout = port.load(layout)
    except RepriseError as error:
        talk.mouth.say(str(error))
        return
    talk.mouth.say(_("Loaded: {layout}.").format(layout=title(layout)))
    typed = talk.ask(_("Try the keys, then Enter:"), _("What was typed is said again."))
    talk.mouth.say(typed)
