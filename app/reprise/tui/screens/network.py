"""Network: what the PC is connected to, Wi-Fi, the proxy, and whether reports reach the server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from reprise import wording
from reprise.domain.network import (
    Joined,
    NetworkState,
    Security,
    ServerTest,
    WifiNetwork,
    WifiWish,
)
from reprise.i18n import _
from reprise.tui import network_rows, paint
from reprise.tui.messages import Trouble
from reprise.tui.sheet import Sheet
from reprise.tui.widgets.field import Field

if TYPE_CHECKING:
    from reprise.workflow.side import Side


class Form(StrEnum):
    """What is being typed."""

    NONE = "none"
    PASSWORD = "password"  # noqa: S105 - a state of the sheet
    HIDDEN = "hidden"
    PROXY = "proxy"


_FIELDS = {
    Form.NONE: (),
    Form.PASSWORD: ("password",),
    Form.HIDDEN: ("ssid", "password"),
    Form.PROXY: ("proxy",),
}


class Seen(Message):
    """The network's state, or the Wi-Fi networks in reach, or what a test found."""

    def __init__(
        self,
        state: NetworkState | None = None,
        networks: tuple[WifiNetwork, ...] | None = None,
        test: ServerTest | None = None,
        turn: int = 0,
    ) -> None:
        """`turn`: of the test; what an older one found is no news."""
        super().__init__()
        self.state, self.networks, self.test, self.turn = state, networks, test, turn


class JoinEnded(Message):
    def __init__(self, ssid: str, joined: Joined) -> None:
        super().__init__()
        self.ssid, self.joined = ssid, joined


class ProxyKnown(Message):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url


class ProxyUsed(Message):
    """The way to the server may be another one now."""


