"""The way to the server in plain words: its steps, what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.domain.station.connectivity import ConnectionStep, Finding, Reach, StepResult
from reprise.i18n import N_, _
from reprise.wording.formats import moment

STEPS: Mapping[ConnectionStep, str] = {
    ConnectionStep.LINK: N_("Cable or Wi-Fi"),
    ConnectionStep.ADDRESS: N_("Address on the network"),
    ConnectionStep.NAME: N_("Name resolved"),
    ConnectionStep.CONNECT: N_("Server reached"),
    ConnectionStep.TLS: N_("Certificate accepted"),
    ConnectionStep.ANSWER: N_("It is a Reprise server"),
    ConnectionStep.ENROLLED: N_("It knows this station"),
}


def way_step(step: ConnectionStep) -> str:
    return _(STEPS[step])


OUTCOMES: Mapping[StepResult, str] = {
    StepResult.OK: N_("yes"),
    StepResult.FAILED: N_("NO"),
    StepResult.NOT_TRIED: N_("not tried"),
}

# What is wrong, and what to do. {detail}: see adapters.network.judging.
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
        N_("Turn it on with the PC's switch or key (often with an antenna on it), and try again."),
    ),
    Reach.WIFI_NOT_JOINED: (
        N_("No Wi-Fi network is connected."),
        N_("Choose a Wi-Fi network and connect to it. Or plug in a cable."),
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
            "set one with {p}."
        ),
    ),
    Reach.PORT_CLOSED: (
        N_("There is a machine at {detail}, but no server answers on it."),
        N_("The server is stopped, or the port in its address is wrong. Tell its administrator."),
    ),
    Reach.NO_ANSWER: (
        N_("The server does not answer."),
        N_(
            "A firewall may block the connection. Many organisations need a proxy: set one with"
            " {p}."
        ),
    ),
    Reach.UNREACHABLE: (
        N_("{detail} cannot be reached from this network."),
        N_(
            "This network gives no access to the Internet. Use another network, or set a proxy "
            "with {p}."
        ),
    ),
    Reach.NO_NETWORK: (
        N_("This PC has no network that leads to {detail}."),
        N_("Use another network, or set a proxy with {p}."),
    ),
    Reach.PROXY_NAME: (
        N_("The proxy's name is unknown: {detail}."),
        N_("Check it with {p}."),
    ),
    Reach.PROXY_CLOSED: (
        N_("The proxy {detail} refuses the connection."),
        N_("Check its name and its port with {p}."),
    ),
    Reach.PROXY_NO_ANSWER: (
        N_("The proxy {detail} does not answer."),
        N_("Check its name and its port with {p}."),
    ),
    Reach.PROXY_PASSWORD: (
        N_("The proxy {detail} asks for a name and a password."),
        N_("Set it with {p} as http://name:password@proxy:port."),
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
        N_("Check its name and its port with {p}."),
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
    Reach.ANSWER: (
        N_("The server's answer is too long or too slow."),
        N_("Check the server's address in reprise.toml. A log-in page of this Wi-Fi may answer."),
    ),
    Reach.RECEIPT: (
        N_("The server's receipt is not for this report."),
        N_("Tell the server's administrator: the server mixes up reports."),
    ),
    Reach.NOT_ENROLLED: (
        N_("The server does not know this station: it would refuse its reports."),
        N_(
            "The server's administrator enrols its key, reports/station-{detail}.pub.pem on "
            "the stick, with “reprise enroll”."
        ),
    ),
    Reach.UNREAD: (
        N_("The report's file “{detail}” cannot be read, or is too large."),
        N_(
            "Keep this stick: the report may be on it alone. Copy its folder “reports” on another"
            " PC, and ask for help with that file."
        ),
    ),
}

# What a test looks for: a member without words would be shown as its code.
TABLES = (STEPS, OUTCOMES, {reach: said for reach, (said, _advice) in _REACH.items()})

_DATES = (Reach.CLOCK_WRONG, Reach.CLOCK_DOUBTFUL, Reach.CERTIFICATE_DATE)


def outcome(member: StepResult) -> str:
    return _(OUTCOMES[member])


def what_is_wrong(finding: Finding) -> str:
    return "" if finding.reason is None else said(finding.reason, finding.detail)


def what_to_do(finding: Finding) -> str:
    return "" if finding.reason is None else advice(finding.reason, finding.detail)


def said(reason: Reach, detail: str) -> str:
    """A sentence."""
    return _(_REACH[reason][0]).format(detail=moment(detail) if reason in _DATES else detail)


def advice(reason: Reach, detail: str, proxy_key: str = "P") -> str:
    """`proxy_key`: what sets the proxy where this is read."""
    return _(_REACH[reason][1]).format(detail=detail, p=proxy_key)
