"""Files in a store that speaks S3: a real one over HTTP, away, back, and cut off in the middle."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from reprise.codec import sha256_hex
from reprise.errors import InputError
from reprise.server.files import s3
from reprise.server.files.opening import _store_of
from reprise.server.files.store import NoFileError, StoreError
from reprise.server.settings import ServerSettings
from server.kit import Running, enrolled, fresh, serving, signed
from server.pages import certificate, paper, stored
from server.s3_service import ACCESS, SECRET, Service, running_service, settings

pytestmark = pytest.mark.whole
PDF = b"%PDF-1.4 " + bytes(range(256)) * 400
NAME = sha256_hex(PDF)


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running_service() as made:
        yield made


def opened(url: str, bucket: str = "papers-of-us") -> s3.S3Store:
    return s3.S3Store(s3.Bucket(bucket, url, "eu-west-3", ACCESS, SECRET))


def test_what_was_put_is_there(service: Service) -> None:
    store = opened(service.url)
    assert store.put("papers", PDF) == NAME
    assert store.put("papers", PDF) == NAME
    assert store.get("papers", NAME) == PDF
    assert NAME in [kept.name for kept in store.list("papers")]
    assert list(store.list("photos")) == []
    store.delete("papers", NAME)
    store.delete("papers", NAME)
    with pytest.raises(NoFileError):
        store.get("papers", NAME)


def test_changed_bytes_are_not_given(service: Service) -> None:
    store = opened(service.url)
    store.put("papers", PDF)
    place = f"papers/{NAME[:2]}/{NAME}"
    service.client().put_object(Bucket="papers-of-us", Key=place, Body=PDF[:-1] + b"x")
    with pytest.raises(NoFileError):
        store.get("papers", NAME)
    store.delete("papers", NAME)


def test_a_store_that_is_away_is_told_and_comes_back(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(service.url)
    store.put("papers", PDF)
    service.stop()
    began = time.monotonic()
    try:
        for _again in range(20):  # only the first one waits for it
            for ask in (lambda: store.get("papers", NAME), lambda: store.put("papers", PDF)):
                with pytest.raises(StoreError):
                    ask()
        with pytest.raises(StoreError):
            list(store.list("papers"))
    finally:
        service.start()
    assert time.monotonic() - began < 15
    monkeypatch.setattr(s3, "_AWAY_S", 0.0)
    store._away_until = 0.0
    assert store.get("papers", NAME) == PDF


def test_a_bucket_that_is_not_is_told_without_a_key(service: Service) -> None:
    store = opened(service.url, "nowhere")
    with pytest.raises(StoreError) as told:
        store.put("papers", PDF)
    assert "NoSuchBucket" in str(told.value)
    assert SECRET not in f"{told.value} {told.value.__cause__!r} {store!r} {store.shown}"
    assert SECRET not in repr(s3.Bucket("b", "", "", ACCESS, SECRET))


@contextmanager
def cutting(port: int, after: int) -> Iterator[int]:
    """A way to the service, on a port of its own, that is cut off after so many bytes of an
    answer."""

    def carry(there: socket.socket, back: socket.socket, most: int) -> None:
        with suppress(OSError):
            while most > 0 and (piece := there.recv(min(65536, most))):
                back.sendall(piece)
                most -= len(piece)
        for end in (there, back):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                near, _address = door.accept()
                far = socket.create_connection(("127.0.0.1", port), timeout=30)
                ways = ((near, far, 1 << 30), (far, near, after))
                for way in ways:
                    threading.Thread(target=carry, args=way, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=accept, daemon=True).start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)


def test_a_store_that_goes_in_the_middle_gives_nothing_half(service: Service) -> None:
    opened(service.url).put("papers", PDF)
    for after in (0, 10, 2_000, 60_000):  # in the headers, and in the bytes
        with cutting(service.port, after) as port, pytest.raises(StoreError):
            opened(f"http://127.0.0.1:{port}").get("papers", NAME)
    with cutting(service.port, 10) as port, pytest.raises(StoreError):
        opened(f"http://127.0.0.1:{port}").put("papers", PDF)


def test_papers_come_from_it_and_reports_do_without_it(service: Service, tmp_path: Path) -> None:
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    (tmp_path / "server.toml").write_text(settings(service, tmp_path))

    def away(server: Running, path: str) -> None:
        page = paper(server, path, Accept="text/html")
        assert page.status_code == 503
        assert int(page.headers["retry-after"]) > 2
        assert "The place where PDFs are kept does not answer" in page.text
        assert paper(server, path).json()["type"] == "/problems/paper-store"

    with serving(database, config=tmp_path) as server:
        before, after = (stored(server, station, fresh()) for _n in range(2))
        pdf = certificate(server, before)
        listed = service.client().list_objects_v2(Bucket="papers-of-us", Prefix="papers/")
        keys = [one["Key"] for one in listed["Contents"]]
        got = (service.client().get_object(Bucket="papers-of-us", Key=key) for key in keys)
        (body,) = (body for one in got if (body := one["Body"].read()).endswith(pdf))
        assert f"papers/{sha256_hex(body)[:2]}/{sha256_hex(body)}" in keys
        assert not (tmp_path / "reprise-data").exists()
        service.stop()
        try:
            for report_id in (before, after):
                away(server, f"/reports/{report_id}/certificate.pdf?lang=en")
            assert server.get("/healthz").status_code == 200
            report = fresh()
            assert server.put(report.report_id, signed(station, report)).status_code == 201
            assert server.get(f"/reports/{report.report_id}").status_code == 200
        finally:
            service.start()
        assert until_made(server, before) == pdf
        assert until_made(server, after).startswith(b"%PDF")
        assert SECRET not in server.log.read_text()
        assert re.search(r"paper \w+: put off after attempt 1", server.log.read_text())


def until_made(server: Running, report_id: str) -> bytes:
    path = f"/reports/{report_id}/certificate.pdf?lang=en"
    end = time.monotonic() + 60
    while (answer := paper(server, path)).status_code != 200:
        assert answer.status_code == 503, answer.text
        assert time.monotonic() < end
        time.sleep(0.5)
    return answer.content


def test_a_server_without_keys_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ServerSettings(s3_bucket="papers-of-us", s3_keys=str(tmp_path / "none"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(InputError, match="none"):
        _store_of(told)
    with pytest.raises(InputError, match="AWS_ACCESS_KEY_ID"):
        _store_of(ServerSettings(s3_bucket="papers-of-us"))
    (tmp_path / "none").write_text(f'secret_key = "{SECRET}"\n')
    with pytest.raises(InputError) as missing:
        _store_of(told)
    assert SECRET not in str(missing.value)
