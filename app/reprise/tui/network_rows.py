"""What the network's sheet says of the cards, of the way to the server, and of the Wi-Fi."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reprise import wording
from reprise.domain.network import Link, LinkState, NetworkState, ServerTest, WifiNetwork
from reprise.i18n import _
from reprise.tui import paint
from reprise.tui.glyphs import DOT

_NAME_CELLS = 32  # as long as a Wi-Fi network's name may be


def links(state: NetworkState | None) -> Iterator[paint.Text]:
    if state is None:
        yield paint.line((_("Reading the network …"), paint.FAINT))
        return
    for link in state.links:
        yield _link_line(link)
    if not state.links:
        yield paint.line((_("No network card was found."), paint.WARN))


def _link_line(link: Link) -> paint.Text:
    known = {LinkState.CONNECTED: paint.GOOD, LinkState.IDLE: paint.PLAIN}
    addresses = f" {DOT} ".join(link.addresses[:2])
    return paint.line(
        f"{wording.word(link.kind):<9}{link.device:<12}",
        (wording.word(link.state), known.get(link.state, paint.WARN)),
        f"   {addresses}" if addresses else "",
    )


def server(test: ServerTest | None, room: int) -> Iterator[paint.Text]:
    """What works, then what does not and who must do what about it."""
    if test is None:
        yield paint.line((_("Testing the way to the server …"), paint.FAINT))
        return
    proxy = f"   {_('by the proxy {proxy}').format(proxy=test.proxy)}" if test.proxy else ""
    yield paint.line((_("Server"), paint.FAINT), f"  {test.server or _('none')}{proxy}")
    passed = f" {DOT} ".join(wording.word(f.step) for f in test.findings if f.fault is None)
    if passed:
        yield paint.indent(paint.line((_("Good: "), paint.GOOD), passed), room)
    if test.fault is None:
        yield paint.line("  ", (_("The server takes this station's reports."), paint.GOOD))
        return
    yield paint.indent(paint.line((wording.fault_words(test.fault), paint.BAD)), room)
    yield paint.indent(paint.line(wording.fault_advice(test.fault)), room)


def wifi(
    networks: Sequence[WifiNetwork] | None, choice: WifiNetwork | None, joining: str
) -> Iterator[paint.Text]:
    """`joining`: the name of the network that is being joined, or ""."""
    yield paint.line("")
    if joining:
        yield paint.line((_("Joining {name} …").format(name=joining), paint.STRONG))
    elif networks is None:
        yield paint.line((_("Listening for Wi-Fi networks …"), paint.FAINT))
    else:
        none = _("No Wi-Fi network is in reach.")
        yield paint.line((_("Wi-Fi networks in reach:") if networks else none, paint.STRONG))
    for network in networks or ():
        yield _network_line(network, here=network is choice)


def _network_line(network: WifiNetwork, *, here: bool) -> paint.Text:
    use = f"  {_('in use')}" if network.in_use else ""
    text = (
        f" {'→' if here else ' '} {network.ssid:<{_NAME_CELLS}}"
        f" {network.signal_percent:>3} %  {wording.word(network.security)}{use} "
    )
    return paint.line((text, paint.KEY if here else paint.PLAIN))
