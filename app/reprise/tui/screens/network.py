"""Network: what the PC is connected to, Wi-Fi, the proxy, and whether reports reach the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    Link,
    LinkState,
    NetworkState,
    Security,
    ServerTest,
    WifiNetwork,
    WifiWish,
)
from reprise.i18n import _
from reprise.tui import paint
from reprise.tui.glyphs import DOT
from reprise.tui.messages import Trouble
from reprise.tui.sheet import Sheet
from reprise.tui.widgets.field import Field

if TYPE_CHECKING:
    from reprise.workflow.desk import Desk

_NAME_CELLS = 32  # as long as a Wi-Fi network's name may be


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
    ) -> None:
        super().__init__()
        self.state, self.networks, self.test = state, networks, test


class JoinEnded(Message):
    def __init__(self, ssid: str, joined: Joined) -> None:
        super().__init__()
        self.ssid, self.joined = ssid, joined


class ProxyKnown(Message):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url


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

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._state: NetworkState | None = None
        self._networks: tuple[WifiNetwork, ...] | None = None
        self._test: ServerTest | None = None
        self._chosen = ""  # by name: a new scan must not move the choice
        self._joining = ""
        self._form = Form.NONE

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
        self.action_again()

    # Workers

    def action_again(self) -> None:
        """Look, listen and test anew. The two slow ones side by side."""
        self._test = None
        self.work(self._look)
        self.work(self._try)
        self.refresh_all()

    def _look(self) -> None:
        state = self.desk.network.state()
        self.post_message(Seen(state=state))
        if state.has_wifi:
            self.post_message(Seen(networks=self.desk.network.scan()))

    def _try(self) -> None:
        self.post_message(Seen(test=self.desk.tester.run()))

    def _join(self, wish: WifiWish) -> None:
        self._joining = wish.ssid
        self._show_form(Form.NONE)
        self.work(lambda: self._tell(lambda: JoinEnded(wish.ssid, self.desk.network.join(wish))))

    def _tell(self, make: Callable[[], Message]) -> None:
        self.post_message(make())

    # Handlers

    def on_seen(self, message: Seen) -> None:
        self._state = message.state or self._state
        self._test = message.test or self._test
        if message.networks is not None:
            self._networks = message.networks
        self.refresh_all()

    def on_join_ended(self, message: JoinEnded) -> None:
        self._joining = ""
        fault = message.joined.fault
        if fault is not None:
            words = wording.word(fault)
            said = f" ({message.joined.detail})" if message.joined.detail else ""
            self.trouble(f"{message.ssid} : {words}{said}")
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
        self.work(lambda: self._tell(lambda: ProxyKnown(self.desk.choices.proxy())))

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
        def job() -> None:
            self.desk.choices.use_proxy(url)
            self.post_message(Seen())
            self._try()

        self._show_form(Form.NONE)
        self._test = None
        self.work(job)

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
        self.put(paint.lines([*self._links(), paint.line(""), *self._server(), *self._wifi()]))

    def _links(self) -> Iterator[paint.Text]:
        if self._state is None:
            yield paint.line((_("Reading the network …"), paint.FAINT))
            return
        for link in self._state.links:
            yield _link_line(link)
        if not self._state.links:
            yield paint.line((_("No network card was found."), paint.WARN))

    def _server(self) -> Iterator[paint.Text]:
        test = self._test
        if test is None:
            yield paint.line((_("Testing the way to the server …"), paint.FAINT))
            return
        proxy = f"   {_('by the proxy {proxy}').format(proxy=test.proxy)}" if test.proxy else ""
        yield paint.line((_("Server"), paint.FAINT), f"  {test.server or _('none')}{proxy}")
        passed = f" {DOT} ".join(wording.word(f.step) for f in test.findings if f.fault is None)
        if passed:
            yield paint.indent(paint.line((_("Good: "), paint.GOOD), passed), self.room)
        if test.fault is None:
            yield paint.line("  ", (_("The server takes this station's reports."), paint.GOOD))
            return
        yield paint.indent(paint.line((wording.fault_words(test.fault), paint.BAD)), self.room)
        yield paint.indent(paint.line(wording.fault_advice(test.fault)), self.room)

    def _wifi(self) -> Iterator[paint.Text]:
        if self._state is None or not self._state.has_wifi:
            return
        yield paint.line("")
        if self._joining:
            text = _("Joining {name} …").format(name=self._joining)
            yield paint.line((text, paint.STRONG))
        elif self._networks is None:
            yield paint.line((_("Listening for Wi-Fi networks …"), paint.FAINT))
        else:
            none = _("No Wi-Fi network is in reach.")
            heard = _("Wi-Fi networks in reach:") if self._networks else none
            yield paint.line((heard, paint.STRONG))
        choice = self._choice()
        for network in self._networks or ():
            yield _network_line(network, here=network is choice)


def _link_line(link: Link) -> paint.Text:
    style = {LinkState.CONNECTED: paint.GOOD, LinkState.IDLE: paint.PLAIN}.get(
        link.state, paint.WARN
    )
    parts = [p for p in (link.name, *link.addresses[:2]) if p]
    return paint.line(
        f"{wording.word(link.kind):<9}{link.device:<12}",
        (wording.word(link.state), style),
        f"   {f' {DOT} '.join(parts)}" if parts else "",
    )


def _network_line(network: WifiNetwork, *, here: bool) -> paint.Text:
    use = f"  {_('in use')}" if network.in_use else ""
    text = (
        f" {'→' if here else ' '} {network.ssid:<{_NAME_CELLS}}"
        f" {network.signal_percent:>3} %  {wording.word(network.security)}{use} "
    )
    return paint.line((text, paint.KEY if here else paint.PLAIN))
