"""Network: what is plugged in, the Wi-Fi networks in reach, the proxy, the test of the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reprise.domain.network import AccessPoint, Joined, JoinRequest, Link, LinkKind
from reprise.domain.reach import Outcome
from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.linear.sheets.asking import numbered
from reprise.linear.shown import labelled
from reprise.linear.talk import Talk
from reprise.sentences.network import way_facts
from reprise.tool_ports.network import Network
from reprise.wording import network as words


def network(talk: Talk) -> None:
    if talk.tools.network is None:
        return
    port = talk.tools.network()
    talk.say(_facts(port))
    while True:
        typed = talk.ask(
            _("W: Wi-Fi networks. T: test the connection to the server. P: proxy. Enter: back."),
            _("A cable needs nothing: plug it in. All of it holds until the PC is switched off."),
        ).upper()
        if not typed:
            return
        act = {"W": _wifi, "T": _test, "P": _proxy}.get(typed)
        try:
            if act is not None:
                act(talk, port)
        except RepriseError as error:
            talk.mouth.say(str(error))


def _facts(port: Network) -> Iterator[str]:
    try:
        links = port.links(port.access_points(rescan=False))
    except RepriseError as error:
        yield str(error)
        return
    if not links:
        yield _("This PC has no network card.")
    yield from (_link(link) for link in links)
    for label, value in way_facts(port.server()):
        yield labelled(label, value)


def _link(link: Link) -> str:
    kind = f"{words.LINK_KINDS[link.kind]} {link.name}"
    return labelled(kind, *filter(None, (words.link_state(link), link.ssid, *link.addresses[:1])))


def _wifi(talk: Talk, port: Network) -> None:
    if all(link.kind is not LinkKind.WIFI for link in port.links(())):
        talk.mouth.say(_("This PC has no Wi-Fi card."))
        return
    talk.mouth.say(_("listening…"))
    points = port.access_points(rescan=True)
    rows = [*map(_point, points), _("hidden network: type its name…")]
    number = numbered(talk, rows)
    if number is not None:
        _join(talk, port, points, number)


def _point(one: AccessPoint) -> str:
    joined = (_("connected"),) if one.joined else ()
    return ", ".join((one.ssid, f"{one.signal} %", words.security(one), *joined))


def _join(talk: Talk, port: Network, points: Sequence[AccessPoint], number: int) -> None:
    one = points[number] if number < len(points) else None
    help_text = _("Capitals count. Enter alone: back.")
    ssid = talk.ask(_("Name of the network") + ":", help_text) if one is None else one.ssid
    if not ssid:
        return
    password = ""
    if one is None or one.security.takes_password:
        password = talk.ask_hidden(_("Password (it is not shown):"), help_text)
    talk.mouth.say(_("Connecting to “{name}” (up to a minute)…").format(name=ssid))
    security = None if one is None else one.security
    result = port.join(JoinRequest(ssid, password, one is None, security))
    if result.code is Joined.OK:
        talk.mouth.say(_("connected"))
    else:
        detail = f" ({result.detail})" if result.detail else ""
        talk.mouth.say(words.joined(result.code) + detail)


def _proxy(talk: Talk, port: Network) -> None:
    typed = talk.ask(
        _("Name and port of the proxy; a hyphen alone: none. Enter: back."),
        _("As the IT service gave them, for example proxy.example.org:3128."),
    )
    if typed:
        port.set_proxy("" if typed == "-" else typed)
        talk.say(labelled(label, value) for label, value in way_facts(port.server()))


def _test(talk: Talk, port: Network) -> None:
    started = talk.state.started
    wrong = False
    for found in port.test_server("" if started is None else started.kid):
        talk.mouth.say(labelled(words.way_step(found.step), words.outcome(found.outcome)))
        if found.outcome is Outcome.FAILED:
            wrong = True
            talk.mouth.say(words.what_is_wrong(found), words.what_to_do(found))
    if not wrong:
        talk.mouth.say(_("The server accepts this station's reports."))
