"""reprise serve and reprise enroll as a person uses them: right, wrong, and at odds."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from reprise.server.settings import load_settings as load_server_settings
from reprise.settings import load_settings
from server.kit import REPRISE, b64, fresh, new_database, reprise, serving, signed, stranger
from station_kit.places import TOP


def fails(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """One clear line on stderr, this exit code, nothing on stdout."""
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith("reprise: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
    assert done.stdout == ""


@pytest.mark.whole
def test_stops_even_when_told_at_once(tmp_path: Path) -> None:
    """The signal comes between the line on stdout and the first request."""
    with serving(tmp_path / "reprise.db") as server:
        server.process.terminate()
        assert server.process.wait(60) == 0


@pytest.mark.whole
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_cleanly(tmp_path: Path, number: int) -> None:
    with serving(tmp_path / "reprise.db") as server:
        assert server.get("/healthz").status_code == 200
        server.process.send_signal(number)
        assert server.process.wait(60) == 0
        assert "Traceback" not in server.log.read_text()


def test_busy_port(tmp_path: Path) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        port = str(sock.getsockname()[1])
        done = reprise("serve", "--port", port, "--database", str(tmp_path / "x.db"))
    fails(done, 2, port, "in use", "--port")
    assert not (tmp_path / "x.db").exists()


def test_bad_addresses_and_limits(tmp_path: Path) -> None:
    database = ("--database", str(tmp_path / "x.db"))
    fails(reprise("serve", "--host", "no.such.host.invalid", *database), 2, "--host")
    fails(reprise("serve", "--port", "70000", *database), 2, "port", "65535")
    fails(reprise("serve", "--max-body", "3", *database), 2, "max_body_bytes")


def test_databases_that_cannot_be(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not a database, but precious " * 50)
    before = other.read_bytes()
    fails(reprise("serve", "--database", str(other)), 2, "not a Reprise database")
    assert other.read_bytes() == before
    fails(reprise("serve", "--database", str(tmp_path)), 4, str(tmp_path))
    fails(reprise("serve", "--database", "/proc/nowhere/reprise.db"), 4, "/proc/nowhere")
    fails(reprise("serve", "--database", "mysql://x/y"), 2, "mysql")
    secret = "postgresql://u:s3cret@127.0.0.1:9/r"
    done = reprise("serve", "--database", secret)
    fails(done, 4, "127.0.0.1")
    assert "s3cret" not in done.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("port = = 3", ("server.toml, line 1", "TOML")),
        ("\nprot = 80", ("line 2", "prot", "port")),
        ('port = "80"', ("port",)),
        ("page_size = 0", ("page_size",)),
        ('public_url = "ftp://x"', ("server.toml, line 1: ", "public_url", "https://")),
        ('\npublic_url = "reprise.example.org"', ("line 2: ", "public_url", "https://")),
        ('public_url = "https://a.example/reprise"', ("public_url", "path", "https://a.example.")),
        ('public_url = "https://a.example/?a"', ("public_url", "query")),
        ('public_url = "https://a.example#a"', ("public_url", "query")),
        ('public_url = "https://u:p@a.example"', ("public_url", "password: https://a.example.")),
        ('s3_bucket = "a"\ns3_endpoint = "minio"', ("line 2: ", "s3_endpoint", "https://")),
        ('[openid]\nurl = "id.example"', ("line 2: ", "openid.url", "https://")),
        ('[mail]\nhost = "a"\nsender = "Reprise"', ("line 3: ", "mail.sender", "address")),
        ('proxy = "caddy"', ("line 1: ", "proxy", "127.0.0.1")),
        ('proxy = "127.0.0.1:80"', ("line 1: ", "proxy", "127.0.0.1")),
        ('proxy = "10.0.0.0/8"', ("line 1: ", "proxy", "127.0.0.1")),
        ("workers = 2", ("line 1: ", "workers", "SQLite")),
        ('log_format = "xml"', ("log_format", "text | json")),
        ('metrics = "9464"', ("metrics", "127.0.0.1:9464")),
        ('metrics = "x:y"', ("metrics", "127.0.0.1:9464")),
        ('metrics = "127.0.0.1:8080"', ("metrics", "another port")),
    ],
)
def test_garbled_settings(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    (tmp_path / "server.toml").write_text(text)
    done = reprise("--config", str(tmp_path), "serve", "--database", str(tmp_path / "x.db"))
    fails(done, 2, *words)


def test_the_proxy_is_written_as_who_asks_is() -> None:
    for written, meant in (("", ""), (" 127.0.0.1 ", "127.0.0.1"), ("0:0:0:0:0:0:0:1", "::1")):
        assert load_server_settings(f'proxy = "{written}"', "f", {}).proxy == meant


def test_no_password_of_an_address_is_told(tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text('public_url = "https://u:s3cret@a.example"')
    assert "s3cret" not in reprise("--config", str(tmp_path), "serve").stderr


@pytest.mark.whole
def test_settings_file_is_used_and_options_win(tmp_path: Path) -> None:
    database = tmp_path / "from-file.db"
    (tmp_path / "server.toml").write_text(f'database = "{database}"\nport = 1\n')
    argv = [*REPRISE, "--config", str(tmp_path), "serve", "--port", "0"]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert " http://127.0.0.1:" in process.stdout.readline()
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert database.exists()


def test_shipped_settings_are_the_defaults() -> None:
    from reprise.server.settings import ServerSettings
    from reprise.strict_toml import dataclass_from_toml

    text = (TOP / "config" / "server.toml").read_text()
    assert dataclass_from_toml(text, ServerSettings, "server.toml") == ServerSettings()


@pytest.mark.whole
def test_listening_beyond_this_machine_is_warned_of(tmp_path: Path) -> None:
    with serving(tmp_path / "a.db") as server:
        assert "without HTTPS" not in server.log.read_text()
    with serving(tmp_path / "b.db", "--host", "0.0.0.0") as server:
        assert "without HTTPS" in server.log.read_text()


def enroll(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    new_database(tmp_path / "reprise.db")
    return reprise("enroll", "--database", str(tmp_path / "reprise.db"), *words)


def test_folder_for_a_stick(tmp_path: Path) -> None:
    out = tmp_path / "stick"
    url = "http://192.168.1.5:8080/"
    done = enroll(tmp_path, "--name", 'Banc "é" 1', "--out", str(out), "--url", url)
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in out.iterdir()) == [
        "reprise.toml",
        "station.key.pem",
        "station.pub.pem",
    ]
    assert stat.S_IMODE((out / "station.key.pem").stat().st_mode) == 0o600
    settings, problems = load_settings([("reprise.toml", (out / "reprise.toml").read_text())])
    assert problems == ()
    assert settings.server.url == "http://192.168.1.5:8080"
    assert settings.station.name == 'Banc "é" 1'
    listed = enroll(tmp_path, "--list")
    assert 'Banc "é" 1' in listed.stdout
    # Nothing of the private key stays on the server.
    private = (out / "station.key.pem").read_text().splitlines()[1].encode()
    files = [p for p in tmp_path.iterdir() if p.is_file()]
    assert files
    assert all(private not in p.read_bytes() for p in files)


@pytest.mark.parametrize("name", ["reprise.toml", "station.key.pem", "station.pub.pem"])
def test_nothing_is_overwritten(tmp_path: Path, name: str) -> None:
    out = tmp_path / "stick"
    out.mkdir()
    (out / name).write_text("precious")
    fails(enroll(tmp_path, "--name", "A", "--out", str(out)), 2, name, "nothing was changed")
    assert [(p.name, p.read_text()) for p in out.iterdir()] == [(name, "precious")]
    assert enroll(tmp_path, "--list").stdout == ""


def test_addresses_a_station_would_not_take(tmp_path: Path) -> None:
    out = tmp_path / "stick"
    for url in ("ftp://x", "http://example.org", "nonsense", "https://x y"):
        done = enroll(tmp_path, "--name", "A", "--out", str(out), "--url", url)
        fails(done, 2)
    assert not out.exists()
    assert enroll(tmp_path, "--list").stdout == ""


def test_same_key_again(tmp_path: Path) -> None:
    key = tmp_path / "station.pub.pem"
    signer = stranger()
    key.write_bytes(signer.public_pem())
    first = enroll(tmp_path, "--name", "A", "--key", str(key))
    second = enroll(tmp_path, "--name", "A", "--key", str(key))
    assert (first.returncode, second.returncode) == (0, 0)
    assert signer.kid in first.stdout
    assert "already" in second.stdout
    fails(enroll(tmp_path, "--name", "B", "--key", str(key)), 2, "already enrolled", "“A”")
    assert enroll(tmp_path, "--list").stdout.count("\n") == 1
    assert enroll(tmp_path, f"--revoke={signer.kid}").returncode == 0
    fails(enroll(tmp_path, "--name", "A", "--key", str(key)), 2, "revoked")
    assert "revoked on" in enroll(tmp_path, "--list").stdout


def test_every_form_of_a_key(tmp_path: Path) -> None:
    signer = stranger()
    x = b64(signer._key.public_key().public_bytes_raw()).decode()
    forms = {
        "a.pem": signer.public_pem(),
        "b.pem": signer.private_pem(),
        "c.jwk": json.dumps({"kty": "OKP", "crv": "Ed25519", "x": x}).encode(),
    }
    for name, data in forms.items():
        (tmp_path / name).write_bytes(data)
        done = enroll(tmp_path, "--name", "A", "--key", str(tmp_path / name))
        assert done.returncode == 0, done.stderr
        assert signer.kid in done.stdout
    assert enroll(tmp_path, "--list").stdout.count("\n") == 1


def test_what_is_no_key(tmp_path: Path) -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = other.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for data in (b"", b"hello", b"{}", b"{", b'{"kty":"OKP"}', pem, b"\xff" * 40):
        (tmp_path / "key").write_bytes(data)
        fails(enroll(tmp_path, "--name", "A", "--key", str(tmp_path / "key")), 2, "Ed25519")
    fails(enroll(tmp_path, "--name", "A", "--key", str(tmp_path / "none")), 2, "none")
    fails(enroll(tmp_path, "--name", "A", "--key", str(tmp_path)), 2)


def test_names(tmp_path: Path) -> None:
    key = tmp_path / "station.pub.pem"
    key.write_bytes(stranger().public_pem())
    fails(enroll(tmp_path, "--key", str(key)), 2, "--name")
    for name in (" ", "x" * 101, "a\nb", "a\x1b[31m"):
        fails(enroll(tmp_path, "--name", name, "--key", str(key)), 2)
    fails(enroll(tmp_path, "--revoke", "nobody"), 2, "nobody", "--list")


@pytest.mark.whole
def test_enrolment_reaches_a_running_server(tmp_path: Path) -> None:
    database = tmp_path / "reprise.db"
    signer, report = stranger(), fresh()
    body = signed(signer, report)
    (tmp_path / "k.pem").write_bytes(signer.public_pem())
    with serving(database) as server:
        assert server.put(report.report_id, body).status_code == 403
        assert enroll(tmp_path, "--name", "New", "--key", str(tmp_path / "k.pem")).returncode == 0
        assert server.put(report.report_id, body).status_code == 201


@pytest.mark.whole
def test_a_database_that_enrolment_made_is_named(tmp_path: Path) -> None:
    """Whose server reads another one would look for the station there in vain."""
    made = ("enroll", "--name", "S", "--database", str(tmp_path / "reprise.db"), "--out")
    said = [reprise(*made, str(tmp_path / f"s{n}")).stderr for n in (1, 2)]
    assert f"The database {tmp_path / 'reprise.db'} was not there, and was made" in said[0]
    assert "was made" not in said[1]
    with serving(tmp_path / "reprise.db") as server:
        assert f"Database: {tmp_path / 'reprise.db'}" in server.log.read_text()


@pytest.mark.whole
def test_two_enrolments_at_once(tmp_path: Path) -> None:
    """Both make the database, too: neither finds it half made."""
    argv = [*REPRISE, "enroll", "--database", str(tmp_path / "reprise.db"), "--name", "S", "--out"]
    both = [subprocess.Popen([*argv, str(tmp_path / f"stick{n}")]) for n in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert enroll(tmp_path, "--list").stdout.count("\n") == 2


@pytest.mark.parametrize("words", [("--list",), ("--revoke", "kid")])
@pytest.mark.parametrize("kind", ["{}", "sqlite:///{}"])
def test_a_mistyped_database_is_not_made(tmp_path: Path, words: tuple[str, ...], kind: str) -> None:
    typo = tmp_path / "typo.db"
    done = reprise("enroll", "--database", kind.format(typo), *words)
    fails(done, 2, f"“{typo}” does not exist", "--database")
    assert list(tmp_path.iterdir()) == []
