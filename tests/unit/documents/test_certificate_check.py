"""How a stranger checks an overwritten drive stands on its certificate, and on no other one."""

from __future__ import annotations

from functools import partial

import pytest

from reprise.domain.erasure.pattern import Stream
from reprise.domain.planning.techniques import Technique, Verdict
from reprise.domain.report.report import AttemptRecord
from unit.documents.certificate_kit import HDD, lines, of
from unit.domain.pc import samples

SIZE = HDD.identity.size_bytes


ATTEMPT = partial(samples.attempt, HDD)


def told(attempt: AttemptRecord) -> list[str]:
    return lines(of(samples.drive_record(HDD, attempt)))


@pytest.mark.parametrize(
    ("stream", "name", "cipher", "iv"),
    [
        (Stream.AES_256_CTR, "AES-256-CTR", "aes-256-ctr", "b5b1a0f40d9b4f0e" + "0" * 16),
        (Stream.CHACHA20, "ChaCha20 (RFC 8439)", "chacha20", "0" * 16 + "b5b1a0f40d9b4f0e"),
    ],
)
def test_the_command_that_makes_the_stream_again_is_printed(
    stream: Stream, name: str, cipher: str, iv: str
) -> None:
    printed = (
        f"head -c {SIZE} /dev/zero |",
        f"openssl enc -{cipher} -K {'1f' * 32} \\",
        f"-iv {iv} |",
        "cmp - /dev/sdX",
    )
    found = told(ATTEMPT(stream=stream))
    at = next(number for number, one in enumerate(found) if one.startswith("head -c"))
    assert found[at] == "".join(printed), "line breaks are no text here"
    assert found[at - 1].startswith(f"What this attempt wrote is {name};")


@pytest.mark.parametrize(
    "attempt",
    [
        ATTEMPT(technique=Technique.ATA_SECURITY_ERASE, job_key="1f" * 32),
        ATTEMPT(job_key=""),
        ATTEMPT(None, written_bytes=0, interrupted="unplugged"),
        ATTEMPT(Verdict.FAILED, written_bytes=0, reasons=("identity-changed",)),
        ATTEMPT(None, written_bytes=SIZE - 512, interrupted="operator"),
        # what somebody else wrote gets into no line for a shell
        ATTEMPT(job_id="job; reboot"),
        ATTEMPT(job_key="$(reboot)"),
        ATTEMPT(job_key="1f"),
    ],
)
def test_no_command_stands_where_nothing_could_be_checked(attempt: AttemptRecord) -> None:
    found = told(attempt)
    assert not any("openssl enc" in one or "attempt wrote" in one for one in found)
    assert not any("reboot" in one for one in found)


def test_it_stands_under_the_last_attempt_only() -> None:
    """What an earlier one wrote is not what the drive holds."""
    first = samples.attempt(HDD, Verdict.FAILED, job_key="2e" * 32)
    found = lines(of(samples.drive_record(HDD, first, samples.attempt(HDD))))
    keys = [one.partition(" -K ")[2][:64] for one in found if one.startswith("head -c")]
    assert keys == ["1f" * 32]


def test_of_a_drive_that_failed_it_says_what_was_written_and_no_more() -> None:
    found = told(ATTEMPT(Verdict.FAILED, reasons=("read-back-differs",)))
    assert any(one.startswith("What this attempt wrote is AES-256-CTR;") for one in found)
    assert not any("overwritten" in one for one in found)
