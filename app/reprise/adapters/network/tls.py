"""What a certificate that was not accepted means for a person."""

from __future__ import annotations

import ssl
from pathlib import Path

import certifi

from reprise.adapters.storage.files import too_large
from reprise.domain.station.connectivity import Reach
from reprise.ports import Clock

# X509_V_ERR_… (OpenSSL, <openssl/x509_vfy.h>)
_NOT_YET_VALID, _EXPIRED = 9, 10
_NAMES = (62, 64)  # host name, IP address
_MOST = 1 << 20  # bytes of a certificate file: all authorities of a browser are a quarter of that


def trusted_by(ca_file: Path | None) -> ssl.SSLContext:
    """With the authorities that the sender trusts. Raises OSError where `ca_file` is unusable, or
    larger than any certificates: a stick comes from anywhere."""
    if ca_file is not None and ca_file.stat().st_size > _MOST:
        raise too_large()
    return ssl.create_default_context(cafile=ca_file or certifi.where())


def judge_certificate(code: int, clock: Clock, host: str) -> tuple[Reach, str]:
    """The reason, and what its sentence names: the PC's date or the server's name."""
    if code in (_NOT_YET_VALID, _EXPIRED):
        return _judge_date(code, clock)
    return (Reach.CERTIFICATE_NAME if code in _NAMES else Reach.CERTIFICATE_AUTHORITY), host


def _judge_date(code: int, clock: Clock) -> tuple[Reach, str]:
    """A clock behind makes a good certificate one of the future, a clock ahead an old one."""
    trusted, note = clock.trust()
    day = clock.read().now.date().isoformat()
    if trusted:
        return Reach.CERTIFICATE_DATE, day
    if code == _NOT_YET_VALID or note == "rtc-implausible":
        return Reach.CLOCK_WRONG, day
    return Reach.CLOCK_DOUBTFUL, day


_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"})
_READING_A_FILE = ("X509", "PEM")  # the parts of OpenSSL that read certificates, not lines


def judge_line(error: OSError, clock: Clock, host: str) -> tuple[Reach, str]:
    """`error`: on a line to `host` that stood, at the handshake or after it. The reason, and what
    its sentence names."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return judge_certificate(error.verify_code, clock, host)
    if isinstance(error, TimeoutError):
        return Reach.NO_ANSWER, ""
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return _judge_tls(error), ""
    return Reach.BROKE_OFF, ""


def _judge_tls(error: ssl.SSLError) -> Reach:
    if error.library in _READING_A_FILE:
        return Reach.CA_FILE
    return Reach.NOT_TLS if error.reason in _NO_TLS else Reach.TLS_FAILED
