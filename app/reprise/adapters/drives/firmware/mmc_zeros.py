"""The areas of an eMMC beside the user area, under an overwrite: what is not blank is written with
zeros where the kernel lets it, and read back."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.mmc import card_folder
from reprise.adapters.drives.firmware.calls import errno_name
from reprise.adapters.drives.firmware.mmc_areas import OtherAreas, find_areas
from reprise.adapters.drives.firmware.mmc_session import Failure
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.pipeline import background, pipeline
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.rescue import BadSpan, Rescue, TooManyBadSectorsError
from reprise.adapters.drives.surface.watching import Watch
from reprise.adapters.hardware.sysfs import Roots, read_text
from reprise.domain.erasure.pattern import Span, chunks
from reprise.domain.pc.hardware import Transport
from reprise.domain.report.events import ObservationKind, Update
from reprise.ports import Job, StopFlag

_BAD_LIMIT = 16  # see mmc_areas


class Zeros:
    """Implements mmc_areas.AreaEraser."""

    def __init__(self, stop: StopFlag, watch: Watch, meter: Meter) -> None:
        """`meter`: of the user area, at its end."""
        self._stop, self._watch, self._meter = stop, watch, meter

    def beat(self, *, moved: bool) -> Iterator[Update]:
        """Raises Stopped, HungError."""
        if moved:
            yield from self._watch.moved(0, 0)
        else:
            yield from self._watch.waiting(self._meter)

    def erase_area(self, device: BlockFile, name: str) -> Generator[Update, None, Failure | None]:
        """See AreaEraser. Raises Stopped, HungError, DriveGoneError."""
        self._watch.begin(f"write {name}")
        try:
            lost = yield from self._write(device)
            self._watch.begin(f"flush {name}")
            for _tick in background(device.flush):
                yield from self._watch.waiting(self._meter)
        except TooManyBadSectorsError:
            lost = device.size_bytes
        except OSError as error:
            device.check_there(error)
            return Failure(ObservationKind.FLUSH_FAILED, {"errno": errno_name(error)})
        finally:
            self._watch.begin("read")
        return Failure(ObservationKind.WRITE_ERRORS, {"unwritten_bytes": lost}) if lost else None

    def _write(self, device: BlockFile) -> Generator[Update, None, int]:
        """How many bytes could not be written."""
        rescue = Rescue(device, self._stop, _BAD_LIMIT)

        def work(span: Span, buffer: memoryview) -> tuple[BadSpan, ...]:
            # fresh memory, which nobody but us writes to: zeros
            return rescue.transfer(
                span, lambda part: device.write_from(part.offset, buffer[: part.length])
            )

        lost = 0
        with closing(pipeline(chunks(0, device.size_bytes, CHUNK_BYTES), work)) as written:
            for bad in written:
                yield from self.beat(moved=bad is not None)
                lost += sum(bad_span.span.length for bad_span in bad or ())
        return lost


def zero_other_areas(
    device: BlockFile, job: Job, roots: Roots, *, record: Record, stop: StopFlag, watch: Watch
) -> Iterator[Update]:
    """All areas of the card that `device` is the user area of; nothing for what is no eMMC."""
    areas = find_areas(device, roots)
    expected = _expected(device, job, roots)
    if not areas and expected == 0:
        return
    eraser = Zeros(stop, watch, Meter(record.drive, "verify", record.required_bytes))
    others = OtherAreas(areas, eraser, record, stop)
    watch.begin("read")
    yield from others.erase(expected)
    yield from others.look()


def _expected(device: BlockFile, job: Job, roots: Roots) -> int | None:
    """How many areas the card should have beside the user area; None: nobody could tell."""
    kind = read_text(card_folder(device, roots) / "type")
    if kind != "MMC" and (job.drive.transport is not Transport.MMC or kind == "SD"):
        return 0
    told = job.capabilities.mmc if job.capabilities else None
    if told is None or told.boot_areas is None:
        return None
    return told.boot_areas + (told.general_purpose_areas or 0)
