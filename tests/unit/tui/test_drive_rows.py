"""Drives under way: each column has its place, and nothing leaves the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from reprise import i18n, wording
from reprise.domain.erasure.progress import Progress
from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.report import events as ev
from reprise.sentences.drives import detail
from reprise.sentences.time_left import figures
from reprise.sentences.working import sum_text, worst_first
from reprise.tui.drawing import drive_rows
from reprise.tui.drawing.glyphs import ALLOWED
from reprise.workflow.session.drive_view import DriveView, looked_at
from unit.domain.drives.drives import drive
from unit.workflow.session.test_drive_view import BEGIN, went

WIDTHS = [75, 115, 155]  # of a row at 80, 120 and 160 columns
PHASES = ["write", "sanitize", "canaries", "verify", "cooling"]


def many(count: int) -> list[DriveView]:
    """With names and serial numbers as long as they get."""
    return [
        looked_at(
            drive(
                identity=DriveIdentity(
                    model="SAMSUNG MZVLB512HBJQ-000L7 with a long name",
                    serial=f"WD-WCC4E0123456789-{n:02d}",
                    wwn=None,
                    size_bytes=512_110_190_592,
                ),
                node=f"/dev/nvme{n}n1",
            )
        )
        for n in range(count)
    ]


def ticks(views: Sequence[DriveView]) -> dict[str, Progress]:
    return {
        view.key: Progress(
            view.key,
            PHASES[n % len(PHASES)],
            10**9 * (n + 1),
            10**11,
            1.27e8,
            left_s=360_000.0 + n,
            temperature_c=47,
        )
        for n, view in enumerate(views)
    }


def row_of(_tick: Progress, width: int) -> str:
    return "▅" * width


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_row_a_drive_and_no_wider_than_the_screen(language: str, width: int) -> None:
    i18n.set_language(language)
    views = many(12)
    rows = [one.plain for one in drive_rows.table(views, ticks(views), row_of, width)]
    assert len(rows) == 12
    assert max(map(len, rows)) <= width
    assert len({row.index("%") for row in rows}) == 1, "each column has its place"
    assert len({row.index("░") - row.count("█") for row in rows}) <= 2, "bars begin in one place"
    assert all(f"{n:02d}" in row for n, row in enumerate(rows)), "the serial's end tells them apart"
    assert all("47 °C" in row for row in rows)
    assert set("".join(rows)) <= ALLOWED


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("phase", ["sanitize", "security-erase", "canaries", "suspend", "write"])
def test_a_card_stays_on_its_rows(language: str, width: int, phase: str) -> None:
    i18n.set_language(language)
    view = many(1)[0]
    tick = replace(ticks([view])[view.key], phase=phase)
    rows = [one.plain for one in drive_rows.card(tick, "▅" * 40, width, wording.code(phase))]
    rows.append(drive_rows.title(view, width).plain)
    assert max(map(len, rows)) <= width
    assert rows[-1].endswith("WD-WCC4E0123456789-00")


def test_the_sum_counts_each_end_and_trouble_is_named_first() -> None:
    i18n.set_language("fr")
    broken = went(BEGIN, ev.DriveInterrupted(BEGIN.drive, BEGIN.job_id, "unplugged", 0))
    views = [*many(11), broken]
    assert sum_text(views) == "12 disques\u00a0: 11 en cours, 1 interrompu"
    assert worst_first(views)[0] is broken
    assert worst_first(views)[1:] == views[:11], "the others keep their order"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_why_a_drive_ended_is_told_whole_while_rows_are_free(language: str, width: int) -> None:
    i18n.set_language(language)
    broken = went(BEGIN, ev.DriveInterrupted(BEGIN.drive, BEGIN.job_id, "unplugged", 0))
    views = [broken, *many(5)]

    def told(height: int) -> list[str]:
        table = drive_rows.table(views, ticks(views[1:]), row_of, width, height=height)
        return [one.plain for one in table]

    assert len(told(6)) == 6
    assert max(map(len, told(20))) <= width
    words = " ".join(" ".join(told(20)).split())
    assert " ".join(detail(broken).split()) in words


@pytest.mark.parametrize(
    ("left_s", "text"),
    [
        *((0.2, "1 min"), (60, "1 min"), (61, "2 min"), (3540, "59 min")),
        *((3599, "1h00"), (6420, "1h47"), (90_000, "25h00")),
    ],
)
def test_figures_for_the_door_are_never_too_early(left_s: float, text: str) -> None:
    assert figures(left_s) == text
