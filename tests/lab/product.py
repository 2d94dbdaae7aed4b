"""The product as a technician's command line runs it, in this process (a new interpreter for each
case would take longer than the case)."""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lab import cases
from reprise.__main__ import main
from reprise.adapters.signing.jws import split_jws
from reprise.codec import from_json
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.report.events import ObservationKind
from reprise.domain.report.report import DriveRecord, Report

# policies
QUICKLY_STUCK = "sanitize_stuck_after_s = 10\n"
NO_WORD_TAKEN = 'not_accepted = ["relies-on-the-drives-own-word"]\n'


@dataclass
class Outcome:
    """`code`: exit code. `report` None: nothing was begun (wrong usage, refused before)."""

    code: int
    stdout: str
    stderr: str
    report: Report | None = None
    serial: str = ""

    @property
    def drive(self) -> DriveRecord:
        assert self.report is not None, f"no report: {self.code} {self.stdout} {self.stderr}"
        (drive,) = [
            one
            for one in self.report.drives
            if self.serial in (one.identity.serial, one.identity.wwn) and one.state != "detected"
        ]
        return drive

    @property
    def observed(self) -> set[ObservationKind]:
        """Of all attempts."""
        return {seen.kind for one in self.drive.attempts for seen in one.observations}

    def row(self, drive: str, trap: str) -> None:
        """Record this outcome in the table of cases. Call it after the assertions."""
        record = self.drive
        last = record.attempts[-1] if record.attempts else None
        told: list[str] = [r.code for r in record.refusals]
        told = told or (list(last.reasons) if last else [])
        if record.preparation is not None and record.preparation.done:
            told = [*record.preparation.done, *told]
        cases.record(
            drive=drive,
            technique=last.attempt.technique if last else "-",
            trap=trap,
            verdict=record.state,
            achieved=record.achieved,
            seen=", ".join(dict.fromkeys(str(one) for one in told)),
        )


def not_trusted(strict: Outcome, drive: str, trap: str) -> None:
    """`strict`: of a lie that no host can see, under NO_WORD_TAKEN."""
    assert strict.drive.state is DriveState.UNVERIFIED
    strict.row(drive, trap + cases.UNSEEN + cases.STRICTLY)


@dataclass
class Bench:
    """One state folder: journals and reports of one stick, across power cuts."""

    folder: Path
    policy: str = ""  # text of policy.toml
    extra: Sequence[str] = field(default_factory=tuple)

    def command(self, *words: str) -> list[str]:
        config = self.folder / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "policy.toml").write_text(self.policy, "utf-8")
        data = self.folder / "data"
        return ["--lang", "en", "--config", str(config), "--data", str(data), *words]

    def run(self, *words: str) -> Outcome:
        """Any command."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(self.command(*words))
        return Outcome(code, out.getvalue(), err.getvalue())

    def erase(
        self, node: Path | str, serial: str, technique: str | None = None, *words: str
    ) -> Outcome:
        """`reprise erase`. `technique` None: what the policy prefers."""
        reports = self.folder / "reports"
        before = set(reports.glob("*.jws"))
        argv = ["erase", "--drive", str(node), "--confirm", serial, "--report-dir", str(reports)]
        if technique is not None:
            argv += ["--technique", technique]
        done = self.run(*argv, *self.extra, *words)
        done.serial = serial
        fresh = set(reports.glob("*.jws")) - before
        if fresh:
            (path,) = fresh
            done.report = from_json(split_jws(path.read_bytes())[1], Report)
        return done


@contextlib.contextmanager
def bench(policy: str = "") -> Iterator[Bench]:
    folder = Path(tempfile.mkdtemp(prefix="reprise-lab-"))
    try:
        yield Bench(folder, policy)
    finally:
        shutil.rmtree(folder)


def erase(
    node: Path | str, serial: str, technique: str | None = None, *words: str, policy: str = ""
) -> Outcome:
    """One erase from a fresh state folder."""
    with bench(policy) as stick:
        return stick.erase(node, serial, technique, *words)
