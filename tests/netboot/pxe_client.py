"""What a PC's firmware asks before it starts from the network; run as a script at the bench's plug.

    python3 pxe_client.py INTERFACE ARCH SERVERS [ipxe]

Waits for the answers of so many servers, or some seconds. Prints one JSON object: for each its
address, the address that it offers, its boot file and its options (hexadecimal); under "4011" what
the PXE service of a proxy says when it is asked for the first line of its menu, where one offered
itself. RFC 2131, RFC 2132, RFC 4578, PXE 2.1.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
import time
from pathlib import Path

_COOKIE = b"\x63\x82\x53\x63"
_PLUG = "10.77.0.9"
_TRIES, _AGAIN_S = 4, 1.5
_PATIENCE_S = 8.0  # a server may look for three seconds whether an address is free


def option(code: int, data: bytes) -> bytes:
    return bytes((code, len(data))) + data


def request(
    kind: int,
    arch: int,
    number: int,
    mac: bytes,
    *,
    ipxe: bool,
    ours: str = "0.0.0.0",
    item: bytes = b"",
) -> bytes:
    """DHCPDISCOVER (1) or DHCPREQUEST (3). `item`: of a PXE menu."""
    head = struct.pack("!BBBBIHH", 1, 1, 6, 0, number, 0, 0x8000 if kind == 1 else 0)
    head += socket.inet_aton(ours) + bytes(12) + mac + bytes(10) + bytes(64 + 128) + _COOKIE
    words = option(53, bytes((kind,)))
    words += option(55, bytes((1, 3, 6, 12, 43, 54, 60, 66, 67, 97)))
    words += option(57, struct.pack("!H", 1472))
    words += option(60, f"PXEClient:Arch:{arch:05}:UNDI:003000".encode())
    words += option(93, struct.pack("!H", arch)) + option(94, b"\x01\x03\x00")
    words += option(97, bytes(17))
    if item:
        words += option(43, option(71, item + bytes(2)) + b"\xff")  # PXE_BOOT_ITEM, layer 0
    if ipxe:
        words += option(77, b"iPXE") + option(175, b"\x13\x01\x01")
    return head + words + b"\xff"


def read(data: bytes) -> dict[str, object]:
    options, at = {}, data.index(_COOKIE) + 4
    while at < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        length = data[at + 1]
        options[data[at]] = data[at + 2 : at + 2 + length].hex()
        at += 2 + length
    file = data[108:236].split(b"\0")[0].decode()
    return {
        "offers": socket.inet_ntoa(data[16:20]),
        "next": socket.inet_ntoa(data[20:24]),
        "file": file or bytes.fromhex(str(options.get(67, ""))).rstrip(b"\0").decode(),
        "options": {str(code): value for code, value in options.items()},
    }


def first_item(said: dict[str, object]) -> bytes:
    """Type of the first line of a PXE menu (option 43, suboption 9); empty where there is none."""
    data = bytes.fromhex(dict(said["options"]).get("43", ""))  # type: ignore[call-overload]
    at = 0
    while at < len(data) and data[at] != 255:
        if data[at] == 9:
            return data[at + 2 : at + 4]
        at += 2 + data[at + 1]
    return b""


def _answers(
    plug: socket.socket, number: int, servers: int, patience_s: float = _PATIENCE_S
) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    end = time.monotonic() + patience_s
    while (left := end - time.monotonic()) > 0 and len(found) < servers:
        plug.settimeout(left)
        try:
            data, (host, _port) = plug.recvfrom(4096)
        except TimeoutError:
            break
        if data[4:8] == struct.pack("!I", number):
            found[host] = read(data)
    return found


def main() -> None:
    interface, arch, servers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    ipxe = "ipxe" in sys.argv[4:]
    address = Path(f"/sys/class/net/{interface}/address").read_text()
    mac = bytes.fromhex(address.strip().replace(":", ""))
    number = int.from_bytes(os.urandom(4), "big")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
        plug.bind(("", 68))
        plug.sendto(request(1, arch, number, mac, ipxe=ipxe), ("255.255.255.255", 67))
        found = _answers(plug, number, servers)
        proxies = [host for host, said in found.items() if said["offers"] == "0.0.0.0"]
        for host in proxies:
            item = first_item(found[host])
            asking = request(3, arch, number, mac, ipxe=ipxe, ours=_PLUG, item=item)
            for _try in range(_TRIES):  # firmware repeats it as well
                plug.sendto(asking, (host, 4011))
                answers = _answers(plug, number, 1, _AGAIN_S)
                if answers:
                    found["4011"] = next(iter(answers.values()))
                    break
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
