"""Network: what is plugged in, the Wi-Fi networks in reach, the proxy, the test of the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from reprise.domain.station.connectivity import StepResult
from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.sheets import asking
from reprise.line_interface.sheets.asking import numbered, one_of
from reprise.line_interface.sheets.joining import join_server
from reprise.line_interface.shown import labelled
from reprise.ports.sheets.network import Network
from reprise.sentences.network import way_facts
from reprise.wording import connectivity as way_words
from reprise.wording import network as words
from reprise.wording import percent
from reprise_common.network import AccessPoint, Joined, JoinRequest, Link, LinkKind

# The password may be why: NetworkManager does not always know.
_TYPE_AGAIN = (
    *(Joined.PASSWORD, Joined.PASSWORD_LENGTH),
    *(Joined.REFUSED, Joined.TIMEOUT, Joined.FAILED, Joined.KEY_UNCHECKED),
)


def network(talk: Conversation) -> None:
    if talk.tools.network is None:
        return
    port = talk.tools.network()
    talk.say(_facts(port))
    while True:
        joins = talk.tools.joining is not None
        keys = ("W", "T", "P", "S") if joins else ("W", "T", "P")
        typed = one_of(talk, keys, _question_with_server if joins else _question, _help)
        if not typed:
            return
        act = {"W": _wifi, "T": _test, "P": _proxy, "S": _server}[typed]
        try:
            act(talk, port)
        except RepriseError as error:
            talk.output.say(str(error))


def _question() -> str:
    return _("W: Wi-Fi networks. T: test the connection to the server. P: proxy. Enter: back.")


def _question_with_server() -> str:
    return _("W: Wi-Fi networks. T: test the server. P: proxy. S: join a server. Enter: back.")


def _help() -> str:
    return _(
        "With a cable there is nothing to set: plug it in. Wi-Fi and proxy last until the PC is"
        " switched off."
    )


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


def _wifi(talk: Conversation, port: Network) -> None:
    if all(link.kind is not LinkKind.WIFI for link in port.links(())):
        talk.output.say(_("This PC has no Wi-Fi card."))
        return
    talk.output.say(_("scanning…"))
    points = port.access_points(rescan=True)
    rows = [*map(_point, points), _("hidden network: type its name…")]
    number = numbered(talk, rows)
    if number is not None:
        _join(talk, port, points, number)


def _point(one: AccessPoint) -> str:
    joined = (_("connected"),) if one.joined else ()
    return ", ".join((one.ssid, percent(one.signal, 100), words.security(one), *joined))


def _join(talk: Conversation, port: Network, points: Sequence[AccessPoint], number: int) -> None:
    """A password that may be wrong is asked for again here: typed at the sheet's question, it would
    show. What is typed while it is tried is not shown either, and answers nothing."""
    point = points[number] if number < len(points) else None
    ssid = _typed(talk, lambda: _("Name of the network:")) if point is None else point.ssid
    if not ssid:
        return
    if point is not None and not point.security.takes_password:
        _try(talk, port, JoinRequest(ssid, "", False, point.security))
        return
    security = None if point is None else point.security
    with talk.unseen():
        while given := _typed(talk, lambda: _password(hidden_network=point is None)):
            password = "" if point is None and given == "-" else given
            try:
                code = _try(talk, port, JoinRequest(ssid, password, point is None, security))
            finally:
                talk.forget_typed()
            if code not in _TYPE_AGAIN:
                return


def _try(talk: Conversation, port: Network, request: JoinRequest) -> Joined:
    talk.output.say(_("Connecting to “{name}” (up to a minute)…").format(name=request.ssid))
    result = port.join(request)
    if result.code is Joined.OK:
        talk.output.say(_("connected"))
    else:
        detail = f" ({result.detail})" if result.detail else ""
        talk.output.say(words.joined(result.code, request.security) + detail)
    return result.code


def _typed(talk: Conversation, question: Callable[[], str]) -> str:
    """Empty: back."""
    return asking.words(talk, question, lambda: _("Capitals matter."))


def _password(*, hidden_network: bool) -> str:
    if hidden_network:
        return _("Password (it is not shown); a hyphen alone: none. Enter: back.")
    return _("Password (it is not shown). Enter: back.")


def _proxy(talk: Conversation, port: Network) -> None:
    typed = asking.words(
        talk,
        lambda: _("Name and port of the proxy; a hyphen alone: none. Enter: back."),
        lambda: _("As the IT department gave them, for example proxy.example.org:3128."),
    )
    if typed:
        port.set_proxy("" if typed == "-" else typed)
        talk.say(labelled(label, value) for label, value in way_facts(port.server()))


def _server(talk: Conversation, port: Network) -> None:
    join_server(talk, port.server().url)


def _test(talk: Conversation, port: Network) -> None:
    started = talk.state.started
    wrong = False
    for finding in port.test_server("" if started is None else started.kid):
        talk.output.say(
            labelled(way_words.way_step(finding.step), way_words.outcome(finding.outcome))
        )
        if finding.outcome is StepResult.FAILED:
            wrong = True
            talk.output.say(way_words.what_is_wrong(finding), way_words.what_to_do(finding))
    if not wrong:
        talk.output.say(_("The server accepts this station's reports."))
