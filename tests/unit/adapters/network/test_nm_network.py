"""The network through NetworkManager: what nmcli is asked, and what it never gets to see."""

from __future__ import annotations

import stat
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from reprise import i18n
from reprise.adapters.delivery.watch import PollingWatch
from reprise.adapters.hardware.sysfs import Roots
from reprise.adapters.network.choices import SessionChoices, typed_proxy
from reprise.adapters.network.nm import NmNetwork
from reprise.adapters.pc.clock import SystemClock
from reprise.bootstrap.command_line import CommandLine
from reprise.bootstrap.config import station_settings
from reprise.bootstrap.tools import network as network_of
from reprise.errors import InputError, ToolError
from reprise.ports import CommandResult
from reprise.settings import Settings, load_settings
from reprise_common.network import Joined, JoinRequest, LinkState, Security
from unit.common.test_nmcli import DEVICES, heard, row


class Nmcli:
    """ports.CommandRunner: answers by the words of the command, and looks at the profile while
    the connection comes up."""

    def __init__(self, profiles: Path) -> None:
        self.profiles, self.calls = profiles, list[Sequence[str]]()
        self.up, self.devices_code, self.radio = (0, "", b""), 0, b"enabled:enabled\n"
        self.mode, self.text = 0, ""

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.calls.append(tuple(argv))
        code, out, err = self._answer(argv)
        return CommandResult(tuple(argv), code, out, err, 0.0)

    def _answer(self, argv: Sequence[str]) -> tuple[int, bytes, bytes]:
        if argv[0] == "sh":
            (profile,) = self.profiles.iterdir()
            self.mode = stat.S_IMODE(profile.stat().st_mode)
            self.text = profile.read_text()
            code, out, err = self.up
            return code, out.encode(), err
        if "show" in argv:
            return self.devices_code, DEVICES.encode(), b"Error: NetworkManager is not running."
        if "radio" in argv:
            return 0, self.radio, b""
        if "list" in argv:
            return 0, f"{row('Mairie', use='*')}\n{row('Atelier')}".encode(), b""
        return 0, b"dmesg", b""


@pytest.fixture
def nmcli(tmp_path: Path) -> Nmcli:
    i18n.set_language("en")
    return Nmcli(tmp_path / "profiles")


def choices(tmp_path: Path, words: str = "") -> SessionChoices:
    file = tmp_path / "session.toml"
    stick = ("reprise.toml", "[server]\nproxy = 'http://old:1'\n[wifi]\nssid = 'Mairie'\n")

    def settings() -> Settings:
        texts = [(file.name, file.read_text())] if file.exists() else []
        return load_settings([stick, *texts], words)[0]

    return SessionChoices(file, settings, lambda name: tmp_path / name)


@pytest.fixture
def network(tmp_path: Path, nmcli: Nmcli) -> NmNetwork:
    return NmNetwork(
        nmcli,
        choices(tmp_path),
        SystemClock(),
        profiles=nmcli.profiles,
        roots=Roots(sys=tmp_path / "sys"),
        udev=lambda _path: {},
        state=lambda: ("same",),
    )


SECRET = "le mot de passe"


def test_the_password_is_in_a_file_of_roots_and_nowhere_else(
    network: NmNetwork, nmcli: Nmcli
) -> None:
    result = network.join(JoinRequest("Mairie", SECRET, security=Security.WPA2_WPA3))
    assert result.code is Joined.OK
    assert nmcli.mode == 0o600
    assert "psk=le\\smot\\sde\\spasse" in nmcli.text
    said = " ".join(word for call in nmcli.calls for word in call)
    assert SECRET not in said
    assert "passe" not in said
    assert len(list(nmcli.profiles.iterdir())) == 1  # it stays for this session


def test_a_password_that_is_refused_is_forgotten(network: NmNetwork, nmcli: Nmcli) -> None:
    nmcli.up = (4, heard("no-secrets"), b"Error: Connection activation failed: whatever")
    result = network.join(JoinRequest("Mairie", SECRET, security=Security.WPA2))
    assert (result.code, result.detail) == (Joined.PASSWORD, "")
    assert list(nmcli.profiles.iterdir()) == []
    assert nmcli.calls[-1] == ("nmcli", "connection", "reload")


def test_what_cannot_work_is_not_tried(network: NmNetwork, nmcli: Nmcli) -> None:
    enterprise = JoinRequest("Rectorat", SECRET, security=Security.ENTERPRISE)
    assert network.join(enterprise).code is Joined.ENTERPRISE
    short = JoinRequest("Mairie", "short", security=Security.WPA2)
    assert network.join(short).code is Joined.PASSWORD_LENGTH
    assert nmcli.calls == []


def test_words_that_nobody_knows_are_shown(network: NmNetwork, nmcli: Nmcli) -> None:
    nmcli.up = (1, "", b"Error: A new\n reason")
    result = network.join(JoinRequest("Mairie", SECRET, security=Security.WPA2))
    assert (result.code, result.detail) == (Joined.FAILED, "A new reason")


def test_links_say_what_they_are_joined_to(network: NmNetwork) -> None:
    cable, wifi = network.links(network.access_points(rescan=False))
    assert (cable.state, cable.ssid) == (LinkState.UNPLUGGED, "")
    assert (wifi.state, wifi.ssid) == (LinkState.UP, "Mairie")


