"""The station's own sender against the real server: both sides read the contract alike."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from reprise.adapters.delivery.receipts import read_receipt
from reprise.adapters.delivery.uplink import HttpUplink
from reprise.adapters.network.server_check import ServerCheck
from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.signing.jws import Ed25519Signer
from reprise.domain.station.connectivity import ConnectionStep, Reach, StepResult
from reprise.domain.station.delivery import DeliveryResult
from reprise.settings import ServerSettings
from server.kit import Running, fresh, serving, signed, stranger

pytestmark = pytest.mark.whole


def test_sent_and_sent_again(server: Running, station: Ed25519Signer) -> None:
    uplink = HttpUplink(ServerSettings(url=server.url), None, SystemClock())
    report = fresh()
    body = signed(station, report)
    first, second = uplink.send(report.report_id, body), uplink.send(report.report_id, body)
    assert (first.outcome, second.outcome) == (DeliveryResult.ACCEPTED, DeliveryResult.ACCEPTED)
    assert (first.detail, second.detail) == ("201", "200")
    assert server.get(f"/api/v1/reports/{report.report_id}").content == body
    assert read_receipt(server.put(report.report_id, body).content, report.report_id, body)


def test_refusals_are_told_to_the_technician(server: Running, station: Ed25519Signer) -> None:
    uplink = HttpUplink(ServerSettings(url=server.url), None, SystemClock())
    report = fresh()
    delivery = uplink.send(report.report_id, signed(stranger(), report))
    assert delivery.outcome is DeliveryResult.REFUSED
    assert "Cette station n’est pas inscrite ici" in delivery.detail
    broken = signed(station, report)[:-4] + b"AAAA"
    assert uplink.send(report.report_id, broken).outcome is DeliveryResult.REFUSED


def test_the_way_is_tried_to_the_real_server(server: Running, station: Ed25519Signer) -> None:
    test = ServerCheck(ServerSettings(url=server.url), None, SystemClock(), lambda: None)
    known = list(test.run(station.kid))
    assert [one.step for one in known if one.outcome is StepResult.OK] == [
        ConnectionStep.NAME,
        ConnectionStep.CONNECT,
        ConnectionStep.ANSWER,
        ConnectionStep.ENROLLED,
    ]
    *_others, last = test.run(stranger().kid)
    assert (last.step, last.reason) == (ConnectionStep.ENROLLED, Reach.NOT_ENROLLED)


def test_server_that_is_down_is_tried_again(tmp_path: Path) -> None:
    with serving(tmp_path / "reprise.db") as server:
        url = server.url
        server.kill()
    report = fresh()
    delivery = HttpUplink(ServerSettings(url=url), None, SystemClock()).send(
        report.report_id, b"x.y.z"
    )
    assert delivery.outcome is DeliveryResult.OFFLINE


_FOREIGN = """
import sys
from jwcrypto import jwk, jws
key = jwk.JWK.from_pem(open(sys.argv[2], "rb").read())
token = jws.JWS()
token.allowed_algs = ["EdDSA"]
token.deserialize(open(sys.argv[1]).read(), key)
sys.stdout.buffer.write(token.payload)
"""


def test_stored_bytes_verify_with_a_jose_tool_that_is_not_ours(
    server: Running, station: Ed25519Signer, tmp_path: Path
) -> None:
    """Debian's python3-jwcrypto, on what the server gives out."""
    python = shutil.which("python3", path="/usr/bin")
    probe = [python or "", "-c", "import jwcrypto"]
    if python is None or subprocess.run(probe, capture_output=True, check=False).returncode != 0:
        pytest.skip("Debian's python3-jwcrypto is missing")
    report = fresh()
    server.put(report.report_id, signed(station, report))
    jws, pem = tmp_path / "report.jws", tmp_path / "key.pem"
    jws.write_bytes(server.get(f"/api/v1/reports/{report.report_id}").content)
    pem.write_bytes(server.get(f"/api/v1/stations/{station.kid}/key.pem").content)
    argv = [python, "-c", _FOREIGN, str(jws), str(pem)]
    done = subprocess.run(argv, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert report.report_id.encode() in done.stdout
    pem.write_bytes(stranger().public_pem())
    assert subprocess.run(argv, capture_output=True, check=False).returncode != 0
