"""Run on a screen: the letters that Alt takes, of every page as the wizard shows it, in every
language: letters.py ROOT -> JSON {language: {page: ["c", …]}}"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from reprise_first_start import contract
from reprise_first_start.errors import FirstStartError
from reprise_first_start.files import Root
from reprise_first_start.i18n import LANGUAGES, set_language
from reprise_first_start.ui import wizard

from gi.repository import Gdk, Gtk  # isort: skip


def letters(widget: Any) -> list[str]:
    found = []
    if isinstance(widget, Gtk.Label) and widget.get_mnemonic_keyval() != Gdk.KEY_VoidSymbol:
        found.append(chr(Gdk.keyval_to_unicode(widget.get_mnemonic_keyval())).casefold())
    if isinstance(widget, Gtk.Container):
        found += [one for child in widget.get_children() for one in letters(child)]
    return found


def main(root: Root) -> None:
    made = wizard.Wizard(root, contract.load(root))
    found: dict[str, dict[str, list[str]]] = {}
    for language in LANGUAGES:
        set_language(language)
        made._context.draft.language = language
        found[language] = {}
        for at, page in enumerate(made._pages):
            made._at = at
            made._show()
            if page is made._work:
                made._failed(FirstStartError("what", "what to do"))
            found[language][page.name] = letters(made._window)
    print(json.dumps(found))


if __name__ == "__main__":
    main(Root(Path(sys.argv[1])))
