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

from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.ports.sheets.network import Network, ServerWay
from reprise.tui.drawing import paint
from reprise.tui.drawing.glyphs import DOT, bar
from reprise.tui.drawing.link_rows import link_rows
from reprise.tui.screens.network_forms import JoinForm, ProxyForm, network_of
from reprise.tui.screens.server_check import ServerCheckScreen, way_rows
from reprise.tui.screens.server_join import ServerJoinForm
from reprise.tui.screens.sheet import SheetScreen
from reprise.tui.widgets.options import Options
from reprise.wording import network as words
from reprise.wording import percent
from reprise_common.network import (
    AccessPoint,
    JoinRequest,
    Link,
    LinkKind,
    LinkState,
    Security,
    kept_in_place,
)

_LOOK_S = 3.0
_HIDDEN = ("", Security.OPEN)  # the row below all names
_BAR, _NAME = 5, 32  # cells

_Key = tuple[str, Security]


@dataclass(frozen=True, slots=True)
class NewSettings:
    """What settings say."""

    way: ServerWay
    wifi: JoinRequest | None


@dataclass
class NetworkState(Message):
    """What is there now; None: not asked for this time."""

    links: tuple[Link, ...] | None
    points: tuple[AccessPoint, ...] | None
    set_: NewSettings | None = None
    heard: bool = False  # after listening anew


@dataclass
class Silent(Message):
    """The network cannot be asked."""

    error: RepriseError

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Silent) and str(self.error) == str(other.error)

    __hash__ = None  # type: ignore[assignment]


class NetworkScreen(SheetScreen):
    ASIDE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "pick(-1)", show=False),
        Binding("down", "pick(1)", show=False),
        Binding("enter", "join", show=False),
        Binding("f5", "listen", show=False),
        Binding("t", "test", show=False),
        Binding("p", "proxy", show=False),
        Binding("s", "join_server", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._links: tuple[Link, ...] | None = None
        self._points: tuple[AccessPoint, ...] = ()
        self._set = NewSettings(ServerWay(), None)
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
            "With a cable there is nothing to set: plug it in. For Wi-Fi, choose a network with"
            " the up and down arrows and press Enter; the last row is for a hidden network. F5"
            " scans again. P sets a proxy; T tests the connection to the server step by step and"
            " says what is wrong. S joins a server with its code, and keeps it on the stick; Wi-Fi"
            " and proxy last until the PC is switched off. Without a network the reports wait on"
            " the stick."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return (
            (_("Enter"), _("Join")),
            ("F5", _("Scan")),
            (_("Esc"), _("Back")),
        )

    def todo(self) -> Sequence[str]:
        if any(link.state is LinkState.UP for link in self._links or ()):
            return (_("This PC is on the network. Press T to see whether the server answers."),)
        wait = _("Without any network the reports wait.")
        if self._wifi():
            what = _("Plug in a cable, or choose a Wi-Fi network with the arrows and press Enter.")
            return what, wait
        return (_("Plug in a cable."), wait) if self._links else ()

    def body(self) -> Sequence[Widget]:
        return (
            Static(id="text"),
            Static(id="list-head"),
            Options(id="points"),
            Static(id="way"),
        )

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

    def _look(self, network: Network) -> NetworkState | Silent:
        try:
            points = tuple(network.access_points(rescan=False))
            return NetworkState(tuple(network.links(points)), points, self._settled())
        except RepriseError as error:
            return Silent(error)

    def _settled(self) -> NewSettings:
        network = network_of(self.station)
        return NewSettings(network.server(), network.wifi_default())

    def _listen(self) -> None:
        try:
            points = tuple(network_of(self.station).access_points(rescan=True))
            self.post_message(NetworkState(None, points, self._settled(), heard=True))
        except RepriseError as error:
            self.post_message(Silent(error))

    def action_listen(self) -> None:
        if not self._listening:
            self._listening = True
            self.run_worker(self._listen, thread=True, group="listen")

    def on_network_state(self, message: NetworkState) -> None:
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
        named = [point.key for point in self._points if wifi and point.ssid == wifi.ssid]
        return next(iter((*named, *(point.key for point in self._points))), None)

    # Keys

    def _keys(self) -> list[_Key]:
        return [*(point.key for point in self._points), _HIDDEN]

    def _at(self) -> int:
        keys = self._keys()
        return keys.index(self._chosen) if self._chosen in keys else 0

    def action_pick(self, step: int) -> None:
        keys = self._keys()
        self._choose(keys[min(max(self._at() + step, 0), len(keys) - 1)])

    def choose(self, row: int) -> None:
        self._choose(self._keys()[min(row, len(self._points))])

    def _choose(self, key: _Key) -> None:
        """A network that has gone stays only while it is chosen."""
        self._chosen = key
        self._points = tuple(point for point in self._points if point.in_reach or point.key == key)
        self.show()

    def action_join(self) -> None:
        if self._wifi():
            point = None if self._keys()[self._at()] == _HIDDEN else self._points[self._at()]
            self.app.push_screen(JoinForm(point, self._set.wifi))

    def action_proxy(self) -> None:
        self.app.push_screen(ProxyForm(self._set.way.proxy), lambda _nothing: self._read_way())

    def action_join_server(self) -> None:
        if self.station.tools.joining is not None:
            form = ServerJoinForm(self._set.way.url)
            self.app.push_screen(form, lambda _nothing: self._read_way())

    def action_test(self) -> None:
        self.app.push_screen(ServerCheckScreen(), lambda _nothing: self._read_way())

    def _read_way(self) -> None:
        def read() -> None:
            self.post_message(NetworkState(None, None, self._settled()))

        self.run_worker(read, thread=True, group="way")

    # What is shown

    def show(self) -> None:
        self.put(paint.lines(self._link_rows()))
        note = _("scanning…") if self._listening else ""
        head = paint.line((_("Wi-Fi networks"), paint.STRONG), "  ", (note, paint.FAINT))
        self.put(head, "#list-head")
        self.query_one("#list-head").display = self._wifi()
        rows = [self._row(point) for point in self._points]
        rows.append(paint.line(_("hidden network: type its name…")))
        self.query_one(Options).write(rows if self._wifi() else (), self._at())
        way = list(way_rows(self._set.way, self.room))
        way.append(paint.keys((("T", _("test the connection to the server")),)))
        way.append(paint.keys((("P", _("set a proxy")),)))
        if self.station.tools.joining is not None:
            way.append(paint.keys((("S", _("join a server with its code")),)))
        self.put(paint.lines(way), "#way")

    def _wifi(self) -> bool:
        useless = (LinkState.NO_DRIVER, LinkState.NO_FIRMWARE)
        wifi = [link for link in self._links or () if link.kind is LinkKind.WIFI]
        return any(link.state not in useless for link in wifi)

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

    def _row(self, one: AccessPoint) -> paint.Text:
        name = f"{paint.shortened(one.ssid, _NAME):<{_NAME}}"
        return paint.line(
            f"{name}   {bar(one.signal / 100, _BAR)} {percent(one.signal, 100):>5}  ",
            self._note(one),
        )

    @staticmethod
    def _note(one: AccessPoint) -> str:
        if not one.in_reach:
            return _("out of reach")
        return words.security(one) + (f" {DOT} " + _("connected") if one.joined else "")
