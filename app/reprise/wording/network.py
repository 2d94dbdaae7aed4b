"""The network in plain words: what stands, what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from reprise.domain.network import AccessPoint, Joined, Link, LinkKind, LinkState, Security
from reprise.domain.reach import Finding, Outcome, Reach, Step
from reprise.i18n import N_, _
from reprise.wording.formats import moment

LINK_KINDS: Mapping[LinkKind, str] = {LinkKind.ETHERNET: "Ethernet", LinkKind.WIFI: "Wi-Fi"}

_LINK_STATES: Mapping[LinkState, str] = {
    LinkState.NO_DRIVER: N_("this system has no driver for it"),
    LinkState.NO_FIRMWARE: N_("its firmware is not on the stick"),
    LinkState.UNMANAGED: N_("not used"),
    LinkState.SWITCHED_OFF: N_("switched off by a switch or a key of the PC"),
    LinkState.RADIO_OFF: N_("switched off"),
    LinkState.UNAVAILABLE: N_("not ready"),
    LinkState.UNPLUGGED: N_("no cable"),
    LinkState.IDLE: N_("not connected"),
    LinkState.CONNECTING: N_("connecting…"),
    LinkState.NEEDS_PASSWORD: N_("waits for the password"),
    LinkState.UP: N_("connected"),
}


def link_state(link: Link) -> str:
    if link.kind is LinkKind.ETHERNET and link.state is LinkState.IDLE:
        return _("cable plugged in, no address")
    return _(_LINK_STATES[link.state])


_SECURITIES: Mapping[Security, str] = {
    Security.OPEN: N_("open"),
    Security.ENHANCED_OPEN: N_("open, encrypted"),
    Security.WEP: N_("WEP (weak)"),
    Security.WPA2: "WPA2",
    Security.WPA2_WPA3: N_("WPA2 or WPA3"),
    Security.WPA3: "WPA3",
    Security.ENTERPRISE: N_("personal account"),
}


def security(one: AccessPoint) -> str:
    return _(_SECURITIES[one.security])


_JOINED: Mapping[Joined, str] = {
    Joined.OK: N_("Connected."),
    Joined.PASSWORD_LENGTH: N_("A password of this network has 8 to 63 characters. Type it again."),
    Joined.NO_ADAPTER: N_("The Wi-Fi of this PC does not work. Plug in a cable."),
    Joined.ENTERPRISE: N_(
        "This network asks for a personal account. Use another network or a cable."
    ),
    Joined.PASSWORD: N_(
        "The password is refused. Type it again: capitals count; F4 shows what is typed."
    ),
    Joined.NOT_FOUND: N_("This network is out of range. Check its name, or move closer."),
    Joined.NO_ADDRESS: N_(
        "The password is right, but the network gives no address. Restart its box, or use a cable."
    ),
    Joined.REFUSED: N_("The access point refuses this PC. Check the password, or move closer."),
    Joined.TIMEOUT: N_("The access point does not answer in time. Move closer and try again."),
    Joined.FAILED: N_("The connection failed. Try again, or use a cable."),
}


def quoted(name: str) -> str:
    """The name of a network: as it is, spaces and all."""
    return _("“{name}”").format(name=name)


def joined(code: Joined, security: Security | None = None) -> str:
    """`security`: of the network; None: not known."""
    if code is Joined.PASSWORD_LENGTH and security is Security.WEP:
        return _("A WEP password has 5 or 13 characters. Type it again.")
    return _(_JOINED[code])


STEPS: Mapping[Step, str] = {
    Step.LINK: N_("Cable or Wi-Fi"),
    Step.ADDRESS: N_("Address on the network"),
    Step.NAME: N_("Name looked up"),
    Step.CONNECT: N_("Server reached"),
    Step.TLS: N_("Certificate accepted"),
    Step.ANSWER: N_("It is a Reprise server"),
    Step.ENROLLED: N_("It knows this station"),
}


def way_step(step: Step) -> str:
    return _(STEPS[step])


OUTCOMES: Mapping[Outcome, str] = {
    Outcome.OK: N_("yes"),
    Outcome.FAILED: N_("NO"),
    Outcome.NOT_TRIED: N_("not tried"),
}

# What is wrong, and what to do. {detail}: see adapters.network.way.
_REACH: Mapping[Reach, tuple[str, str]] = {
    Reach.NO_SERVER: (
        N_("No server is set: reports wait on the stick."),
        N_('Write its address into reprise.toml on the stick: [server] url = "https://…"'),
    ),
    Reach.NO_ADAPTER: (
        N_("This PC has no network card."),
        N_("Plug in a USB network adapter, or send the reports from another PC with this stick."),
    ),
    Reach.NO_DRIVER: (
        N_("The network card of this PC does not work with this system ({detail})."),
        N_("Plug in a USB network adapter, or send the reports from another PC with this stick."),
    ),
    Reach.NO_FIRMWARE: (
        N_("The network card's firmware is not on the stick ({detail})."),
        N_("Use a cable, or send the reports from another PC with this stick."),
    ),
    Reach.CABLE: (
        N_("The cable is not plugged in ({detail})."),
        N_(
            "Plug it in at both ends: a lamp beside the socket lights up. Or connect to a Wi-Fi "
            "network."
        ),
    ),
    Reach.WIFI_OFF: (
        N_("The Wi-Fi is switched off."),
        N_("Turn it on with the PC's switch or key (often with an antenna on it), then F5."),
    ),
    Reach.WIFI_NOT_JOINED: (
        N_("No Wi-Fi network is connected."),
        N_("Go back with Esc, choose a network and press Enter. Or plug in a cable."),
    ),
    Reach.LINK_DOWN: (
        N_("No network card is connected."),
        N_("Plug in a cable, or connect to a Wi-Fi network."),
    ),
    Reach.NO_ADDRESS: (
        N_("The network gives this PC no address (DHCP)."),
        N_(
            "Try another socket; if it stays so, ask the network's administrator to let this PC in."
        ),
    ),
    Reach.NAME_UNKNOWN: (
        N_("The server's name is unknown: {detail}."),
        N_("Check its spelling in reprise.toml; a name of the organisation needs its network."),
    ),
    Reach.DNS_SILENT: (
        N_("No DNS server answers for the name {detail}."),
        N_(
            "This network may give no access to the Internet. Many organisations need a proxy: "
            "P sets it."
        ),
    ),
    Reach.PORT_CLOSED: (
        N_("There is a machine at {detail}, but no server answers on it."),
        N_("The server is stopped, or the port in its address is wrong. Tell its administrator."),
    ),
    Reach.NO_ANSWER: (
        N_("The server does not answer."),
        N_("A firewall may block the connection: many organisations need a proxy, P sets it."),
    ),
    Reach.UNREACHABLE: (
        N_("{detail} cannot be reached from this network."),
        N_(
            "This network gives no access to the Internet. Use another network, or set a proxy "
            "with P."
        ),
    ),
    Reach.PROXY_NAME: (
        N_("The proxy's name is unknown: {detail}."),
        N_("Check it with P."),
    ),
    Reach.PROXY_CLOSED: (
        N_("The proxy {detail} refuses the connection."),
        N_("Check its name and its port with P."),
    ),
    Reach.PROXY_NO_ANSWER: (
        N_("The proxy {detail} does not answer."),
        N_("Check its name and its port with P."),
    ),
    Reach.PROXY_PASSWORD: (
        N_("The proxy {detail} asks for a name and a password."),
        N_("Set it with P as http://name:password@proxy:port."),
    ),
    Reach.PROXY_DENIES: (
        N_("The proxy {detail} does not allow this server."),
        N_("Ask the proxy's administrator to let the server's address through."),
    ),
    Reach.PROXY_CANNOT: (
        N_("The proxy answers, but cannot reach the server."),
        N_("Check the server's address; if it is right, the server is stopped."),
    ),
    Reach.NOT_A_PROXY: (
        N_("What answers at {detail} is not a proxy."),
        N_("Check its name and its port with P."),
    ),
    Reach.CLOCK_WRONG: (
        N_("This PC's clock is wrong ({detail}): the server's certificate seems to have expired."),
        N_("Set date and time in the BIOS and restart; the reports wait on the stick meanwhile."),
    ),
    Reach.CLOCK_DOUBTFUL: (
        N_("The server's certificate seems to have expired; this PC believes it is {detail}."),
        N_("If that is not today, set the date in the BIOS; else tell the server's administrator."),
    ),
    Reach.CERTIFICATE_DATE: (
        N_("The server's certificate is not valid today ({detail})."),
        N_("Tell the server's administrator: the certificate must be renewed."),
    ),
    Reach.CERTIFICATE_AUTHORITY: (
        N_("The certificate of {detail} comes from an unknown authority."),
        N_(
            "If your organisation has its own authority, set server.ca_file. Otherwise a device "
            "may intercept the connection."
        ),
    ),
    Reach.CERTIFICATE_NAME: (
        N_("The certificate is not for {detail}: another machine answers in its place."),
        N_("A log-in page of this Wi-Fi, or a wrong address. Use another network."),
    ),
    Reach.CA_FILE: (
        N_("The certificate file {detail} (server.ca_file) cannot be read."),
        N_("Copy it beside reprise.toml on the stick."),
    ),
    Reach.NOT_TLS: (
        N_("The server answers, but not encrypted."),
        N_("Check the port in its address, and https:// or http://."),
    ),
    Reach.TLS_FAILED: (
        N_("Server and station have no encryption in common."),
        N_(
            "A device may intercept the connection, or the server is very old. Tell its "
            "administrator."
        ),
    ),
    Reach.BROKE_OFF: (
        N_("The server closed the connection."),
        N_("Try again; if it stays so, tell the server's administrator."),
    ),
    Reach.LOGIN_PAGE: (
        N_("This network redirects to another page (often a log-in page)."),
        N_("Use another network: the station cannot log in to such a page."),
    ),
    Reach.NOT_REPRISE: (
        N_("Something answers ({detail}), but it is not a Reprise server."),
        N_("Check the server's address in reprise.toml. A log-in page of this Wi-Fi may answer."),
    ),
    Reach.SERVER_ERROR: (
        N_("The server reports an error ({detail})."),
        N_("Tell its administrator; the reports wait on the stick meanwhile."),
    ),
    Reach.NOT_ENROLLED: (
        N_("The server does not know this station: it would refuse its reports."),
        N_(
            "The server's administrator enrols its key, reports/station-{detail}.pub.pem on "
            "the stick, with “reprise enroll”."
        ),
    ),
}


# What a test looks for: a member without words would be shown as its code.
TABLES: Mapping[type[Enum], Mapping[Enum, str]] = {
    LinkKind: LINK_KINDS,  # type: ignore[dict-item]
    LinkState: _LINK_STATES,  # type: ignore[dict-item]
    Security: _SECURITIES,  # type: ignore[dict-item]
    Joined: _JOINED,  # type: ignore[dict-item]
    Step: STEPS,  # type: ignore[dict-item]
    Outcome: OUTCOMES,  # type: ignore[dict-item]
    Reach: {reach: said for reach, (said, _advice) in _REACH.items()},
}

_DATES = (Reach.CLOCK_WRONG, Reach.CLOCK_DOUBTFUL, Reach.CERTIFICATE_DATE)


def outcome(member: Outcome) -> str:
    return _(OUTCOMES[member])


def what_is_wrong(finding: Finding) -> str:
    if finding.reason is None:
        return ""
    detail = moment(finding.detail) if finding.reason in _DATES else finding.detail
    return _(_REACH[finding.reason][0]).format(detail=detail)


def what_to_do(finding: Finding) -> str:
    if finding.reason is None:
        return ""
    return _(_REACH[finding.reason][1]).format(detail=finding.detail)
