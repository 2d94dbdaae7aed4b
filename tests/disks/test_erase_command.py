"""`reprise erase` and `reprise plan` as a person runs them, on real loop devices."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from disks.erase_command import SIZE, Bench
from disks.rig import MIB, lying_device, mounted, payload_of, tool
from reprise.adapters.storage.journal import read_journal
from reprise.codec import event_to_builtins
from reprise.domain.report.events import (
    AttemptStarted,
    Checkpoint,
    Observation,
    ObservationKind,
    VerifyStarted,
)
from station_kit.places import TOP


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("reprise: ")
    assert done.stdout == ""
    return lines[0]


def test_a_drive_is_erased_verified_and_reported(bench: Bench) -> None:
    done = bench.erase("--report-dir", str(bench.reports), "--operator", "Zoé")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.strip().splitlines()) == 1
    assert "Erased and verified" in done.stdout
    assert "writing, 100 %" in done.stderr
    assert "reading back, 100 %" in done.stderr
    assert b"SECRET" not in bench.file.read_bytes()
    (jws,) = bench.reports.glob("*.jws")
    assert str(jws) in done.stdout
    report = payload_of(jws)
    assert report["report_id"] == jws.stem
    assert report["operator"]["name"] == "Zoé"
    record = next(d for d in report["drives"] if d["identity"]["serial"] == str(bench.file))
    assert record["state"] == "sanitized"
    (attempt,) = record["attempts"]
    assert attempt["verified_bytes"] == SIZE
    key = str(bench.data / "station.pub.pem")
    assert bench.reprise("report", "verify", str(jws), "--key", key).returncode == 0


def test_a_journal_that_cannot_be_read_is_told(bench: Bench) -> None:
    folder = bench.data / "journal"
    folder.mkdir(parents=True)
    (folder / "large.jsonl").touch()
    os.truncate(folder / "large.jsonl", 200 << 20)
    done = bench.erase("--operator", "Zoé")
    assert done.returncode == 0, done.stderr
    assert "reprise: the journal of session large cannot be read." in done.stderr


def test_a_wrong_serial_is_refused(bench: Bench) -> None:
    done = bench.erase(confirm="WD-123")
    assert done.returncode == 3
    assert "WD-123" in one_line(done)
    assert bench.untouched()


def test_a_missing_drive_is_bad_input(bench: Bench) -> None:
    done = bench.reprise("erase", "--drive", "/dev/nonexistent", "--confirm", "x")
    assert done.returncode == 2
    assert "/dev/nonexistent" in one_line(done)


def test_a_regular_file_is_no_drive(bench: Bench) -> None:
    done = bench.reprise("erase", "--drive", str(bench.file), "--confirm", str(bench.file))
    assert done.returncode == 2
    one_line(done)
    assert bench.untouched()


@pytest.mark.parametrize("where", ["/proc/nowhere", "file"])
def test_an_unwritable_report_folder_is_found_before_erasing(bench: Bench, where: str) -> None:
    path = Path(where) if where.startswith("/") else bench.file / "below-a-file"
    done = bench.erase("--report-dir", str(path))
    assert done.returncode == 2
    assert "Nothing was erased" in one_line(done)
    assert bench.untouched()


def test_a_full_report_folder_is_found_before_erasing(bench: Bench, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    tool("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small))
    try:
        done = bench.erase("--report-dir", str(small))
    finally:
        tool("umount", "--lazy", str(small))
    assert done.returncode == 2
    assert "Nothing was erased" in one_line(done)
    assert bench.untouched()


def test_a_mounted_drive_is_refused(bench: Bench, tmp_path: Path) -> None:
    tool("mkfs.ext4", "-q", "-F", bench.node)
    with mounted(bench.node, tmp_path / "mnt") as where:
        done = bench.erase()
    assert done.returncode == 3
    assert str(where) in one_line(done)


def test_a_technique_the_drive_lacks_is_refused(bench: Bench) -> None:
    done = bench.erase("--technique", "nvme-format-user-data-erase")
    assert done.returncode == 3
    one_line(done)
    assert bench.untouched()


def test_usage_is_told(bench: Bench) -> None:
    assert bench.reprise("erase", "--drive", bench.node).returncode == 2
    assert bench.erase("--technique", "magic").returncode == 2
    assert bench.erase("--verify", "half").returncode == 2
    assert bench.untouched()


def test_a_garbled_policy_stops_it_before_erasing(bench: Bench, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (config / "policy.toml").write_text('verfy = "full"\n')
    done = bench.reprise(
        *("--config", str(config), "erase", "--drive", bench.node, "--confirm", str(bench.file))
    )
    assert done.returncode == 2
    line = one_line(done)
    assert "policy.toml, line 1" in line
    assert "verify" in line
    assert bench.untouched()


def test_a_sample_is_said_to_be_one(bench: Bench) -> None:
    done = bench.erase("--verify", "sample", "--report-dir", str(bench.reports))
    assert done.returncode == 0
    (jws,) = bench.reports.glob("*.jws")
    record = payload_of(jws)["drives"][-1]
    assert "read-back-sampled" in record["limitations"]


def test_a_failing_drive_gives_exit_code_4_and_a_report(bench: Bench, liar_folder: Path) -> None:
    with lying_device(liar_folder, 8 * MIB, drop=[[MIB, MIB + 512]]) as liar:
        serial = str(liar_folder / "liar/disk")
        done = bench.reprise(
            *("erase", "--drive", liar.node, "--confirm", serial),
            *("--report-dir", str(bench.reports)),
        )
    assert done.returncode == 4, done.stderr
    assert "Erasure failed" in done.stdout
    (jws,) = bench.reports.glob("*.jws")
    assert payload_of(jws)["drives"][-1]["state"] == "failed"


def stop_when(bench: Bench, words: tuple[str, ...], due: Callable[[], bool]) -> None:
    """Run the command and send it SIGTERM as soon as something is written and `due` says so."""
    argv = bench.argv(*words, "--report-dir", str(bench.reports))
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert any(re.match("writing, ", line) for line in process.stderr)
    until = time.monotonic() + 60
    while not due():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    out, _err = process.communicate(timeout=300)
    assert not bench.journalled(VerifyStarted)  # it stopped in the pass that it was in
    assert process.returncode == 130
    assert "Interrupted" in out
    (jws,) = bench.reports.glob("*.jws")
    assert payload_of(jws)["drives"][-1]["state"] == "interrupted"


def saw_errors(bench: Bench) -> None:
    """The session's journal, as if a write had failed too."""
    (journal,) = bench.data.glob("journal/*.jsonl")
    last = read_journal(journal.read_bytes()).events[-1]
    (began,) = bench.journalled(AttemptStarted)
    seen = Observation(began.drive, ObservationKind.WRITE_ERRORS)
    line = event_to_builtins(replace(last, seq=last.seq + 1, event=seen))
    with journal.open("a") as end:
        end.write(json.dumps(line) + "\n")


