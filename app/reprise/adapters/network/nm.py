"""ports.sheets.network.Network on NetworkManager."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from reprise.adapters.delivery.watch import network_state
from reprise.adapters.hardware.sysfs import Roots
from reprise.adapters.hardware.udev import UdevLookup, udev_properties
from reprise.adapters.network.cards import bare_cards, dead_links
from reprise.adapters.network.choices import SessionChoices
from reprise.adapters.network.server_check import ServerCheck
from reprise.adapters.storage.files import write_durably
from reprise.domain.station.connectivity import Finding
from reprise.errors import ToolError, foreseen
from reprise.i18n import _
from reprise.ports import Clock, CommandResult, CommandRunner
from reprise.ports.sheets.network import JoinResult, ServerWay
from reprise_common import nm_keyfile, nmcli
from reprise_common.network import (
    AccessPoint,
    Joined,
    JoinRequest,
    Link,
    LinkKind,
    LinkState,
    Security,
    password_fits,
    strongest,
)

# Root's, in memory: gone when the PC is switched off (NetworkManager(8), keyfile plugin).
PROFILES = Path("/run/NetworkManager/system-connections")
_QUICK_S, _SCAN_S, _POLL_S = 10.0, 25.0, 0.5
_WORDS = 200


class NmNetwork:
    """`choices`: the server and the proxy in force, and what is set here."""

    def __init__(
        self,
        runner: CommandRunner,
        choices: SessionChoices,
        clock: Clock,
        *,
        profiles: Path = PROFILES,
        roots: Roots | None = None,
        udev: UdevLookup = udev_properties,
        state: Callable[[], tuple[str, ...]] = network_state,
    ) -> None:
        self._runner, self._choices, self._clock = runner, choices, clock
        self._profiles, self._udev, self._state = profiles, udev, state
        self._roots = roots or Roots()
        self._seen = state()
        self._kept: JoinRequest | None = None

    # links and networks in reach

    def links(self, points: Sequence[AccessPoint]) -> tuple[Link, ...]:
        devices = nmcli.parse_devices(self._ask(nmcli.argv_devices()).text)
        wifi = any(device.kind is LinkKind.WIFI for device in devices)
        radio = nmcli.parse_radio(self._ask(nmcli.argv_radio()).text) if wifi else None
        joined = next((point.ssid for point in points if point.joined), "")
        alive = (self._link(device, radio, joined) for device in devices)
        return (*alive, *self._dead())

    @staticmethod
    def _link(one: nmcli.NmDevice, radio: LinkState | None, joined: str) -> Link:
        wifi = one.kind is LinkKind.WIFI
        state = one.state
        if wifi and radio is not None and state is LinkState.UNAVAILABLE:
            state = radio
        ssid = joined if wifi and state is LinkState.UP else ""
        return Link(
            name=one.name,
            kind=one.kind,
            state=state,
            model=one.model,
            addresses=one.addresses,
            ssid=ssid,
        )

    def _dead(self) -> Iterator[Link]:
        cards = bare_cards(self._roots)
        if cards:
            log = self._runner.run(("dmesg",), _QUICK_S).text
            yield from dead_links(cards, self._udev, log)

    def access_points(self, *, rescan: bool) -> tuple[AccessPoint, ...]:
        if rescan:
            self._runner.run(nmcli.argv_radio_on(), _QUICK_S)
        return strongest(self._listen(rescan=rescan))

    def _listen(self, *, rescan: bool) -> tuple[AccessPoint, ...]:
        """Nothing where there is no Wi-Fi: nmcli says so with an error."""
        result = self._runner.run(nmcli.argv_wifi_list(rescan=rescan), _SCAN_S)
        return nmcli.parse_wifi_list(result.text)

    # joining

    def join(self, request: JoinRequest) -> JoinResult:
        if request.security is Security.ENTERPRISE:
            return JoinResult(Joined.ENTERPRISE)
        if not password_fits(request.security, request.password):
            return JoinResult(Joined.PASSWORD_LENGTH)
        profile = self._write(request)
        uuid = nm_keyfile.profile_uuid(request.ssid)
        result = self._runner.run(nmcli.argv_join(uuid), nmcli.JOIN_WAIT_S + _QUICK_S)
        ended = nmcli.TIMED_OUT if result.timed_out else result.exit_code
        code = nmcli.parse_join(ended, result.text, request.security)
        if code is not Joined.OK:  # a wrong password is not kept, let alone tried again and again
            profile.unlink(missing_ok=True)
            self._runner.run(nmcli.argv_reload(), _QUICK_S)
        return JoinResult(code, _said(result) if code is Joined.FAILED else "")

    def _write(self, request: JoinRequest) -> Path:
        uuid = nm_keyfile.profile_uuid(request.ssid)
        profile = self._profiles / f"reprise-{uuid}.nmconnection"
        write_durably(profile, nm_keyfile.keyfile_text(request).encode(), 0o600)
        self._ask(nmcli.argv_load(os.fspath(profile)))
        return profile

    def keep_default(self) -> None:
        """Give NetworkManager the settings' network, to join by itself whenever it is in reach:
        once, so that what a person did about it since stays. Raises ToolError."""
        wanted = self.wifi_default()
        if wanted is not None and wanted != self._kept:
            if password_fits(None, wanted.password):
                self._write(wanted)
            self._kept = wanted

    def wifi_default(self) -> JoinRequest | None:
        return self._choices.wifi()

    # the way to the server

    def server(self) -> ServerWay:
        choice = self._choices.server()
        return ServerWay(choice.url, choice.proxy)

    def set_proxy(self, url: str) -> None:
        self._choices.set_proxy(url)

    def test_server(self, kid: str) -> Iterator[Finding]:
        with foreseen():
            settings, ca_file = self._choices.server(), self._choices.ca_file()
            yield from ServerCheck(settings, ca_file, self._clock, self._known_links).run(kid)

    def _known_links(self) -> Sequence[Link] | None:
        try:
            return self.links(self._listen(rescan=False))
        except ToolError:
            return None

    def wait(self, timeout_s: float) -> None:
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            before, self._seen = self._seen, self._state()
            if self._seen != before:
                return
            time.sleep(min(_POLL_S, timeout_s))

    def _ask(self, argv: Sequence[str]) -> CommandResult:
        result = self._runner.run(argv, _QUICK_S)
        if result.exit_code != 0:
            raise ToolError(
                _("the network service does not answer: {reason}").format(
                    reason=_said(result) or _("no reason given")
                ),
                _("Restart the PC; reports wait on the stick meanwhile."),
            )
        return result


def _said(result: CommandResult) -> str:
    text = result.stderr.decode("utf-8", "replace") or result.text
    return " ".join(text.split())[:_WORDS].removeprefix("Error: ")