class NetworkSheet(Sheet):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("enter", "choose", show=False),
        Binding("up", "pick(-1)", show=False),
        Binding("down", "pick(1)", show=False),
        Binding("f3", "hidden", show=False),
        Binding("f4", "proxy", show=False),
        Binding("f5,f6", "again", show=False),
    ]

    def __init__(self, side: Side) -> None:
        super().__init__(side)
        self._state: NetworkState | None = None
        self._networks: tuple[WifiNetwork, ...] | None = None
        self._test: ServerTest | None = None
        self._chosen = ""  # by name: a new scan must not move the choice
        self._joining = ""
        self._form = Form.NONE
        self._turn = 0

    def title_text(self) -> str:
        return _("Network")

    def help_text(self) -> str:
        return _(
            "A cable needs nothing. For a Wi-Fi, choose it with the arrows, press Enter and type"
            " its password. It stays in this PC's memory until the PC is switched off and is"
            " written nowhere else; to have it joined at every start, write it into reprise.toml"
            " on the stick, section [network]. F4 sets the proxy until the PC is switched off."
            " The test of the server sends no report."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        if self._form is not Form.NONE:
            return ((_("Enter"), _("Apply")),)
        join = ((_("Enter"), _("Join")),) if self._networks else ()
        hidden = (("F3", _("Hidden")),) if self._state and self._state.has_wifi else ()
        return (*join, *hidden, ("F4", _("Proxy")), ("F5", _("Again")))

    def below(self) -> Sequence[Widget]:
        return (Field("ssid", limit=32), Field("password", limit=64), Field("proxy", limit=200))

    def on_mount(self) -> None:
        super().on_mount()
        self.action_again()

    def network_changed(self) -> None:
        if not self._joining:  # joining ends with a look of its own
            self.action_again()

    # Workers

    def action_again(self) -> None:
        """Look, listen and test anew. The two slow ones side by side."""
        self.work(self._look)
        self._test_again()
        self.refresh_all()

    def _test_again(self) -> None:
        self._test = None
        self._turn += 1
        turn = self._turn
        self.work(lambda: self._try(turn))

    def _look(self) -> None:
        state = self.side.network.state()
        self.post_message(Seen(state=state))
        if state.has_wifi:
            self.post_message(Seen(networks=self.side.network.scan()))

    def _try(self, turn: int) -> None:
        self.post_message(Seen(test=self.side.tester.run(), turn=turn))

    def _join(self, wish: WifiWish) -> None:
        self._joining = wish.ssid
        self._show_form(Form.NONE)
        self.work(lambda: self._tell(lambda: JoinEnded(wish.ssid, self.side.network.join(wish))))

    def _tell(self, make: Callable[[], Message]) -> None:
        self.post_message(make())

    # Handlers

    def on_seen(self, message: Seen) -> None:
        self._state = message.state or self._state
        if message.turn == self._turn:
            self._test = message.test
        if message.networks is not None:
            self._networks = message.networks
        self.refresh_all()

    def on_join_ended(self, message: JoinEnded) -> None:
        self._joining = ""
        fault = message.joined.fault
        if fault is not None:
            words = wording.word(fault)
            said = f" ({message.joined.detail})" if message.joined.detail else ""
            told = _("{name}: {value}").format(name=message.ssid, value=f"{words}{said}")
            self.trouble(told)
        self.action_again()

    def on_trouble(self, message: Trouble) -> None:
        self._joining = ""
        super().on_trouble(message)

    def on_proxy_known(self, message: ProxyKnown) -> None:
        self.query_one("#proxy", Input).value = message.url
        self._show_form(Form.PROXY)

    # Keys

    def action_leave(self) -> None:
        if self._form is Form.NONE:
            self.action_close()
        else:
            self._show_form(Form.NONE)

    def action_pick(self, step: int) -> None:
        names = [network.ssid for network in self._networks or ()]
        if names and self._form is Form.NONE:
            here = names.index(self._chosen) if self._chosen in names else 0
            self._chosen = names[min(max(here + step, 0), len(names) - 1)]
            self.show()

    def action_choose(self) -> None:
        network = self._choice()
        if network is None or self._form is not Form.NONE or self._joining:
            return
        if network.security in (Security.WPA, Security.WPA3):
            self._show_form(Form.PASSWORD)
        else:
            self._join(WifiWish(network.ssid, security=network.security))

    def action_hidden(self) -> None:
        if self._state and self._state.has_wifi and not self._joining:
            self._show_form(Form.HIDDEN)

    def action_proxy(self) -> None:
        self.work(lambda: self._tell(lambda: ProxyKnown(self.side.choices.proxy())))

    @on(Input.Submitted)
    def typed(self, event: Input.Submitted) -> None:
        values = {field.name_of: field for field in self.query(Field)}
        network = self._choice()
        if self._form is Form.HIDDEN and event.input.id == "ssid":
            values["password"].query_one(Input).focus()
        elif self._form is Form.PROXY:
            self._use_proxy(values["proxy"].value)
        elif self._form is Form.HIDDEN and values["ssid"].value:
            password = values["password"].raw
            kind = Security.WPA if password else Security.OPEN
            self._join(WifiWish(values["ssid"].value, password, hidden=True, security=kind))
        elif self._form is Form.PASSWORD and network is not None and values["password"].raw:
            wish = WifiWish(network.ssid, security=network.security)
            self._join(replace(wish, password=values["password"].raw))

    def _use_proxy(self, url: str) -> None:
        self._show_form(Form.NONE)
        self.work(lambda: self._tell(lambda: self._proxy_used(url)))

    def _proxy_used(self, url: str) -> ProxyUsed:
        self.side.choices.use_proxy(url)
        return ProxyUsed()

    def on_proxy_used(self) -> None:
        self._test_again()
        self.refresh_all()

    def _show_form(self, form: Form) -> None:
        self._form = form
        self.trouble("")
        for field in self.query(Field):
            field.display = field.name_of in _FIELDS[form]
            if field.name_of == "password" and not field.display:
                field.value = ""
        first = next(iter(_FIELDS[form]), None)
        self.set_focus(self.query_one(f"#{first}", Input) if first else None)
        self.refresh_all()

    def _choice(self) -> WifiNetwork | None:
        found = self._networks or ()
        return next((n for n in found if n.ssid == self._chosen), found[0] if found else None)

    # Texts

    def show(self) -> None:
        labels = {"ssid": _("Name of the Wi-Fi"), "password": _("Password"), "proxy": _("Proxy")}
        for field in self.query(Field):
            field.label(labels[field.name_of])
            field.display = field.name_of in _FIELDS[self._form]
        rows = [*network_rows.links(self._state), paint.line("")]
        rows += network_rows.server(self._test, self.room)
        if self._state is not None and self._state.has_wifi:
            rows += network_rows.wifi(self._networks, self._choice(), self._joining)
        self.put(paint.lines(rows))