def test_a_radio_that_is_off(network: NmNetwork, nmcli: Nmcli, monkeypatch: object) -> None:
    nmcli.radio = b"disabled:enabled\n"
    off = DEVICES.replace("100 (connected)", "20 (unavailable)", 1)
    nmcli._answer = lambda argv: (  # type: ignore[method-assign]
        0, off.encode() if "show" in argv else nmcli.radio if "radio" in argv else b"", b""
    )  # fmt: skip
    assert network.links(())[1].state is LinkState.SWITCHED_OFF


def test_no_network_manager_is_told(network: NmNetwork, nmcli: Nmcli) -> None:
    nmcli.devices_code = 8
    with pytest.raises(ToolError, match=r"NetworkManager is not running\. Restart the PC"):
        network.links(())


def test_only_a_person_who_asks_makes_the_card_listen(network: NmNetwork, nmcli: Nmcli) -> None:
    network.access_points(rescan=False)
    assert "no" in nmcli.calls[-1]
    assert not any("on" in call for call in nmcli.calls)
    network.access_points(rescan=True)
    assert ("nmcli", "radio", "wifi", "on") in nmcli.calls


def card(tmp_path: Path, slot: str, kind: str, *, net: bool = False) -> None:
    folder = tmp_path / "sys/bus/pci/devices" / slot
    folder.mkdir(parents=True)
    (folder / "class").write_text(f"{kind}\n")
    if net:
        (folder / "net/eth0").mkdir(parents=True)


def test_a_card_without_its_firmware_or_driver(
    tmp_path: Path, network: NmNetwork, nmcli: Nmcli
) -> None:
    card(tmp_path, "0000:00:19.0", "0x020000", net=True)
    card(tmp_path, "0000:02:00.0", "0x028000")
    card(tmp_path, "0000:03:00.0", "0x020000")
    card(tmp_path, "0000:04:00.0", "0x030000")
    answer = nmcli._answer
    log = (
        b"[ 4.2] iwlwifi 0000:02:00.0: firmware: failed to load iwlwifi-8265-36.ucode (-2)\n"
        b"[ 4.3] r8169 0000:00:19.0: Direct firmware load for rtl_nic/x.fw failed with error -2\n"
    )
    nmcli._answer = (  # type: ignore[method-assign]
        lambda argv: (0, log, b"") if argv == ("dmesg",) else answer(argv)
    )
    found = {one.name: (one.state, one.detail) for one in network.links(())[2:]}
    assert found == {
        "0000:02:00.0": (LinkState.NO_FIRMWARE, "iwlwifi-8265-36.ucode"),
        "0000:03:00.0": (LinkState.NO_DRIVER, ""),
    }


def test_the_proxy_of_this_session_is_stronger_than_the_sticks(
    tmp_path: Path, network: NmNetwork
) -> None:
    assert network.server().proxy == "http://old:1"
    network.set_proxy(" proxy.example.org:3128 ")
    assert network.server().proxy == "http://proxy.example.org:3128"
    assert stat.S_IMODE((tmp_path / "session.toml").stat().st_mode) == 0o600
    network.set_proxy("")
    assert network.server().proxy == ""


def test_a_proxy_of_the_kernel_command_line_stays_and_that_is_told(tmp_path: Path) -> None:
    i18n.set_language("en")
    mine = choices(tmp_path, "reprise.server.proxy=http://boot:1")
    with pytest.raises(InputError, match="kernel command line"):
        mine.set_proxy("other:3128")
    assert mine.server().proxy == "http://boot:1"


@pytest.mark.parametrize(
    "typed", ["proxy", "proxy:", "proxy:abc", "ftp://p:1", "http://:1", "p:1/x", "p\a:1"]
)
def test_what_is_no_proxy_is_refused(typed: str) -> None:
    with pytest.raises(InputError):
        typed_proxy(typed)


def test_the_settings_wifi_is_offered(network: NmNetwork) -> None:
    assert network.wifi_default() == JoinRequest("Mairie")


def test_the_sender_reads_it_anew_each_round(tmp_path: Path) -> None:
    args = CommandLine(config=None, data=str(tmp_path))
    (tmp_path / "reprise.toml").write_text("[server]\nurl = 'https://a.example'\nproxy = 'x:1'\n")
    assert station_settings(args)[0].server.proxy == "http://x:1"
    network_of(args).set_proxy("proxy:3128")
    server = station_settings(args)[0].server
    assert (server.url, server.proxy) == ("https://a.example", "http://proxy:3128")
    assert network_of(args).server().proxy == "http://proxy:3128"


def test_the_settings_wifi_is_given_to_the_card_once(
    tmp_path: Path, network: NmNetwork, nmcli: Nmcli
) -> None:
    network.keep_default()
    (profile,) = nmcli.profiles.iterdir()
    assert "ssid=77;97;105;114;105;101;" in profile.read_text()
    assert nmcli.calls == [("nmcli", "connection", "load", str(profile))]
    profile.unlink()  # a person tried it, and it was refused
    network.keep_default()
    assert list(nmcli.profiles.iterdir()) == []


def test_what_is_set_here_wakes_the_sender(tmp_path: Path) -> None:
    file, stop = tmp_path / "session.toml", threading.Event()
    ticks = list[int]()

    def queued() -> frozenset[str]:
        ticks.append(1)
        if len(ticks) == 2:
            file.write_text("[server]")
        return frozenset()

    began = time.monotonic()
    watch = PollingWatch(queued, stop, file)
    assert watch.wait(60, frozenset())
    assert time.monotonic() - began < 30
