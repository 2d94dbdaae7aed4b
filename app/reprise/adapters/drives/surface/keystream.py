"""The ciphers of the overwrite streams (see reprise.domain.erasure.pattern for what they are)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

from reprise.domain.erasure.origins import HEAD_BYTES
from reprise.domain.erasure.pattern import (
    BLOCK_BYTES,
    CHACHA_WINDOW_BYTES,
    KEY_BYTES,
    Stream,
    address_of,
    initial_iv,
    nonce_of,
)

# What dd is usually given. At 20 MB/s (an old drive, AES under emulation) still more than two a
# second. Python's own work for a chunk (threads handing over, counting) is 2 % of a processor's
# second per GiB with 8 MiB, 5 % with 4, 10 % with 2.
CHUNK_BYTES = 8 << 20
# The cipher takes a slice at a time, so that it is still in the processor's cache (L2) when it is
# looked at, and so that the zeros always are. Smaller ones cost more calls than they save.
SLICE_BYTES = 512 << 10
_ZEROS = bytes(SLICE_BYTES)
_HEAD = bytes(HEAD_BYTES)
_Encrypt = Callable[[bytes | memoryview, memoryview], int]


class Keystream:
    """The stream of one job. Threads may share it: every call makes its own cipher (4 us), and
    the cipher works outside the interpreter lock (measured: two threads, twice the rate)."""

    def __init__(self, job_id: str, key: bytes, kind: Stream = Stream.AES_256_CTR) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("the job key must have 32 bytes")
        self.kind = kind
        self._nonce = nonce_of(job_id)
        self._key = key

    def fill(self, buffer: memoryview, offset: int) -> None:
        """Put the stream of byte `offset` … into `buffer`."""
        for part, encrypt in self._slices(buffer, offset):
            encrypt(_ZEROS if len(part) == SLICE_BYTES else _ZEROS[: len(part)], part)

    def mix(self, buffer: memoryview, offset: int) -> None:
        """XOR the stream into `buffer`, in place: data that is the stream becomes zeros, and a
        second call gives the data back."""
        for _part in self.mixing(buffer, offset):
            pass

    def mixing(self, buffer: memoryview, offset: int) -> Iterator[memoryview]:
        """`mix`, slice by slice (at most SLICE_BYTES): each slice as soon as it is mixed."""
        for part, encrypt in self._slices(buffer, offset):
            encrypt(part, part)
            yield part

    def _slices(self, buffer: memoryview, offset: int) -> Iterator[tuple[memoryview, _Encrypt]]:
        """Each slice with the cipher for it, which is a new one where ChaCha20's counter ends:
        OpenSSL would carry, the library does not."""
        at = 0
        encrypt = self._cipher(offset).update_into
        while at < len(buffer):
            left = CHACHA_WINDOW_BYTES - (offset + at) % CHACHA_WINDOW_BYTES
            part = buffer[at : at + min(SLICE_BYTES, left)]
            if at and left == CHACHA_WINDOW_BYTES:
                encrypt = self._cipher(offset + at).update_into
            yield part, encrypt
            at += len(part)

    def _cipher(self, offset: int) -> CipherContext:
        iv = initial_iv(self.kind, self._nonce, offset)
        if self.kind is Stream.AES_256_CTR:
            return Cipher(algorithms.AES(self._key), modes.CTR(iv)).encryptor()
        return Cipher(algorithms.ChaCha20(self._key, iv), mode=None).encryptor()

    def heads(self) -> Callable[[int], bytes]:
        """A function of an offset: the stream's first HEAD_BYTES there. For one thread."""
        cipher, kind, nonce = self._cipher(0), self.kind, self._nonce

        def head_at(offset: int) -> bytes:
            cipher.reset_nonce(initial_iv(kind, nonce, offset))
            return cipher.update(_HEAD)

        return head_at

    def address_of(self, block: bytes, size_bytes: int) -> int | None:
        """The offset that these 16 bytes of a drive were written for by this job, or None. Of
        AES-256-CTR only."""
        # One single block is decrypted to find the counter it came from; nothing is kept secret
        # by this, so the lack of chaining in ECB does not matter.
        ecb = Cipher(algorithms.AES(self._key), modes.ECB())  # noqa: S305
        return address_of(ecb.decryptor().update(block[:BLOCK_BYTES]), self._nonce, size_bytes)
