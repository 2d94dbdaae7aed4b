"""Run on a screen: builds every page and lists what the keyboard reaches, as a screen reader hears
it: named.py ROOT -> JSON {page: [[widget, name], …]}"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from reprise_first_start import contract
from reprise_first_start.files import Root
from reprise_first_start.ui import wizard

from gi.repository import Atk, Gtk  # isort: skip


def reached(widget: Any) -> list[Any]:
    found = [widget] if widget.get_can_focus() or isinstance(widget, Gtk.ListBox) else []
    if isinstance(widget, Gtk.Container) and not isinstance(widget, Gtk.ListBox):
        found += [one for child in widget.get_children() for one in reached(child)]
    return found


def name_of(widget: Any) -> str:
    spoken = widget.get_accessible()
    relation = spoken.ref_relation_set().get_relation_by_type(Atk.RelationType.LABELLED_BY)
    labels = [one.get_name() for one in relation.get_target()] if relation is not None else []
    return spoken.get_name() or " ".join(labels)


def main(root: Root) -> None:
    made = wizard.Wizard(root, contract.load(root))
    found = {}
    for page in made._pages:
        inside = page.build()
        inside.show_all()
        found[page.name] = [
            [type(one).__name__, name_of(one)]
            for one in reached(inside)
            if not isinstance(one, Gtk.ScrolledWindow)
        ]
    print(json.dumps(found))


if __name__ == "__main__":
    main(Root(Path(sys.argv[1])))
