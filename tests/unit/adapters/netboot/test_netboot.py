"""reprise netboot's parts: what is served, to whom, and what is refused."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path

import pytest

from build_scripts.netboot_folder import make_folder
from reprise import i18n
from reprise.adapters.netboot.folder import read_folder
from reprise.adapters.netboot.link import address_on, parse_range
from reprise.adapters.netboot.settings import read_settings
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.adapters.signing.jws import generate_signer
from reprise.bootstrap.netboot import netboot_network
from reprise.errors import InputError
from reprise.settings import load_settings
from reprise.tools.dnsmasq import DhcpRange, NetbootNetwork, dnsmasq_config
from reprise.tools.iproute import parse_addresses

pytestmark = pytest.mark.processes

OURS = IPv4Interface("192.168.77.1/24")
BENCH = NetbootNetwork("eth1", OURS, 8069)
RANGE = DhcpRange(IPv4Address("192.168.77.100"), IPv4Address("192.168.77.200"))
FULL = NetbootNetwork("eth1", OURS, 8069, RANGE)


@pytest.fixture(autouse=True)
def in_english() -> None:
    i18n.set_language("en")


# dnsmasq


def config(bench: NetbootNetwork) -> list[str]:
    return dnsmasq_config(bench, "/t/tftp", "/t/leases").splitlines()


def test_beside_another_dhcp_server_no_address_is_given_out() -> None:
    lines = config(BENCH)
    assert [line for line in lines if line.startswith("dhcp-range=")] == [
        "dhcp-range=192.168.77.1,proxy"
    ]
    assert not [line for line in lines if "dhcp-authoritative" in line]


@pytest.mark.parametrize("bench", [BENCH, FULL], ids=["proxy", "full"])
def test_one_interface_only_and_no_dns(bench: NetbootNetwork) -> None:
    lines = config(bench)
    assert {"port=0", "interface=eth1", "bind-interfaces", "except-interface=lo"} <= set(lines)


def test_an_isolated_bench_gets_addresses_and_no_way_out() -> None:
    lines = config(FULL)
    assert "dhcp-range=192.168.77.100,192.168.77.200,255.255.255.0,1h" in lines
    assert "dhcp-option=option:router" in lines
    assert not [line for line in lines if "proxy" in line]


@pytest.mark.parametrize("bench", [BENCH, FULL], ids=["proxy", "full"])
def test_dnsmasq_itself_takes_the_configuration(bench: NetbootNetwork, tmp_path: Path) -> None:
    if shutil.which("dnsmasq") is None:
        pytest.skip("needs dnsmasq (package dnsmasq-base)")
    file = tmp_path / "dnsmasq.conf"
    file.write_text(dnsmasq_config(bench, str(tmp_path), str(tmp_path / "leases")))
    argv = ["dnsmasq", "--test", f"--conf-file={file}"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    file.write_text(file.read_text() + "pxe-servise=x\n")
    assert subprocess.run(argv, capture_output=True, check=False).returncode != 0


# the interface


def test_the_addresses_of_an_interface_are_iproute_s() -> None:
    """Recorded from iproute2 6.15; an interface of its own kind is an empty object there."""
    recorded = (
        '[{},{"ifindex":2,"ifname":"sv0","link_index":4,"flags":["BROADCAST","MULTICAST","UP"],'
        '"mtu":1500,"operstate":"UP","addr_info":[{"family":"inet","local":"10.77.0.2",'
        '"prefixlen":24,"scope":"global","label":"sv0"},{"family":"inet","local":"10.78.0.2",'
        '"prefixlen":16,"scope":"global","secondary":true,"label":"sv0"}]}]'
    )
    assert parse_addresses(recorded) == (
        IPv4Interface("10.77.0.2/24"),
        IPv4Interface("10.78.0.2/16"),
    )
    assert parse_addresses("") == ()
    for garbled in ("{", '[{"addr_info":[{"local":"10.0.0.1"}]}]', '["x"]'):
        with pytest.raises(ValueError, match=r"."):
            parse_addresses(garbled)


@pytest.fixture
def runner() -> SystemCommandRunner:
    if shutil.which("ip") is None:
        pytest.skip("needs ip (package iproute2)")
    return SystemCommandRunner()


def test_this_machine_s_own_loopback(runner: SystemCommandRunner) -> None:
    assert str(address_on("lo", None, runner)) == "127.0.0.1/8"
    assert str(address_on("lo", "127.0.0.1", runner)) == "127.0.0.1/8"


def test_an_interface_that_is_not_there(runner: SystemCommandRunner) -> None:
    with pytest.raises(InputError, match=r"no network interface “rp-none”.*ip -brief address"):
        address_on("rp-none", None, runner)


def test_an_address_that_it_does_not_have(runner: SystemCommandRunner) -> None:
    with pytest.raises(InputError, match=r"no address 192\.0\.2\.9\. It has 127\.0\.0\.1"):
        address_on("lo", "192.0.2.9", runner)


def test_a_range_lies_in_the_interface_s_network() -> None:
    assert parse_range("192.168.77.100, 192.168.77.200", OURS) == RANGE
    for wrong in ("192.168.77.100", "a,b", "192.168.77.1,", "192.168.77.300,192.168.77.301"):
        with pytest.raises(InputError, match="is not a range"):
            parse_range(wrong, OURS)
    for outside in ("192.168.77.200,192.168.77.100", "192.168.78.1,192.168.78.9"):
        with pytest.raises(InputError, match="does not lie"):
            parse_range(outside, OURS)


# the folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("made"))


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "netboot")


def test_a_whole_folder_is_taken(folder: Path) -> None:
    found = read_folder(folder)
    assert found.version == "0.1+abc 2026-11-25"
    assert {"boot.ipxe", "grub.cfg", "files.list", "live/filesystem.squashfs"} <= set(found.files)
    assert all(path.is_file() for path in found.files.values())


@pytest.mark.parametrize(
    "name", ["files.list", "boot.ipxe", "grub.cfg", "vmlinuz", "live/filesystem.squashfs"]
)
def test_a_file_that_is_missing_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(InputError, match=rf"holds no {re.escape(name)}.*make netboot"):
        read_folder(folder)


@pytest.mark.parametrize("name", ["live/filesystem.squashfs", "tftp/shimx64.efi", "boot.ipxe"])
def test_a_file_that_is_another_is_named(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data.replace(b"s", b"z"))
    with pytest.raises(InputError, match=rf"{re.escape(name)} in .* is not the one.*"):
        read_folder(folder)


def test_a_list_of_another_build_does_not_fit_the_menus(folder: Path) -> None:
    listed = (folder / "files.list").read_text().splitlines(keepends=True)
    (folder / "files.list").write_text("".join(reversed(listed)))
    sums = (folder / "SHA256SUMS").read_text().splitlines()[1:]
    digest = hashlib.sha256((folder / "files.list").read_bytes()).hexdigest()
    (folder / "SHA256SUMS").write_text("\n".join([f"{digest}  files.list", *sums]))
    with pytest.raises(InputError, match=r"boot\.ipxe in .* is not the one that belongs there"):
        read_folder(folder)


def test_a_list_leads_nowhere_else(folder: Path) -> None:
    with (folder / "files.list").open("a") as out:
        out.write("0" * 64 + " 1 ../outside\n")
    with pytest.raises(InputError, match=r"files\.list in"):
        read_folder(folder)


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the folder “.*none” does not exist.*make netboot"):
        read_folder(tmp_path / "none")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"“.*file” is not a folder.*make netboot"):
        read_folder(tmp_path / "file")


# settings


def test_a_private_key_is_kept_back_and_the_rest_is_served(tmp_path: Path) -> None:
    signer = generate_signer()
    (tmp_path / "reprise.toml").write_text('[station]\nname = "school"\n')
    (tmp_path / "station.key.pem").write_bytes(signer.private_pem())
    (tmp_path / "station.pub.pem").write_bytes(signer.public_pem())
    found = read_settings([tmp_path])
    assert found.kept_back == ("station.key.pem", "station.pub.pem")
    served = found.served()
    assert set(served) == {"settings/files.list", "settings/reprise.toml"}
    assert served["settings/files.list"].split()[1:] == [b"26", b"reprise.toml"]
    assert b"PRIVATE" not in b"".join(served.values())


def test_no_settings_are_an_empty_list() -> None:
    assert read_settings([]).served() == {"settings/files.list": b""}


def test_settings_that_no_station_takes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "reprise.toml").write_text("[statoin]\n")
    with pytest.raises(InputError, match="statoin"):
        read_settings([tmp_path])


def test_the_words_of_a_network_start_are_no_settings() -> None:
    line = (
        "boot=live reprise.netboot=http://10.0.0.1:8069/ reprise.netboot.list=abc reprise.lang=en"
    )
    settings, problems = load_settings([], line)
    assert problems == ()
    assert settings.station.language == "en"


@pytest.mark.parametrize("port", [-1, 65536, 70000])
def test_a_port_that_does_not_exist_is_refused(port: int) -> None:
    with pytest.raises(InputError, match=f"no port {port}"):
        netboot_network("lo", None, port, None)


@pytest.mark.parametrize("port", [0, 1, 65535])
def test_every_other_port_is_taken(port: int) -> None:
    assert netboot_network("lo", None, port, None).port == port
