"""What a station signs, as its server reads it."""

from __future__ import annotations

import base64

import pytest

from reprise.adapters.signing.jws import generate_signer
from reprise.domain.report.report import Report
from reprise.domain.station.delivery import LARGEST
from reprise.server.problems import ProblemError
from reprise.server.reports.decoding import decode_new
from reprise.workflow.delivery.submit import exact_bytes

SIGNER = generate_signer()


def taken(report: Report) -> Report:
    """As the server reads what the station signs."""
    jws = SIGNER.sign(exact_bytes(report))
    assert len(jws) <= LARGEST
    payload = base64.urlsafe_b64decode(jws.split(b".")[1] + b"==")
    read, others = decode_new(payload)
    assert others.count == 0
    return read


def refusal(payload: bytes) -> ProblemError:
    with pytest.raises(ProblemError) as told:
        decode_new(payload)
    return told.value
