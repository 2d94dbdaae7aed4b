"""What a certificate that was not accepted means for a person."""

from __future__ import annotations

import ssl
from pathlib import Path

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from reprise.domain.reach import Reach
from reprise.ports import Clock

# X509_V_ERR_… (OpenSSL, <openssl/x509_vfy.h>)
_NOT_YET_VALID, _EXPIRED = 9, 10
_NAMES = (62, 64)  # host name, IP address


def trusted_by(ca_file: Path | None) -> ssl.SSLContext:
    """With the authorities that the sender trusts. Raises OSError where `ca_file` is unusable."""
    return ssl.create_default_context(cafile=ca_file or DEFAULT_CA_BUNDLE_PATH)


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


def judge_tls(reason: str) -> Reach:
    return Reach.NOT_TLS if reason in _NO_TLS else Reach.TLS_FAILED