@pytest.mark.parametrize("checkpoint", [True, False])
def test_stopped_by_a_signal_then_resumed(
    bench: Bench, liar_folder: Path, *, checkpoint: bool
) -> None:
    # so slow that a pass takes far longer than this machine may need to hear a signal
    with lying_device(liar_folder, 160 * MIB, delay_s=0.02) as liar:
        serial = str(liar_folder / "liar/disk")
        words = ("erase", "--drive", liar.node, "--confirm", serial)
        stop_when(bench, words, lambda: not checkpoint or bool(bench.journalled(Checkpoint)))
        safe = [event.done_bytes for event in bench.journalled(Checkpoint)]
        assert bool(safe) == checkpoint

        saw_errors(bench)
        liar.set(delay_s=0)
        again = bench.reprise(*words, "--resume")
        assert again.returncode == 0, again.stderr
        assert "Erased and verified" in again.stdout
        resumed = {event.resumed_from_bytes for event in bench.journalled(AttemptStarted)}
        assert resumed == {0, *safe[-1:]}
        known = {seen.kind for one in bench.journalled(AttemptStarted) for seen in one.earlier}
        assert known == ({ObservationKind.WRITE_ERRORS} if checkpoint else set())
        nothing_left = bench.reprise(*words, "--resume")
        assert nothing_left.returncode == 2
        assert "--resume" in one_line(nothing_left)


def test_the_plan_says_what_and_why_and_writes_nothing(bench: Bench) -> None:
    done = bench.reprise("plan", "--drive", bench.node)
    assert done.returncode == 0
    assert bench.node in done.stdout
    assert "1. " in done.stdout
    plan = json.loads(bench.reprise("plan", "--json", "--drive", bench.node).stdout)
    (drive,) = plan["drives"]
    assert drive["drive"]["serial"] == str(bench.file)
    assert drive["attempts"][0]["technique"] == "overwrite"
    whole = json.loads(bench.reprise("plan", "--json").stdout)
    assert bench.node not in [d["node"] for d in whole["drives"]]  # it must be named
    assert bench.reprise("plan", "--drive", "/dev/nonexistent").returncode == 2
    assert bench.untouched()


def test_nobody_but_root(bench: Bench) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to stop being root")
    command = [sys.executable, "-m", "reprise", "erase", "--drive", bench.node, "--confirm", "x"]
    # nobody by user namespace: unlike user=65534, it can still read a checkout below /root
    nobody = ["unshare", "--user"]
    if subprocess.run([*nobody, "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("this kernel gives no user namespace")
    done = subprocess.run(
        [*nobody, *command],
        capture_output=True,
        text=True,
        check=False,
        env={
            "PYTHONPATH": str(TOP / "app"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PATH": os.environ["PATH"],
        },
        cwd="/",
    )
    assert done.returncode == 3
    one_line(done)
