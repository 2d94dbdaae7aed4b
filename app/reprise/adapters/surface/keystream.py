"""The cipher of the overwrite stream (see reprise.domain.pattern for what it is)."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from reprise.domain.pattern import BLOCK_BYTES, KEY_BYTES, address_of, counter_block, nonce_of

# At 20 MB/s (an old drive, AES under emulation) still ten a second; 4 MiB was no faster.
CHUNK_BYTES = 2 << 20
_ZEROS = bytes(CHUNK_BYTES)


class Keystream:
    """The stream of one job. Threads may share it: every call makes its own cipher (4 us), and
    the cipher works outside the interpreter lock (measured: two threads, twice the rate)."""

    def __init__(self, job_id: str, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("the job key must have 32 bytes")
        self._nonce = nonce_of(job_id)
        self._key = algorithms.AES(key)

    def fill(self, buffer: memoryview, offset: int) -> None:
        """Put the stream of byte `offset` … into `buffer` (at most CHUNK_BYTES)."""
        self._mix(_ZEROS[: len(buffer)] if len(buffer) < CHUNK_BYTES else _ZEROS, buffer, offset)

    def mix(self, buffer: memoryview, offset: int) -> None:
        """XOR the stream into `buffer`, in place: data that is the stream becomes zeros, and a
        second call gives the data back."""
        self._mix(buffer, buffer, offset)

    def _mix(self, source: bytes | memoryview, target: memoryview, offset: int) -> None:
        counter = counter_block(self._nonce, offset)
        Cipher(self._key, modes.CTR(counter)).encryptor().update_into(source, target)

    def address_of(self, block: bytes, size_bytes: int) -> int | None:
        """The offset that these 16 bytes of a drive were written for by this job, or None."""
        # One single block is decrypted to find the counter it came from; nothing is kept secret
        # by this, so the lack of chaining in ECB does not matter.
        plain = Cipher(self._key, modes.ECB()).decryptor().update(block[:BLOCK_BYTES])  # noqa: S305
        return address_of(plain, self._nonce, size_bytes)
