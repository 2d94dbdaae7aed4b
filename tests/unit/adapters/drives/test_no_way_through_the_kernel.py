"""What the kernel hands back of a command becomes exactly that answer: good only where the drive's
status and the kernel's own words are, and with no more data than the drive sent. The structures are
laid out once more here, from <scsi/sg.h> and <linux/nvme_ioctl.h>."""

from __future__ import annotations

import ctypes
from ctypes import c_int, c_ubyte, c_uint, c_ushort, c_void_p
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.drives.passthrough.ata_taskfile import SatAta
from reprise.adapters.drives.passthrough.nvme_admin import KernelNvmeAdmin
from reprise.adapters.drives.passthrough.sgio import KernelScsi
from reprise.wire.ata import identify_device, sanitize_status
from reprise.wire.nvme import AdminCommand, attach_namespace, detach_namespace
from unit.adapters.drives.ata_answers import registers
from unit.adapters.drives.procedures import many


class SgIo(ctypes.Structure):
    _fields_ = (
        *(("interface_id", c_int), ("dxfer_direction", c_int), ("cmd_len", c_ubyte)),
        *(("mx_sb_len", c_ubyte), ("iovec_count", c_ushort), ("dxfer_len", c_uint)),
        *(("dxferp", c_void_p), ("cmdp", c_void_p), ("sbp", c_void_p), ("timeout", c_uint)),
        *(("flags", c_uint), ("pack_id", c_int), ("usr_ptr", c_void_p), ("status", c_ubyte)),
        *(("masked_status", c_ubyte), ("msg_status", c_ubyte), ("sb_len_wr", c_ubyte)),
        *(("host_status", c_ushort), ("driver_status", c_ushort), ("resid", c_int)),
        *(("duration", c_uint), ("info", c_uint)),
    )


class NvmePassthru(ctypes.Structure):
    _fields_ = (
        *(("opcode", c_ubyte), ("flags", c_ubyte), ("rsvd1", c_ushort), ("nsid", c_uint)),
        *(("cdw2", c_uint), ("cdw3", c_uint), ("metadata", ctypes.c_uint64)),
        *(("addr", ctypes.c_uint64), ("metadata_len", c_uint), ("data_len", c_uint)),
        *((f"cdw{number}", c_uint) for number in range(10, 16)),
        *(("timeout_ms", c_uint), ("result", c_uint)),
    )


@dataclass
class Kernel:
    """BlockFile.ioctl: writes `data` and `sense` where it is told to."""

    status: int
    host: int = 0
    driver: int = 0
    resid: int = 0
    sense: bytes = b""
    data: bytes = b""
    sent: list[bytes] = field(default_factory=list)

    def ioctl(self, request: int, argument: bytearray) -> int:
        if request == 0x2285:
            return self._sg_io(SgIo.from_buffer(argument))
        assert (request, len(argument)) == (0xC0484E41, 72)
        command = NvmePassthru.from_buffer(argument)
        kept = self.data[: command.data_len]
        ctypes.memmove(command.addr, kept, len(kept))
        command.result = 7
        return self.status

    def _sg_io(self, header: SgIo) -> int:
        assert header.interface_id == ord("S")
        self.sent.append(ctypes.string_at(header.cmdp, header.cmd_len))
        if header.dxfer_direction == -3:  # from the device
            kept = self.data[: header.dxfer_len]
            ctypes.memmove(header.dxferp, kept, len(kept))
        sense = self.sense[: header.mx_sb_len]
        ctypes.memmove(header.sbp, sense, len(sense))
        header.status, header.sb_len_wr, header.resid = self.status, len(sense), self.resid
        header.host_status, header.driver_status = self.host, self.driver
        return 0


KERNELS = st.builds(
    Kernel,
    status=st.one_of(st.sampled_from([0, 2]), st.integers(0, 0xFF)),
    host=st.one_of(st.just(0), st.integers(0, 0xFFFF)),
    driver=st.one_of(st.sampled_from([0, 8]), st.integers(0, 0xFFFF)),
    resid=st.one_of(st.just(0), st.integers(-600, 600)),
    sense=st.binary(max_size=64),
    data=st.binary(min_size=512, max_size=512),
)


@many(100)
@given(KERNELS)
def test_sg_io(kernel: Kernel) -> None:
    answer = KernelScsi().send(kernel, b"\x12\0\0\0\xfc\0", data_in=252)  # type: ignore[arg-type]
    assert kernel.sent == [b"\x12\0\0\0\xfc\0"]
    said = (kernel.status, kernel.host, kernel.driver)
    assert (answer.status, answer.host_status, answer.driver_status) == said
    assert answer.ok == (said in ((0, 0, 0), (0, 0, 8)))
    assert answer.sense == kernel.sense
    assert answer.data == kernel.data[: max(0, 252 - max(0, kernel.resid))]


@many(100)
@given(
    KERNELS,
    st.sampled_from([(0x50, 0, 0x8000), (0x51, 4, 0), (0xD0, 0, 0), (0x70, 0, 0), None]),
    st.sampled_from([identify_device(), sanitize_status()]),
)
def test_ata_over_sg_io(kernel: Kernel, told: tuple[int, int, int] | None, command: object) -> None:
    """Registers of a command that did not arrive are another's."""
    kernel.sense = b"" if told is None else registers(*told, 0)
    answer = SatAta().send(kernel, command)  # type: ignore[arg-type]
    arrived = kernel.host == 0 and kernel.driver in (0, 8)
    plain = arrived and kernel.status in (0, 2)
    assert (answer.registers is not None) == (plain and told is not None)
    well = told[0] == 0x50 if told is not None else kernel.status == 0
    assert answer.ok == (plain and well)
    assert not (answer.not_ata and answer.ok)


def test_nvme_data_for_the_drive() -> None:
    class Taking(Kernel):
        def ioctl(self, request: int, argument: bytearray) -> int:
            command = NvmePassthru.from_buffer(argument)
            self.sent.append(ctypes.string_at(command.addr, command.data_len))
            return 0

    kernel = Taking(0)
    command = attach_namespace(2, 7)
    answer = KernelNvmeAdmin().send(kernel, command)  # type: ignore[arg-type]
    assert (command.opcode, command.namespace_id, command.cdw10) == (0x15, 2, 0)
    assert kernel.sent == [bytes((1, 0, 7, 0)).ljust(4096, b"\0")]
    assert (answer.ok, answer.data) == (True, b"")
    assert detach_namespace(2, 7).cdw10 == 1


@many(100)
@given(st.integers(0, 0x7FFF), st.integers(0, 4096), st.binary(max_size=64))
def test_nvme_passthrough(status: int, length: int, noise: bytes) -> None:
    kernel = Kernel(status, data=noise)
    command = AdminCommand("Get Log Page", 0x02, 1, cdw10=3, data_bytes=length)
    answer = KernelNvmeAdmin().send(kernel, command)  # type: ignore[arg-type]
    assert answer.ok == (status == 0)
    assert (answer.status, answer.dword0) == (status, 7)
    assert answer.data == noise[:length].ljust(length, b"\0")
