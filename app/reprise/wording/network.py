"""The network, the test of the server and the keyboard, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from reprise.domain.layouts import Layout
from reprise.domain.network import (
    Finding,
    JoinFault,
    LinkKind,
    LinkState,
    Security,
    SendFault,
    SendStep,
)
from reprise.i18n import _ as translate
from reprise.wording.tables import N_

KINDS: Mapping[LinkKind, str] = {LinkKind.ETHERNET: N_("Ethernet"), LinkKind.WIFI: N_("Wi-Fi")}

LINKS: Mapping[LinkState, str] = {
    LinkState.NO_CABLE: N_("no cable, or nothing at its other end"),
    LinkState.SWITCHED_OFF: N_("switched off (by a key, a switch or the BIOS)"),
    LinkState.NO_FIRMWARE: N_("the card lacks its firmware"),
    LinkState.UNUSABLE: N_("cannot be used"),
    LinkState.IDLE: N_("not connected"),
    LinkState.CONNECTING: N_("connecting …"),
    LinkState.FAILED: N_("the connection failed"),
    LinkState.NO_ADDRESS: N_("connected, but no address was given"),
    LinkState.CONNECTED: N_("connected"),
}

SECURITIES: Mapping[Security, str] = {
    Security.OPEN: N_("open"),
    Security.WEP: N_("WEP (too old)"),
    Security.WPA: N_("password (WPA2)"),
    Security.WPA3: N_("password (WPA3)"),
    Security.ENTERPRISE: N_("user account (802.1X)"),
}

JOINS: Mapping[JoinFault, str] = {
    JoinFault.PASSWORD: N_("The network does not accept this password."),
    JoinFault.BAD_PASSWORD: N_(
        "This cannot be a Wi-Fi password: it has 8 to 63 letters, digits and signs without accents."
    ),
    JoinFault.NOT_FOUND: N_("The network was not found. Go nearer, or check its name."),
    JoinFault.NO_ADDRESS: N_("The network was joined but gave no address."),
    JoinFault.TIMEOUT: N_("The network did not answer in time. Go nearer and try again."),
    JoinFault.UNSUPPORTED: N_(
        "Reprise cannot join this kind of network. Use a cable, or a network with a WPA2 or WPA3"
        " password."
    ),
    JoinFault.FAILED: N_("The network could not be joined."),
}

STEPS: Mapping[SendStep, str] = {
    SendStep.SETTINGS: N_("settings"),
    SendStep.LINK: N_("cable or Wi-Fi"),
    SendStep.ADDRESS: N_("address"),
    SendStep.NAME: N_("name"),
    SendStep.REACH: N_("connection"),
    SendStep.SECURE: N_("certificate"),
    SendStep.ANSWER: N_("answer"),
    SendStep.KEY: N_("station's key"),
}

FAULTS: Mapping[SendFault, str] = {
    SendFault.NO_SERVER: N_("No server is set."),
    SendFault.SETTINGS: N_("The server's settings cannot be used."),
    SendFault.NO_SERVICE: N_("The network service of the station does not run."),
    SendFault.NO_CARD: N_("This PC has no network card that works with Reprise."),
    SendFault.NO_LINK: N_("The PC is not connected: no cable, and no Wi-Fi was joined."),
    SendFault.NO_ADDRESS: N_("The PC is connected but was given no address."),
    SendFault.NAME_UNKNOWN: N_("The network does not know the server's name."),
    SendFault.PROXY_NAME_UNKNOWN: N_("The network does not know the proxy's name."),
    SendFault.CLOSED: N_("The server's machine answers, but nothing listens there."),
    SendFault.SILENT: N_("The server does not answer."),
    SendFault.UNREACHABLE: N_("There is no way to the server from here."),
    SendFault.PROXY_CLOSED: N_("The proxy's machine answers, but no proxy listens there."),
    SendFault.PROXY_SILENT: N_("The proxy does not answer."),
    SendFault.PROXY_REFUSES: N_("The proxy does not let the station through to the server."),
    SendFault.PROXY_ACCOUNT: N_("The proxy wants a user name and a password."),
    SendFault.NOT_SECURE: N_("What answers there speaks plain HTTP, not HTTPS."),
    SendFault.CLOCK: N_("This PC's clock is probably wrong: by it, the certificate is not valid."),
    SendFault.CERTIFICATE_DATES: N_("The server's certificate is out of date."),
    SendFault.CERTIFICATE_NAME: N_("The server's certificate is made out to another name."),
    SendFault.CERTIFICATE_UNKNOWN: N_("The server's certificate comes from an unknown authority."),
    SendFault.TLS: N_("The secure connection to the server fails."),
    SendFault.SLOW: N_("The server took the connection but did not answer in time."),
    SendFault.REDIRECTED: N_("What answers there sends us elsewhere."),
    SendFault.NOT_REPRISE: N_("What answers there is not a Reprise server."),
    SendFault.SERVER_TROUBLE: N_("The server has a problem of its own."),
    SendFault.KEY_REFUSED: N_("The server does not accept this station's key."),
}

_ADVICE: Mapping[SendFault, str] = {
    SendFault.NO_SERVER: N_(
        "Write its address into reprise.toml on the stick. Until then, reports wait there."
    ),
    SendFault.NO_SERVICE: N_("Restart the PC from the stick."),
    SendFault.NO_CARD: N_("Send the reports from another PC, with the same stick."),
    SendFault.NO_LINK: N_("Plug in a network cable, or choose a Wi-Fi network below."),
    SendFault.NO_ADDRESS: N_(
        "Try another cable or another socket; the network's administrator can say whether it gives"
        " addresses by itself (DHCP)."
    ),
    SendFault.NAME_UNKNOWN: N_(
        "Check the address in reprise.toml, and that this network reaches the server."
    ),
    SendFault.PROXY_NAME_UNKNOWN: N_("Check the proxy's address (F4)."),
    SendFault.CLOSED: N_(
        "Is the server started? Is the port in the address right? Ask whoever runs the server."
    ),
    SendFault.SILENT: N_(
        "A firewall may block it, or this network may need a proxy (F4). Ask your administrator."
    ),
    SendFault.UNREACHABLE: N_("Check the network, or use another one."),
    SendFault.PROXY_CLOSED: N_("Check the proxy's address and port (F4)."),
    SendFault.PROXY_SILENT: N_("Check the proxy's address and port (F4)."),
    SendFault.PROXY_REFUSES: N_(
        "Ask the proxy's administrator to let this network reach the server."
    ),
    SendFault.PROXY_ACCOUNT: N_(
        "Write them into its address (F4): http://name:password@proxy:3128"
    ),
    SendFault.NOT_SECURE: N_(
        "Check the address and port in reprise.toml; is the server's HTTPS set up?"
    ),
    SendFault.CLOCK: N_(
        "Leave the PC connected for a minute: its clock is set by the network. Otherwise set the"
        " date in the BIOS."
    ),
    SendFault.CERTIFICATE_DATES: N_("Whoever runs the server must renew it."),
    SendFault.CERTIFICATE_NAME: N_(
        "Use the address that the certificate names, or have the certificate made again. If the"
        " address is right, somebody may be standing in between: send nothing here."
    ),
    SendFault.CERTIFICATE_UNKNOWN: N_(
        "If it is your own authority, put its certificate on the stick (server.ca_file). If not,"
        " a proxy opens secure connections here: ask your administrator."
    ),
    SendFault.TLS: N_("Ask whoever runs the server."),
    SendFault.SLOW: N_("Try again later, or ask whoever runs the server."),
    SendFault.REDIRECTED: N_(
        "This Wi-Fi may want a log-in on a web page first, which Reprise cannot do: use another"
        " network. Or the address in reprise.toml is not the server's own."
    ),
    SendFault.NOT_REPRISE: N_("Check the address in reprise.toml."),
    SendFault.SERVER_TROUBLE: N_("Whoever runs the server finds the reason in its log."),
    SendFault.KEY_REFUSED: N_(
        "Whoever runs the server enrols station.pub.pem of the stick (reprise enroll). The reports"
        " wait meanwhile."
    ),
}

LAYOUTS: Mapping[Layout, str] = {
    Layout.FR: N_("French (AZERTY)"),
    Layout.FR_OSS: N_("French, variant oss"),
    Layout.FR_BEPO: N_("French, bépo"),
    Layout.BE: N_("Belgian"),
    Layout.CH: N_("Swiss (French)"),
    Layout.CA: N_("Canadian (French)"),
    Layout.US: N_("American (QWERTY)"),
    Layout.GB: N_("British"),
    Layout.DE: N_("German (QWERTZ)"),
    Layout.ES: N_("Spanish"),
    Layout.IT: N_("Italian"),
    Layout.PT: N_("Portuguese"),
}

TABLES: Mapping[type[Enum], Mapping[Enum, str]] = {
    LinkKind: KINDS,  # type: ignore[dict-item]
    LinkState: LINKS,  # type: ignore[dict-item]
    Security: SECURITIES,  # type: ignore[dict-item]
    JoinFault: JOINS,  # type: ignore[dict-item]
    SendStep: STEPS,  # type: ignore[dict-item]
    SendFault: FAULTS,  # type: ignore[dict-item]
    Layout: LAYOUTS,  # type: ignore[dict-item]
}


def fault_words(finding: Finding) -> str:
    """What is wrong, with what was seen; "" where nothing is."""
    if finding.fault is None:
        return ""
    said = translate(FAULTS[finding.fault])
    return f"{said} ({finding.detail})" if finding.detail else said


def fault_advice(finding: Finding) -> str:
    """Who must do what; "" where the words say it already."""
    advice = None if finding.fault is None else _ADVICE.get(finding.fault)
    return "" if advice is None else translate(advice)
