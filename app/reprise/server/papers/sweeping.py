"""Taking away papers that nobody asks for. All can be made again; originals are elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.db.models import Exists, OuterRef, Sum

from reprise.server.database import asking, delete_in_steps, writing
from reprise.server.files.opening import PAPERS, store
from reprise.server.papers import models

log = logging.getLogger("reprise.server")
_MOST_BYTES = 1 << 30
_UNUSED = timedelta(days=2)  # of one that a newer one has the place of; its use is known to a day
_YOUNG = timedelta(hours=1)  # of a file that is about to be named
_AT_ONCE = 500


def sweep(most_bytes: int = _MOST_BYTES) -> None:
    """Those in whose place a newer one came; and beyond so many bytes in all those that were used
    longest ago. Raises StoreError, StorageError."""
    before = datetime.now(UTC) - _UNUSED
    newer = models.Paper.objects.filter(
        report_id=OuterRef("report_id"),
        language=OuterRef("language"),
        made_at__gt=OuterRef("made_at"),
    )
    with writing():
        models.Paper.objects.filter(Exists(newer), used_at__lt=before).delete()
    while _is_too_much(most_bytes):
        oldest = models.Paper.objects.order_by("used_at", "name").values("pk")[:_AT_ONCE]
        with writing():
            models.Paper.objects.filter(pk__in=list(oldest.values_list("pk", flat=True))).delete()
    _take_away_unnamed()


def count_unused(_whose: int, before: datetime) -> int:
    return models.Paper.objects.filter(used_at__lt=before).count()


def forget_unused(_whose: int, before: datetime) -> None:
    """Those that nobody asked for since. Raises StorageError."""
    delete_in_steps(models.Paper.objects.filter(used_at__lt=before))


def _is_too_much(most_bytes: int) -> bool:
    with asking():
        held: int | None = models.Paper.objects.aggregate(all=Sum("size_bytes"))["all"]
    return (held or 0) > most_bytes


def _take_away_unnamed() -> None:
    """Files that no paper names: of those that were swept, and of processes that were killed."""
    before = datetime.now(UTC) - _YOUNG
    gone = 0
    old = (kept.name for kept in store().list(PAPERS) if kept.modified_at < before)
    while some := list(islice(old, _AT_ONCE)):
        for name in set(some) - _named(some):
            store().delete(PAPERS, name)
            gone += 1
    if gone:
        log.info("papers that nobody asks for any more: %d taken away", gone)


def _named(files: Sequence[str]) -> set[str]:
    with asking():
        named = models.Paper.objects.filter(sha256__in=files)
        return set(named.values_list("sha256", flat=True))
