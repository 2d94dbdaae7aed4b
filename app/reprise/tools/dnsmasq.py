"""dnsmasq: the configuration for a bench whose PCs start from the network. It answers DHCP and TFTP
on one interface, and no DNS."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface

# RFC 4578, 2.1: client system architecture types. 7 and 9 both mean 64-bit UEFI (EDK II sends 7).
_BIOS, _UEFI = "0", ("7", "9")
_BIOS_PROGRAM, _UEFI_PROGRAM = "undionly.kpxe", "shimx64.efi"
# The names that pxe-service knows them by (dnsmasq(8)); it gives these answers in proxy mode.
_PXE_BIOS, _PXE_UEFI = "x86PC", ("BC_EFI", "X86-64_EFI")
_IPXE_OPTION = 175  # sent by iPXE only: it must not be given itself again
_LEASE = "1h"


@dataclass(frozen=True, slots=True)
class DhcpRange:
    """Addresses to give out, both ends included."""

    first: IPv4Address
    last: IPv4Address


@dataclass(frozen=True, slots=True)
class NetbootNetwork:
    """`address`: ours on `interface`, with its mask. `port`: of our HTTP server. `given`: None
    where the network has a DHCP server of its own (proxy mode)."""

    interface: str
    address: IPv4Interface
    port: int
    given: DhcpRange | None = None

    @property
    def url(self) -> str:
        """With a slash at its end."""
        return f"http://{self.address.ip}:{self.port}/"


def dnsmasq_config(network: NetbootNetwork, tftp_root: str, lease_file: str) -> str:
    """The whole text of a configuration file. BIOS PCs get iPXE, UEFI PCs get shim and GRUB, and
    whatever iPXE runs already gets our menu."""
    menu = f"{network.url}boot.ipxe"
    lines = [
        "port=0",
        f"interface={network.interface}",
        "except-interface=lo",
        "bind-interfaces",
        "enable-tftp",
        f"tftp-root={tftp_root}",
        f"dhcp-leasefile={lease_file}",
        f"dhcp-match=set:ipxe,{_IPXE_OPTION}",
    ]
    lines += _proxy(network, menu) if network.given is None else _full(network, network.given, menu)
    return "\n".join(lines) + "\n"


def _proxy(network: NetbootNetwork, menu: str) -> list[str]:
    programs = [(_PXE_BIOS, _BIOS_PROGRAM), *((name, _UEFI_PROGRAM) for name in _PXE_UEFI)]
    return [
        f"dhcp-range={network.address.ip},proxy",
        "dhcp-no-override",
        *(f'pxe-service=tag:!ipxe,{name},"Reprise",{program}' for name, program in programs),
        *(f'pxe-service=tag:ipxe,{name},"Reprise",{menu}' for name, _program in programs),
    ]


def _full(network: NetbootNetwork, given: DhcpRange, menu: str) -> list[str]:
    return [
        f"dhcp-range={given.first},{given.last},{network.address.netmask},{_LEASE}",
        "dhcp-option=option:router",  # an isolated bench leads nowhere
        f"dhcp-match=set:bios,option:client-arch,{_BIOS}",
        *(f"dhcp-match=set:uefi,option:client-arch,{arch}" for arch in _UEFI),
        f"dhcp-boot=tag:bios,tag:!ipxe,{_BIOS_PROGRAM}",
        f"dhcp-boot=tag:uefi,tag:!ipxe,{_UEFI_PROGRAM}",
        f"dhcp-boot=tag:ipxe,{menu}",
    ]


def argv_dnsmasq(config: str) -> tuple[str, ...]:
    """In the foreground, its messages on standard error."""
    return (
        "dnsmasq",
        "--keep-in-foreground",
        f"--conf-file={config}",
        "--pid-file=",
        "--log-facility=-",
    )
