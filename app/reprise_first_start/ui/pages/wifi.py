"""Wi-Fi: only where there is one and no cable; one may always go on without."""

from __future__ import annotations

import logging
from typing import Any

from gi.repository import Gtk

from reprise_common.network import AccessPoint, JoinRequest, Security
from reprise_first_start import wifi
from reprise_first_start.errors import FirstStartError
from reprise_first_start.i18n import _
from reprise_first_start.ui import kit
from reprise_first_start.ui.page import Page, PageContext

_HIDDEN = "hidden"
_LOG = logging.getLogger(__name__)


def _printed(ssid: str) -> str:
    """Bytes that are no UTF-8 have no letters."""
    return ssid.encode("utf-8", "replace").decode("utf-8")


def _kind(security: Security) -> str:
    if security is Security.ENTERPRISE:
        return _("with an account of its own")
    return "" if security.takes_password else _("open, without a password")


class WifiPage(Page):
    name = "wifi"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._points: dict[str, AccessPoint] = {}
        self._chosen_key = ""
        self._picked = False  # by the person
        self._name = self._password = ""
        self._busy = self._joining = False  # busy: looking or joining
        self._list: kit.Choice
        self._say: Any = None
        self._fields: dict[str, Any] = {}
        self._generation = 0  # answers of an earlier build of the page are not for this one

    def title(self) -> str:
        return _("Wi-Fi")

    def wanted(self) -> bool:
        return wifi.is_wanted()

    def build(self) -> Any:
        self._generation += 1
        self._busy = self._joining = False
        page = kit.column()
        self._list = kit.Choice(self._chosen, self._join)
        page.pack_start(kit.caption(_("_Networks around you"), self._list.widget), False, False, 0)
        page.pack_start(kit.scrolled(self._list.widget, 120), True, True, 0)
        name = kit.entry(self._name, lambda typed: setattr(self, "_name", typed))
        secret = kit.entry("", lambda typed: setattr(self, "_password", typed), secret=True)
        self._password = ""
        for field in (name, secret):
            field.set_activates_default(False)
            field.connect("activate", lambda _field: self._join())
        shown = kit.check(_("_Show the password"), False, secret.set_visibility)
        self._fields = {
            "name": name, "name of": kit.caption(_("N_ame of the hidden network"), name),
            "secret": secret,
            "secret of": kit.caption(
                _("Pass_word of the Wi-Fi (on the label of your box)"), secret
            ),
            "shown": shown, "join": kit.button(_("_Join this network"), self._join),
            "again": kit.button(_("Look again"), self._look),
        }  # fmt: skip
        for key in ("name of", "name", "secret of", "secret", "shown"):
            page.pack_start(self._fields[key], False, False, 0)
            self._fields[key].set_no_show_all(True)
        buttons = Gtk.Box(spacing=8)
        buttons.pack_start(self._fields["join"], False, False, 0)
        buttons.pack_start(self._fields["again"], False, False, 0)
        page.pack_start(buttons, False, False, 4)
        self._say = kit.text("", "doubt")
        page.pack_start(self._say, False, False, 0)
        self._fill()
        self._told()
        if not self._points:
            self._look()
        return page

    def focus(self) -> None:
        self._list.focus()

    def check(self) -> None:
        if self._joining:
            raise FirstStartError(
                _("The computer is still busy with the Wi-Fi."),
                _("Wait for the answer, at most a minute."),
            )

    def _look(self) -> None:
        if self._busy:
            return
        self._wait(_("Looking for networks…"))
        at = self._generation
        kit.in_background(wifi.in_reach, lambda points, _error: self._seen(at, points or ()))

    def _is_shown(self, at: int) -> bool:
        """Not another build of the page, nor another page."""
        return at == self._generation and bool(self._list.widget.get_mapped())

    def _seen(self, at: int, found: tuple[AccessPoint, ...]) -> None:
        if not self._is_shown(at):
            return
        _LOG.info("%d networks", len(found))
        self._points = {f"{point.ssid}\n{point.security}": point for point in found}
        joined = next((point.ssid for point in found if point.joined), "")
        self._context.draft.wifi = _printed(joined) or self._context.draft.wifi
        self._fill()
        self._done()
        self._told()
        self._list.focus()

    def _fill(self) -> None:
        self._list.clear()
        for key, point in self._points.items():
            lock = _kind(point.security)
            level = _("signal {percent} %").format(percent=point.signal)
            said = ", ".join(part for part in (level, lock) if part)
            self._list.add(key, f"{_printed(point.ssid)}   ({said})")
        self._list.add(_HIDDEN, _("Another network, whose name is hidden"))
        self._list.widget.show_all()
        first = next(iter(self._points), _HIDDEN)
        kept = self._picked and self._chosen_key in (*self._points, _HIDDEN)
        self._chosen_key = self._chosen_key if kept else first
        self._list.choose(self._chosen_key)
        self._show_fields()

    def _chosen(self, key: str) -> None:
        self._chosen_key, self._picked = key, True
        self._context.complaint.clear()
        self._show_fields()

    def _show_fields(self) -> None:
        point = self._points.get(self._chosen_key)
        secret = point is None or point.security.takes_password
        for name, wanted in (("name", point is None), ("secret", secret)):
            self._fields[name].set_visible(wanted)
            self._fields[f"{name} of"].set_visible(wanted)
        self._fields["shown"].set_visible(secret)

    def _join(self) -> None:
        if self._busy:
            return
        point = self._points.get(self._chosen_key)
        if point and not self._password and _printed(point.ssid) == self._context.draft.wifi:
            self._context.go_on()  # it is joined
            return
        if point is None and not self._name.strip():
            self._context.complaint.show(
                FirstStartError(_("The name of the hidden network is missing."), _("Write it."))
            )
            self._fields["name"].grab_focus()
            return
        request = JoinRequest(
            ssid=point.ssid if point else self._name.strip(),
            password=self._password,
            hidden=point is None,
            security=point.security if point else None,
        )
        self._context.complaint.clear()
        self._wait(_("Joining the network, up to a minute…"))
        self._joining = True
        at, root = self._generation, self._context.root
        kit.in_background(
            lambda: wifi.join(root, request), lambda _n, error: self._came(at, request, error)
        )

    def _came(self, at: int, request: JoinRequest, error: Exception | None) -> None:
        if error is None:
            self._context.draft.wifi = _printed(request.ssid)
        if not self._is_shown(at):
            return
        self._done()
        self._told()
        if error is not None:
            told = error if isinstance(error, FirstStartError) else wifi.told_failed()
            self._context.complaint.show(told)
            self._fields["secret"].grab_focus()
        else:
            self._context.go_on()

    def _wait(self, words: str) -> None:
        self._busy = True
        self._say.set_text(words)
        for key in ("join", "again"):
            self._fields[key].set_sensitive(False)

    def _done(self) -> None:
        self._busy = self._joining = False
        for key in ("join", "again"):
            self._fields[key].set_sensitive(True)

    def _told(self) -> None:
        joined = self._context.draft.wifi
        if not self._busy:
            self._say.set_text(_("Joined: {name}").format(name=joined) if joined else "")
        self._context.label(_("_Continue") if joined else _("_Continue without Wi-Fi"))
