"""The NVMe/TCP target: one listening socket on the loopback, one thread for each queue."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

from lab.nvme.admin import run_admin
from lab.nvme.codes import Admin, Status
from lab.nvme.identify import CONTROLLER_ID, VERSION
from lab.nvme.nvm import fail, run_io
from lab.nvme.subsystem import Subsystem
from lab.nvme.wire import MAX_H2C_BYTES, Answer, Pdu, Sqe, c2h_data, ic_resp, r2t, read_pdu
from lab.nvme.wire import response as response_pdu

# Base 2.0 / NVMe over Fabrics 1.1, 3: fabrics command types.
_PROPERTY_SET, _CONNECT, _PROPERTY_GET = 0x00, 0x01, 0x04
# Base 3.1.3: controller properties.
_CAP, _VS, _CC, _CSTS = 0x00, 0x08, 0x14, 0x1C
# Queues of 128 entries (counted from 0), contiguous, ready within 7.5 s, NVM command set.
_CAP_VALUE = 127 | 1 << 16 | 15 << 24 | 1 << 37
_CONNECT_INVALID_PARAMETERS = 0x182
_SETTLE_EVERY_S = 0.1


class Connection:
    """One queue of the host: the admin queue where `qid` is 0."""

    def __init__(self, server: Server, plug: socket.socket) -> None:
        self.server, self.plug, self.qid = server, plug, -1
        self.waiting_events: list[int] = []
        self._cc = 0
        self._send_lock = threading.Lock()
        self._incoming: dict[int, tuple[Sqe, bytearray]] = {}

    def serve(self) -> None:
        """Until the host hangs up or the power goes."""
        try:
            while True:
                self._one_pdu()
        except (ConnectionError, OSError):
            pass  # that is how every connection ends
        finally:
            self.server.forget(self)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.plug.shutdown(socket.SHUT_RDWR)
        self.plug.close()

    def _send(self, *parts: bytes) -> None:
        with self._send_lock:
            self.plug.sendall(b"".join(parts))

    def _one_pdu(self) -> None:
        kind, _flags, header, data = read_pdu(self.plug)
        if kind == Pdu.IC_REQ:
            self._send(ic_resp())
        elif kind == Pdu.COMMAND:
            self._command(Sqe.read(header), data)
        elif kind == Pdu.H2C_DATA:
            self._more_data(header, data)
        else:
            raise ConnectionError(f"the host sent a PDU of type {kind:#x}")

    def _command(self, sqe: Sqe, data: bytes) -> None:
        if sqe.sends_data and not data:
            if sqe.sgl_bytes > MAX_H2C_BYTES:
                raise ConnectionError(f"{sqe.sgl_bytes} bytes are more than the target takes")
            self._incoming[sqe.cid] = (sqe, bytearray())
            self._send(r2t(sqe.cid, sqe.sgl_bytes))
            return
        self._dispatch(sqe, data)

    def _more_data(self, header: bytes, data: bytes) -> None:
        cid, _tag, offset, size = struct.unpack_from("<HHII", header)
        sqe, whole = self._incoming[cid]
        if offset != len(whole) or size != len(data):
            raise ConnectionError("data out of order")
        whole += data
        if len(whole) >= sqe.sgl_bytes:
            del self._incoming[cid]
            self._dispatch(sqe, bytes(whole))

    def _dispatch(self, sqe: Sqe, data: bytes) -> None:
        subsystem = self.server.subsystem
        if sqe.opcode == Admin.FABRICS:
            self._answer(sqe, self._fabrics(sqe, data))
        elif self.qid != 0:
            if subsystem.io_stays_on():
                self._answer(sqe, run_io(subsystem, sqe, data))
        elif sqe.opcode == Admin.ASYNC_EVENT_REQUEST:
            self.waiting_events.append(sqe.cid)
        elif sqe.opcode == Admin.FORMAT_NVM or sqe.opcode in subsystem.hang:
            work = threading.Thread(target=self._slowly, args=(sqe, data), daemon=True)
            work.start()
        else:
            self._answer(sqe, run_admin(subsystem, sqe, data))

    def _slowly(self, sqe: Sqe, data: bytes) -> None:
        """Keep Alive must not wait for a long command."""
        with contextlib.suppress(OSError):  # the host hung up meanwhile
            self._answer(sqe, run_admin(self.server.subsystem, sqe, data))

    def _answer(self, sqe: Sqe, answer: Answer | None) -> None:
        if answer is None:
            return
        data = answer.data[: sqe.sgl_bytes]
        parts = [c2h_data(sqe.cid, data)] if data and not answer.status else []
        self._send(*parts, response_pdu(sqe.cid, answer, 0))

    def event(self, result: int) -> bool:
        """Answer one waiting Asynchronous Event Request."""
        if not self.waiting_events:
            return False
        self._send(response_pdu(self.waiting_events.pop(0), Answer(result=result), 0))
        return True

    def _fabrics(self, sqe: Sqe, data: bytes) -> Answer:
        if sqe.fabrics_type == _CONNECT:
            asked = data[256:512].partition(b"\0")[0].decode("ascii", "replace")
            if asked != self.server.subsystem.config.subnqn:
                return Answer(_CONNECT_INVALID_PARAMETERS)
            self.qid = struct.unpack_from("<H", sqe.raw, 42)[0]
            return Answer(result=CONTROLLER_ID)
        offset = struct.unpack_from("<I", sqe.raw, 44)[0]
        if sqe.fabrics_type == _PROPERTY_GET:
            values = {_CAP: _CAP_VALUE, _VS: VERSION, _CC: self._cc, _CSTS: self._csts()}
            if offset not in values:
                return fail(Status.INVALID_FIELD)
            return Answer(result=values[offset])
        if sqe.fabrics_type == _PROPERTY_SET and offset == _CC:
            self._cc = struct.unpack_from("<I", sqe.raw, 48)[0]
            return Answer()
        return fail(Status.INVALID_FIELD)

    def _csts(self) -> int:
        """Ready (bit 0) follows CC.EN; shutdown complete (bits 3:2) follows CC.SHN at once."""
        return (self._cc & 1) | (0b10 << 2 if self._cc >> 14 & 3 else 0)


class Server:
    """`port` is fixed from the start, so that the host finds the target again."""

    def __init__(self, subsystem: Subsystem) -> None:
        self.subsystem = subsystem
        self._lock = threading.Lock()
        self._connections: list[Connection] = []
        self._ended = threading.Event()
        self.port = 0
        self._listener = self._listen()
        subsystem.notify = self._notify
        threading.Thread(target=self._settle, daemon=True).start()

    def _listen(self) -> socket.socket:
        plug = socket.socket()
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        plug.bind(("127.0.0.1", self.port))
        plug.listen()
        self.port = plug.getsockname()[1]
        threading.Thread(target=self._accept, args=(plug,), daemon=True).start()
        return plug

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):  # closed: the power is off
            while True:
                plug, _from = listener.accept()
                plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection = Connection(self, plug)
                with self._lock:
                    self._connections.append(connection)
                threading.Thread(target=connection.serve, daemon=True).start()

    def _settle(self) -> None:
        while not self._ended.wait(_SETTLE_EVERY_S):
            self.subsystem.settle()

    def _notify(self, event: int) -> None:
        with self._lock:
            admin = [one for one in self._connections if one.qid == 0]
        for connection in admin:
            with contextlib.suppress(OSError):  # the host hung up meanwhile
                connection.event(event)

    def forget(self, connection: Connection) -> None:
        connection.close()
        with self._lock:
            self._connections = [one for one in self._connections if one is not connection]

    def power_off(self) -> None:
        """Every connection drops, and nobody answers."""
        self.subsystem.power_off()
        self._stop()

    def power_on(self) -> None:
        self.subsystem.power_on()
        self._listener = self._listen()

    def _stop(self) -> None:
        with contextlib.suppress(OSError):  # wakes the thread in accept()
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            connection.close()

    def close(self) -> None:
        self._ended.set()
        self._stop()
