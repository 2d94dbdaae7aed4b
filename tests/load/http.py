"""The least of HTTP that a load needs: a client that costs as little as can be, beside a server on
the same two processors."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


async def ask(
    port: int, method: str, path: str, headers: dict[str, str], body: bytes = b""
) -> Answer:
    """One request on a connection of its own, as a station makes it. Raises OSError, TimeoutError,
    ValueError."""
    async with asyncio.timeout(_TIMEOUT_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
            lines += [f"{name}: {value}" for name, value in headers.items()]
            lines += [f"Content-Length: {len(body)}", "", ""]
            writer.write("\r\n".join(lines).encode() + body)
            await writer.drain()
            return _answer(await reader.read())
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _answer(data: bytes) -> Answer:
    head, _blank, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _colon, value in pairs}
    if not data or len(body) < int(headers.get("content-length", 0)):
        raise ConnectionResetError("the answer was cut off")
    return Answer(int(first.split(" ")[1]), headers, body)


async def hold_half(port: int, seconds: float) -> None:
    """A connection that never comes to the point."""
    with contextlib.suppress(OSError, TimeoutError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(b"PUT /api/v1/reports/x HTTP/1.1\r\nHost: x\r\n")
            async with asyncio.timeout(seconds):
                await reader.read()
        finally:
            writer.close()
