"""Network: what is plugged in, the Wi-Fi networks in reach, the proxy, the server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from reprise.domain.network import (
    AccessPoint,
    JoinRequest,
    Link,
    LinkKind,
    LinkState,
    Security,
    kept_in_place,
)
from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.tool_ports.network import Network, ServerWay
from reprise.tui import paint
from reprise.tui.glyphs import DOT, bar
from reprise.tui.link_rows import link_rows
from reprise.tui.pressing import choosing
from reprise.tui.screens.network_forms import JoinForm, ProxyForm, network_of
from reprise.tui.screens.server_test import ServerTestScreen, way_rows
from reprise.tui.screens.sheet import SheetScreen
from reprise.wording import network as words

_LOOK_S = 3.0
_HIDDEN = ("", Security.OPEN)  # the row below all names
_FRAME_ROWS = 6  # head, padding, the stick's line, keys
_LEAST_ROWS = 3
_BAR, _NAME = 5, 32  # cells

_Key = tuple[str, Security]


@dataclass(frozen=True, slots=True)
class Settled:
    """What settings say."""

    way: ServerWay
    wifi: JoinRequest | None


@dataclass
class Seen(Message):
    """What is there now; None: not asked for this time."""

    links: tuple[Link, ...] | None
    points: tuple[AccessPoint, ...] | None
    set_: Settled | None = None
    heard: bool = False  # after listening anew


@dataclass
class Silent(Message):
    """The network cannot be asked."""

    error: RepriseError

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Silent) and str(self.error) == str(other.error)

    __hash__ = None  # type: ignore[assignment]


class NetworkScreen(SheetScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "pick(-1)", show=False),
        Binding("down", "pick(1)", show=False),
        Binding("enter", "join", show=False),
        Binding("f5", "listen", show=False),
        Binding("t", "test", show=False),
        Binding("p", "proxy", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._links: tuple[Link, ...] | None = None
        self._points: tuple[AccessPoint, ...] = ()
        self._set = Settled(ServerWay(), None)
        self._chosen: _Key | None = None
        self._listening = False
        self._silent: RepriseError | None = None

    @property
    def points(self) -> tuple[AccessPoint, ...]:
        return self._points

    @property
    def listening(self) -> bool:
        return self._listening

    def title_text(self) -> str:
        return _("Network")

    def help_text(self) -> str:
        return _(
            "A cable needs nothing: plug it in. For Wi-Fi, choose a network with the up and "
            "down arrows and press Enter; the last row is for the name of a hidden one. F5 "
            "searches again. P sets a proxy, T tests the connection to the server step by "
            "step and says what is wrong. All of it holds until the PC is switched off; "
            "without any network the reports wait on the stick."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return (
            (_("Enter"), _("Join")),
            ("F5", _("Listen")),
            (_("Esc"), _("Back")),
        )

    def body(self) -> Sequence[Widget]:
        return (Static(id="text"), Static(id="points"), Static(id="way"))

    def on_mount(self) -> None:
        super().on_mount()
        self.run_worker(self._watch, thread=True, group="watch")
        self.action_listen()

    # Workers: they speak by messages only

    def _watch(self) -> None:
        worker, network, told = get_current_worker(), network_of(self.station), Message()
        while not worker.is_cancelled:
            now = self._look(network)
            if now != told:  # each message costs a picture, of a screen that is covered, too
                told = now
                self.post_message(now)
            network.wait(_LOOK_S)

    def _look(self, network: Network) -> Seen | Silent:
        try:
            points = tuple(network.access_points(rescan=False))
            return Seen(tuple(network.links(points)), points, self._settled())
        except RepriseError as error:
            return Silent(error)

    def _settled(self) -> Settled:
        network = network_of(self.station)
        return Settled(network.server(), network.wifi_default())

    def _listen(self) -> None:
        try:
            points = tuple(network_of(self.station).access_points(rescan=True))
            self.post_message(Seen(None, points, self._settled(), heard=True))
        except RepriseError as error:
            self.post_message(Silent(error))

    def action_listen(self) -> None:
        if not self._listening:
            self._listening = True
            self.run_worker(self._listen, thread=True, group="listen")

    def on_seen(self, message: Seen) -> None:
        self._set = message.set_ or self._set  # first: it says which network is chosen first
        if message.links is not None:
            self._links, self._silent = message.links, None
        if message.points is not None:
            self._points = kept_in_place(self._points, message.points, self._chosen)
            self._chosen = self._chosen or self._first()
        self._listening = self._listening and not message.heard
        self._draw()

    def on_silent(self, message: Silent) -> None:
        self._silent, self._listening = message.error, False
        self._draw()

    def _draw(self) -> None:
        if self.is_active:  # else when it comes back
            self.refresh_all()

    def _first(self) -> _Key | None:
        """The network of the settings, else the strongest; nothing while there is none."""
        wifi = self._set.wifi
        named = [one.key for one in self._points if wifi and one.ssid == wifi.ssid]
        return next(iter((*named, *(one.key for one in self._points))), None)

    # Keys

    def _keys(self) -> list[_Key]:
        return [*(one.key for one in self._points), _HIDDEN]

    def _at(self) -> int:
        keys = self._keys()
        return keys.index(self._chosen) if self._chosen in keys else 0

    def action_pick(self, step: int) -> None:
        keys = self._keys()
        self._choose(keys[min(max(self._at() + step, 0), len(keys) - 1)])

    def choose(self, row: int) -> None:
        self._choose(self._keys()[min(row, len(self._points))])

    def _choose(self, key: _Key) -> None:
        """What has gone stays for its choice only."""
        self._chosen = key
        self._points = tuple(one for one in self._points if one.in_reach or one.key == key)
        self.show()

    def action_join(self) -> None:
        if self._wifi():
            one = None if self._keys()[self._at()] == _HIDDEN else self._points[self._at()]
            self.app.push_screen(JoinForm(one, self._set.wifi))

    def action_proxy(self) -> None:
        self.app.push_screen(ProxyForm(self._set.way.proxy), lambda _nothing: self._read_way())

    def action_test(self) -> None:
        self.app.push_screen(ServerTestScreen(), lambda _nothing: self._read_way())

    def _read_way(self) -> None:
        def read() -> None:
            self.post_message(Seen(None, None, self._settled()))

        self.run_worker(read, thread=True, group="way")

    # What is shown

    def show(self) -> None:
        links = list(self._link_rows())
        self.put(paint.lines(links))
        points = self.query_one("#points", Static)
        points.display = self._wifi()
        rows = list(way_rows(self._set.way, self.room))
        rows.append(paint.keys((("T", _("test the connection to the server")),)))
        rows.append(paint.keys((("P", _("set a proxy")),)))
        self.put(paint.lines(rows), "#way")
        room = self.app.size.height - _FRAME_ROWS - len(links) - len(rows) - 3
        self.put(paint.lines(self._point_rows(max(room, _LEAST_ROWS))), "#points")

    def _wifi(self) -> bool:
        useless = (LinkState.NO_DRIVER, LinkState.NO_FIRMWARE)
        wifi = [one for one in self._links or () if one.kind is LinkKind.WIFI]
        return any(one.state not in useless for one in wifi)

    def _link_rows(self) -> Iterator[paint.Text]:
        if self._silent is not None:
            yield paint.indent(paint.line((str(self._silent), paint.BAD)), self.room, 0)
        if self._links is None:
            yield paint.line((_("Looking at the network…"), paint.FAINT))
            return
        if not self._links:
            yield paint.line((_("This PC has no network card."), paint.WARN))
        for link in self._links:
            yield from link_rows(link, self.room)

    def _point_rows(self, room: int) -> Iterator[paint.Text]:
        note = _("listening…") if self._listening else ""
        yield paint.line((_("Wi-Fi networks"), paint.STRONG), "  ", (note, paint.FAINT))
        keys, at = self._keys(), self._at()
        first = min(max(at - room // 2, 0), max(len(keys) - room, 0))
        for index in range(first, min(first + room, len(keys))):
            yield self._row(index, here=index == at)

    def _row(self, index: int, *, here: bool) -> paint.Text:
        mark, style = ("→", paint.CHOSEN) if here else (" ", paint.PLAIN)
        if index == len(self._points):
            row = paint.line((f" {mark} " + _("hidden network: type its name…") + " ", style))
        else:
            one = self._points[index]
            name = f" {mark} {paint.shortened(one.ssid, _NAME):<{_NAME}} "
            reach = f"  {bar(one.signal / 100, _BAR)} {one.signal:>3} %  "
            row = paint.line((name, style), reach, self._note(one))
        return choosing(row, index, self.room)

    @staticmethod
    def _note(one: AccessPoint) -> str:
        if not one.in_reach:
            return _("out of reach")
        return words.security(one) + (f" {DOT} " + _("connected") if one.joined else "")
