"""The network sheet's forms: joining a Wi-Fi network, a hidden one too, and the proxy."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from reprise.errors import RepriseError, foreseen
from reprise.i18n import _
from reprise.ports.sheets.network import JoinResult, Network
from reprise.tui.drawing import paint
from reprise.tui.screens.sheet import SheetScreen
from reprise.tui.station import Station
from reprise.tui.widgets.field import Field
from reprise.wording import network as words
from reprise_common.network import AccessPoint, Joined, JoinRequest

_SSID_LONGEST, _PASSWORD_LONGEST = 32, 64


def network_of(station: Station) -> Network:
    """For workers. The sheet is only offered where there is one (see cli.sheets)."""
    network = station.tools.network
    if network is None:
        raise RuntimeError("no network port")
    return network()


class Answered(Message):
    """What the worker came back with: what a sentence is made of, or None where the form may
    close."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self.answer = answer


class Form(SheetScreen):
    """Enter sends the fields to a worker, once; what it answers stands below them, in the language
    in force."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "field(-1)", show=False),
        Binding("down", "field(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._busy = False
        self._answer: object = None

    @property
    def answered(self) -> bool:
        return self._answer is not None and not self._busy

    def body(self) -> Sequence[Widget]:
        return (Static(id="text"), *self.fields(), Static(id="said"))

    @abstractmethod
    def fields(self) -> Sequence[Field]: ...

    @abstractmethod
    def send(self) -> object:
        """In the worker; see Answered. Raises RepriseError."""

    @abstractmethod
    def waiting(self) -> str: ...

    @on(Input.Submitted)
    def submit(self) -> None:
        if not self._busy and self.ready():
            self.begin()

    def begin(self) -> None:
        self._busy = True
        self.show()
        self.run_worker(self._work, thread=True)

    def ready(self) -> bool:
        """Takes what was typed; False where it is not enough."""
        return True

    def _work(self) -> None:
        try:
            with foreseen():
                answer = self.send()
        except RepriseError as error:
            answer = error
        self.post_message(Answered(answer))

    def on_answered(self, message: Answered) -> None:
        self._busy, self._answer = False, message.answer
        if message.answer is None:
            self.dismiss(None)
            return
        self.show()

    def show(self) -> None:
        said = (self.waiting(), paint.WARN) if self._busy else (self.words(), paint.BAD)
        self.put(paint.indent(paint.line(said), self.room, 0), "#said")

    def words(self) -> str:
        """What was answered last."""
        return "" if self._answer is None else str(self._answer)

    def typed(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value

    def action_field(self, step: int) -> None:
        (self.focus_previous if step < 0 else self.focus_next)(Input)


class JoinForm(Form):
    """`one` None: a hidden network, whose name is typed. `default`: what the settings say."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "uncover", show=False),
    ]

    def __init__(self, one: AccessPoint | None, default: JoinRequest | None) -> None:
        super().__init__()
        self._one, self._default = one, default or JoinRequest("")
        self._request = JoinRequest("")

    def title_text(self) -> str:
        return _("Connect to a Wi-Fi network")

    def help_text(self) -> str:
        return _(
            "Type the password as printed on the router or as it was given to you: capitals"
            " matter. F4 shows what you type. It is kept only in this PC's memory until it is"
            " switched off; a refused password is forgotten at once."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        covered = not self.is_mounted or any(i.password for i in self.query(Input))
        keys = [(_("Enter"), _("Join"))]
        if self._takes_password():
            keys.append(("F4", _("Show") if covered else _("Hide")))
        return (*keys, (_("Esc"), _("Back")))

    def _takes_password(self) -> bool:
        return self._one is None or self._one.security.takes_password

    def fields(self) -> Sequence[Field]:
        default = self._default
        ssid = default.ssid if self._one is None and default.hidden else ""
        known = ssid if self._one is None else self._one.ssid
        password = default.password if known and known == default.ssid else ""
        asked = [Field("ssid", ssid, _SSID_LONGEST)] if self._one is None else []
        if self._takes_password():
            asked.append(Field("password", password, _PASSWORD_LONGEST, secret=True))
        return asked

    def show(self) -> None:
        if self._one is None:
            self.put(paint.line(_("Type the name of the hidden network exactly as it is.")))
        else:
            name, kind = self._one.ssid, words.security(self._one)
            self.put(paint.line((words.quoted(name), paint.STRONG), f"  {kind}"))
        labels = {"ssid": _("Name of the network"), "password": _("Password")}
        for field in self.query(Field):
            field.label(labels[field.name_of])
        super().show()

    def on_mount(self) -> None:
        super().on_mount()
        if not self.query(Input):  # nothing to type
            self.submit()

    def ready(self) -> bool:
        ssid = self.typed("ssid").strip() if self._one is None else self._one.ssid
        password = self.typed("password") if self._takes_password() else ""
        security = None if self._one is None else self._one.security
        self._request = JoinRequest(ssid, password, self._one is None, security)
        return bool(ssid)

    def waiting(self) -> str:
        return _("Connecting to “{name}” (up to a minute)…").format(name=self._request.ssid)

    def send(self) -> JoinResult | None:
        result: JoinResult = network_of(self.station).join(self._request)
        return None if result.code is Joined.OK else result

    def words(self) -> str:
        answer = self._answer
        if not isinstance(answer, JoinResult):
            return super().words()
        detail = f" ({answer.detail})" if answer.detail else ""
        return words.joined(answer.code, self._request.security) + detail

    def action_uncover(self) -> None:
        for field in self.query("#password").results(Input):
            field.password = not field.password
        self.refresh_all()


class ProxyForm(Form):
    """`proxy`: the one in force."""

    def __init__(self, proxy: str) -> None:
        super().__init__()
        self._proxy = proxy

    def title_text(self) -> str:
        return _("Proxy")

    def help_text(self) -> str:
        return _(
            "Some organisations let nothing out except through a proxy. Type its name and port"
            " as the IT department gave them, for example proxy.example.org:3128; leave it empty"
            " for none. It lasts until the PC is switched off; to keep it, write it into"
            " reprise.toml on the stick: [server] proxy."
        )

    def actions(self) -> Sequence[tuple[str, str]]:
        return ((_("Enter"), _("Use it")), (_("Esc"), _("Back")))

    def fields(self) -> Sequence[Field]:
        return (Field("proxy", self._proxy, 120),)

    def show(self) -> None:
        self.put(paint.line(_("Name and port of the proxy; empty: none.")))
        self.query_one(Field).label(_("Proxy"))
        super().show()

    def ready(self) -> bool:
        self._proxy = self.typed("proxy")
        return True

    def waiting(self) -> str:
        return _("One moment…")

    def send(self) -> None:
        network_of(self.station).set_proxy(self._proxy)
