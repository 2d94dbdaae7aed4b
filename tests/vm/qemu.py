"""A QEMU machine as a PC on the bench: power, keys, screen, plugs. Looks from outside only."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

# Code and variables, by Pc.firmware. The .ms ones hold Microsoft's keys and ask for signatures.
_OVMF = Path("/usr/share/OVMF")
_UEFI = {
    "uefi": ("OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"),
    "uefi32": ("OVMF32_CODE_4M.fd", "OVMF32_VARS_4M.fd"),
    "secure-boot": ("OVMF_CODE_4M.ms.fd", "OVMF_VARS_4M.ms.fd"),
}


# A boot sector that counts bits and writes "REPRISE" to QEMU's debug port:
# popcnt ax,bx; mov si,msg; mov dx,0x402; next: lodsb; test al,al; jz stop; out dx,al; jmp next;
# stop: hlt; jmp stop. POPCNT because the kernel's instruction emulator does not know it: a KVM
# that emulates the guest instead of running it (nested, without hardware) stops there, as it
# would later inside any Linux kernel.
_SPEAKS = b"REPRISE"
_CODE = bytes.fromhex("f30fb8c3 be157c ba0204 ac 84c0 7403 ee ebf8 f4 ebfd")
_BOOT_SECTOR = (_CODE + _SPEAKS).ljust(510, b"\0") + b"\x55\xaa"


@cache
def acceleration() -> str:
    """ "kvm" where a guest really runs under it, else "tcg". A /dev/kvm that opens proves nothing,
    nor does a BIOS that runs: both were seen where no kernel started. The boot sector must speak
    within 10 s."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"
    with tempfile.TemporaryDirectory() as folder:
        said, disk = Path(folder) / "said", Path(folder) / "disk"
        disk.write_bytes(_BOOT_SECTOR.ljust(1 << 20, b"\0"))
        argv = ["qemu-system-x86_64", "-machine", "q35", "-accel", "kvm", "-cpu", "max"]
        argv += ["-m", "64", "-display", "none", "-nic", "none"]
        argv += ["-drive", f"file={disk},format=raw,if=ide,snapshot=on"]
        argv += ["-chardev", f"file,id=d,path={said}"]
        argv += ["-device", "isa-debugcon,iobase=0x402,chardev=d"]
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            end = time.monotonic() + 10
            while time.monotonic() < end and process.poll() is None:
                if said.exists() and _SPEAKS in said.read_bytes():
                    return "kvm"
                time.sleep(0.2)
        finally:
            process.kill()
            process.wait()
    return "tcg"


FULL_HD = ("-global", "VGA.xres=1920", "-global", "VGA.yres=1080")  # without it 1280×800


@dataclass
class Disk:
    """An image file and how the PC sees it. `kind`: "sata", "nvme", "usb" or "cdrom"."""

    path: Path
    kind: str
    serial: str = ""
    boot_index: int | None = None
    bps: int = 0  # throttle, bytes a second; 0: none


@dataclass
class Pc:
    """What stands on the bench. `firmware`: "bios" (SeaBIOS), or UEFI: "uefi", "uefi32",
    "secure-boot". `kernel`: skip the boot loader."""

    folder: Path
    disks: Sequence[Disk]
    memory_mib: int = 2048
    cpu: str = "max"  # QEMU's name of a processor: "max" has all that this machine can play
    firmware: str = "bios"
    link_up: bool = False
    kernel: tuple[Path, Path, str] | None = None  # kernel, initrd, command line
    extra: Sequence[str] = field(default_factory=tuple)
    display: str = "none"
    reboot: bool = True
    # How the namespace of its network is entered, and the tap there; it starts from that first.
    tap: tuple[Sequence[str], str] | None = None


def _disk_args(number: int, disk: Disk) -> list[str]:
    name = f"d{number}"
    if disk.kind == "cdrom":
        node = f"file={disk.path},if=none,id={name},format=raw,media=cdrom,readonly=on"
    else:
        throttle = f",throttling.bps-total={disk.bps}" if disk.bps else ""
        node = (
            f"file={disk.path},if=none,id={name},format=raw,cache=writeback,discard=unmap{throttle}"
        )
    device = {
        "sata": f"ide-hd,drive={name},bus=ide.{number}",
        "nvme": f"nvme,drive={name}",
        "usb": f"usb-storage,drive={name},id=stick{number},removable=on",
        "cdrom": f"ide-cd,drive={name},bus=ide.{number}",
    }[disk.kind]
    if disk.serial:
        device += f",serial={disk.serial}"
    if disk.boot_index is not None:
        device += f",bootindex={disk.boot_index}"
    return ["-drive", node, "-device", device]


def _network(pc: Pc) -> list[str]:
    if pc.tap is None:
        return ["-netdev", "user,id=n0", "-device", "e1000e,netdev=n0,id=nic"]
    netdev = f"tap,id=n0,ifname={pc.tap[1]},script=no,downscript=no"
    # A BIOS starts from the card's own program (iPXE); UEFI brings its own.
    rom = "" if pc.firmware == "bios" else ",romfile="
    return ["-netdev", netdev, "-device", f"virtio-net-pci,netdev=n0,id=nic,bootindex=0{rom}"]


