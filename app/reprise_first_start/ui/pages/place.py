"""The time zone, by place."""

from __future__ import annotations

import logging
from typing import Any

from gi.repository import Atk

from reprise_first_start import places
from reprise_first_start.i18n import _
from reprise_first_start.ui import kit
from reprise_first_start.ui.page import Page, PageContext

_LOG = logging.getLogger(__name__)


class PlacePage(Page):
    name = "place"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._list: kit.Choice
        self._places: dict[str, places.Place] = {}
        self._found: set[str] = set()
        self._say: Any = None

    def title(self) -> str:
        return _("Where you are")

    def build(self) -> Any:
        page = kit.column()
        self._list = kit.Choice(self._chosen, self._context.go_on)
        self._places = {place.zone: place for place in places.places()}
        self._found = set(self._places)
        for place in self._places.values():
            self._list.add(place.zone, place.title)
        self._list.choose(self._context.draft.timezone)
        self._list.widget.set_filter_func(self._is_shown)
        self._list.widget.set_header_func(self._header)
        search = kit.entry("", self._search)
        page.pack_start(kit.caption(_("_Place, for the right time"), self._list.widget),
                        False, False, 0)  # fmt: skip
        page.pack_start(kit.scrolled(self._list.widget, 190), True, True, 0)
        page.pack_start(kit.caption(_("_Search: a city, an island, a region"), search),
                        False, False, 0)  # fmt: skip
        page.pack_start(search, False, False, 0)
        self._say = kit.text("", "doubt")
        self._say.get_accessible().set_role(Atk.Role.ALERT)
        self._say.set_no_show_all(True)
        page.pack_start(self._say, False, False, 0)
        return page

    def focus(self) -> None:
        self._list.focus()

    def _chosen(self, zone: str) -> None:
        self._context.draft.timezone = zone

    def _search(self, typed: str) -> None:
        """The likeliest place is chosen; without one, what was chosen stays."""
        matches = places.found(tuple(self._places.values()), typed)
        self._found = {place.zone for place in matches}
        _LOG.info("%d places", len(matches))
        self._list.widget.invalidate_filter()
        self._list.widget.invalidate_headers()
        nowhere = "" if matches else _("No place found: choose the nearest large city.")
        self._say.set_text(nowhere)
        self._say.set_visible(bool(nowhere))
        self._say.get_accessible().notify_state_change(Atk.StateType.SHOWING, bool(nowhere))
        if not matches:
            return
        chosen = matches[0].zone if typed.strip() else self._context.draft.timezone
        self._list.choose(chosen)
        self._chosen(chosen)

    def _is_shown(self, row: Any) -> bool:
        return self._list.key_of(row) in self._found

    def _header(self, row: Any, before: Any) -> None:
        region = self._places[self._list.key_of(row)].region
        above = self._places[self._list.key_of(before)].region if before else ""
        header = kit.text(region, "group") if region != above else None
        if header is not None:
            header.show()
        row.set_header(header)
