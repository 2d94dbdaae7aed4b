"""The processor's word and a measurement decide which stream is written, and no person."""

from __future__ import annotations

import inspect
import itertools
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reprise.adapters.drives.surface import fastest
from reprise.adapters.drives.surface.fastest import FastestStream, chosen, measured
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.erasure.pattern import Stream
from reprise.tools.proc import has_aes

AES, CHACHA = Stream.AES_256_CTR, Stream.CHACHA20
# Core 2 Duo P8600, Core i5-2520M: of /proc/cpuinfo
CORE2 = "processor\t: 0\nmodel name\t: Core 2\nflags\t\t: fpu sse2 ssse3 cx16 sse4_1 lahf_lm\n"
SANDY = "processor\t: 0\nmodel name\t: Core i5\nflags\t\t: fpu sse2 ssse3 sse4_2 aes xsave avx\n"
ARM = "processor\t: 0\nFeatures\t: fp asimd aes pmull sha1\n"


@pytest.mark.parametrize(
    ("text", "has"),
    [
        (CORE2, False),
        (SANDY, True),
        (ARM, True),
        ("flags\t: fpu vaes aesni\n", False),  # whole words
        ("model name\t: aes\n", False),
        ("", False),
    ],
)
def test_the_processor_s_word(text: str, has: bool) -> None:
    assert has_aes(text) is has


@pytest.mark.parametrize(
    ("aes", "rates", "expected"),
    [
        (True, (8300, 4960), AES),  # measured on a Xeon of 2023
        (True, (361, 1272), CHACHA),  # the same, OpenSSL told to know of no AES instructions
        (False, (361, 1272), CHACHA),
        (False, (97, 591), CHACHA),
        (True, (1000, 1400), AES),  # a busy moment does not decide
        (False, (1400, 1000), CHACHA),
        (False, (1600, 1000), AES),  # a processor that does it elsewhere (VIA PadLock)
        (True, (0, 0), AES),  # nothing was measured: its word
        (False, (0, 0), CHACHA),
    ],
)
def test_the_word_stands_unless_it_is_contradicted(
    aes: bool, rates: tuple[int, int], expected: Stream
) -> None:
    assert chosen(aes=aes, rates=dict(zip((AES, CHACHA), rates, strict=True))) is expected


def test_the_measurement_makes_both_and_ends_in_time() -> None:
    ticks = itertools.count()
    rates = measured(0.1, lambda: next(ticks) * 0.001)
    assert set(rates) == {AES, CHACHA} and all(rate > 0 for rate in rates.values())
    assert next(ticks) < 200, "a tenth of a second by that clock"


def test_it_is_measured_by_the_time_that_the_processor_spent_on_it() -> None:
    """A PC that is busy, or another thread that holds the interpreter, makes neither slower."""
    clock = inspect.signature(measured).parameters["now"].default
    before = clock()
    time.sleep(0.2)
    assert clock() - before < 0.1


def test_a_clock_that_stands_still_for_a_turn_breaks_nothing() -> None:
    at = iter([*[0.0] * 8, *[1.0] * 8])
    assert all(rate > 0 for rate in measured(0.1, lambda: next(at)).values())


def test_a_word_that_is_contradicted_is_looked_into_for_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a moment said against it is no more than a reason to look again."""
    (tmp_path / "cpuinfo").write_text(SANDY)
    asked: list[float] = []

    def busy_at_first(for_s: float) -> dict[Stream, float]:
        asked.append(for_s)
        return {AES: 100.0, CHACHA: 90.0 if for_s == 0.1 else 900.0}

    monkeypatch.setattr(fastest, "measured", busy_at_first)
    assert FastestStream(Roots(proc=tmp_path))() is AES
    assert asked == [0.01, 0.1]


@pytest.mark.parametrize(("text", "expected"), [(CORE2, CHACHA), (SANDY, AES), (None, CHACHA)])
def test_it_is_found_out_once_by_all_drives(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str | None,
    expected: Stream,
) -> None:
    if text is not None:
        (tmp_path / "cpuinfo").write_text(text)
    asked: list[int] = []

    def even(_for_s: float) -> dict[Stream, float]:
        asked.append(1)
        time.sleep(0.05)  # so that all drives ask meanwhile
        return dict.fromkeys(Stream, 1.0)

    monkeypatch.setattr(fastest, "measured", even)
    choice = FastestStream(Roots(proc=tmp_path))
    found: list[Stream] = []
    ask: Callable[[], None] = lambda: found.append(choice())  # noqa: E731
    drives = [threading.Thread(target=ask) for _drive in range(12)]
    for one in drives:
        one.start()
    for one in drives:
        one.join()
    assert found == [expected] * 12
    assert len(asked) == 1