def _argv(pc: Pc) -> list[str]:
    # One processor. An emulated second one was seen to stand still while the host was busy: its
    # timer did not fire any more ("rcu_preempt kthread timer wakeup didn't happen", on cpu 1), and
    # the start hung without a word. It also made two guests on two processors slower.
    accel = "kvm" if acceleration() == "kvm" else "tcg,tb-size=1024"
    argv = [*pc.tap[0]] if pc.tap else []
    argv += ["qemu-system-x86_64", "-machine", "q35", "-accel", accel, "-cpu", pc.cpu]
    argv += ["-m", str(pc.memory_mib), "-display", pc.display, "-vga", "std", "-rtc", "base=utc"]
    argv += ["-qmp", f"unix:{pc.folder}/qmp,server=on,wait=off"]
    argv += ["-serial", f"unix:{pc.folder}/serial,server=on,wait=off", "-device", "qemu-xhci"]
    argv += _network(pc)
    argv += ["-smbios", "type=1,manufacturer=Reprise Test,product=Bench PC,serial=BENCH-0001"]
    if not pc.reboot:
        argv += ["-no-reboot"]
    if pc.firmware != "bios":
        code, fresh = (_OVMF / name for name in _UEFI[pc.firmware])
        variables = pc.folder / "vars.fd"
        if not variables.exists():
            shutil.copy(fresh, variables)
        argv += ["-drive", f"if=pflash,format=raw,readonly=on,file={code}"]
        argv += ["-drive", f"if=pflash,format=raw,file={variables}"]
    if pc.firmware == "secure-boot":  # the variables can only be changed from SMM
        argv += ["-machine", "smm=on"]
        argv += ["-global", "driver=cfi.pflash01,property=secure,value=on"]
    if pc.kernel:
        kernel, initrd, line = pc.kernel
        argv += ["-kernel", str(kernel), "-initrd", str(initrd), "-append", line]
    for number, disk in enumerate(pc.disks):
        argv += _disk_args(number, disk)
    return [*argv, *pc.extra]


class Vm:
    """A running machine. Use `running(pc)`: it is always switched off."""

    def __init__(self, pc: Pc) -> None:
        self.pc = pc
        for name in ("qmp", "serial"):
            (pc.folder / name).unlink(missing_ok=True)
        self._log = (pc.folder / "qemu.log").open("ab")
        self.process = subprocess.Popen(_argv(pc), stdout=self._log, stderr=self._log)
        try:
            self._qmp = self._connect("qmp").makefile("rwb")
            self._qmp.readline()
            self.command("qmp_capabilities")
            if not pc.link_up:
                self.set_link(False)
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise

    def _connect(self, name: str) -> socket.socket:
        end = time.monotonic() + 30
        while True:
            if self.process.poll() is not None:
                log = (self.pc.folder / "qemu.log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"QEMU ended at once: {log}")
            try:
                plug = socket.socket(socket.AF_UNIX)
                plug.connect(f"{self.pc.folder}/{name}")
                return plug
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def command(self, name: str, /, **arguments: Any) -> Any:
        """One QMP command. Raises RuntimeError with QEMU's words."""
        self._qmp.write(json.dumps({"execute": name, "arguments": arguments}).encode() + b"\n")
        self._qmp.flush()
        while True:
            answer = json.loads(self._qmp.readline() or b'{"error": "QEMU is gone"}')
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise RuntimeError(f"{name}: {answer['error']}")

    def press(self, *keys: str, hold_ms: int = 60) -> None:
        """Press keys together, by QEMU's names of the *physical* (US) keys."""
        self.command(
            "send-key", keys=[{"type": "qcode", "data": k} for k in keys], **{"hold-time": hold_ms}
        )
        time.sleep(0.15 + hold_ms / 1000)

    def point(self, across: float, down: float) -> None:
        """A tablet (`extra`: -device usb-tablet) puts the pointer there; parts of the screen."""
        self._input(
            *(
                {"type": "abs", "data": {"axis": axis, "value": int(part * 0x7FFF)}}
                for axis, part in (("x", across), ("y", down))
            )
        )

    def nudge(self, x: int, y: int) -> None:
        """Move the PC's own mouse by so many counts."""
        self._input(
            *(
                {"type": "rel", "data": {"axis": axis, "value": value}}
                for axis, value in (("x", x), ("y", y))
            )
        )

    def click(self, hold_s: float = 0.1) -> None:
        for down in (True, False):
            self._input({"type": "btn", "data": {"down": down, "button": "left"}})
            time.sleep(hold_s)

    def _input(self, *events: dict[str, Any]) -> None:
        self.command("input-send-event", events=list(events))

    def set_link(self, up: bool) -> None:
        self.command("set_link", name="nic", up=up)

    def picture(self, path: Path) -> Path:
        """A screenshot as PPM."""
        self.command("screendump", filename=str(path))
        return path

    def processor_stands(self) -> str:
        """Where the processor is, for a PC that shows nothing any more: instruction pointer and
        whether it is halted, twice half a second apart."""
        seen = []
        for pause in (0.5, 0.0):
            told = self.command("human-monitor-command", **{"command-line": "info registers -a"})
            seen.append(" ".join(re.findall(r"[RE]IP=\w+|HLT=\d", told)))
            time.sleep(pause)
        return " | ".join(seen)

    def serial(self, port: str = "serial") -> socket.socket:
        """`port`: the socket of another one that `Pc.extra` adds, in the PC's folder."""
        return self._connect(port)

    def cut_power(self) -> None:
        """As if the plug were pulled: no guest code runs any more."""
        with contextlib.suppress(RuntimeError, OSError, ValueError):
            self.command("quit")
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def wait_off(self, timeout_s: float) -> bool:
        """True where the guest switched itself off."""
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> None:
        if self.process.poll() is None:
            self.cut_power()
        self._log.close()


@contextlib.contextmanager
def running(pc: Pc) -> Iterator[Vm]:
    pc.folder.mkdir(parents=True, exist_ok=True)
    vm = Vm(pc)
    try:
        yield vm
    finally:
        vm.close()
