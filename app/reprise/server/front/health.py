"""How the server is: whether the front lives and its database answers, and whether it is ready for
work: the database takes writes, and pages are made."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from reprise.errors import StorageError
from reprise.i18n import _
from reprise.server.database import database_bytes
from reprise.server.files.opening import PAPERS, store
from reprise.server.front.intake import Intake, in_thread
from reprise.server.front.pages import Pages
from reprise.server.front.replies import Reply, problem_reply
from reprise.server.problems import Problem, ProblemError, ProblemKind

log = logging.getLogger("reprise.server")
_WAIT_S = 0.8  # who asks waits for a second
_KNOWN_S = 1.0  # for which a look at all of it is good: anybody may ask
_PAPERS_S = 10.0  # for which a look at the papers' folder is good (it writes), and may take
_WELL = Reply(200, b'{"status":"ok"}', {"Content-Type": "application/json"})
Missing = tuple[str, ...]


class Health:
    """To be made in the event loop that asks."""

    def __init__(self, intake: Intake, pages: Pages) -> None:
        self._intake, self._pages = intake, pages
        # a thread of its own: those of the intake may wait
        self._thread = ThreadPoolExecutor(1, "health")
        self._papers = ThreadPoolExecutor(1, "health of papers")  # a network's folder may hang
        self._look: asyncio.Task[Missing] | None = None
        self._looked_at = 0.0
        self._papers_look: asyncio.Task[None] | None = None
        self._papers_asked_at = self._papers_told_at = 0.0
        self._papers_kept = True  # as the last look said

    async def alive(self) -> Reply:
        try:
            async with asyncio.timeout(_WAIT_S):
                await in_thread(self._thread, self._intake.check)
        except (TimeoutError, StorageError) as error:
            log.warning("health: the database does not answer (%s)", type(error).__name__)
            return problem_reply(Problem(ProblemKind.STORAGE))
        return _WELL

    async def ready(self) -> Reply:
        """One look serves all who ask within a second."""
        now = asyncio.get_running_loop().time()
        if self._look is None or (self._look.done() and now - self._looked_at > _KNOWN_S):
            self._look, self._looked_at = asyncio.create_task(self._missing()), now
        missing = await asyncio.shield(self._look)
        if not missing:
            return _WELL
        words = {
            "database": _("The database takes no reports at this moment."),
            "pages": _("No page is made at this moment."),
            "papers": _("No certificate can be made: the folder of the papers cannot be written."),
        }
        because = " ".join(words[one] for one in missing)
        return problem_reply(Problem(ProblemKind.NOT_READY, because))

    async def _missing(self) -> Missing:
        there = await asyncio.gather(self._writes(), self._makes_pages(), self._keeps_papers())
        names = ("database", "pages", "papers")
        missing = tuple(name for name, is_there in zip(names, there, strict=True) if not is_there)
        if missing:
            log.warning("not ready: %s", ", ".join(missing))
        return missing

    async def _writes(self) -> bool:
        try:
            async with asyncio.timeout(_WAIT_S):
                await self._intake.try_to_write()
        except (TimeoutError, StorageError, ProblemError):
            return False
        return True

    async def _makes_pages(self) -> bool:
        try:
            async with asyncio.timeout(_WAIT_S):
                return await self._pages.answers()
        except TimeoutError:
            return False

    async def _keeps_papers(self) -> bool:
        """A disk may be slow: a look counts whenever it ends. Until then what the last one said
        does, for a while."""
        now = asyncio.get_running_loop().time()
        good_for_s = _PAPERS_S if self._papers_kept else _KNOWN_S
        look = self._papers_look
        if look is None or (look.done() and now - self._papers_told_at > good_for_s):
            look = self._papers_look = asyncio.create_task(self._ask_papers())
            self._papers_asked_at = now
        await asyncio.wait({look}, timeout=_WAIT_S)
        hangs = not look.done() and now - self._papers_asked_at >= _PAPERS_S
        return self._papers_kept and not hangs

    async def _ask_papers(self) -> None:
        try:
            await in_thread(self._papers, store().try_to_write, PAPERS)
            self._papers_kept = True
        except Exception as error:  # noqa: BLE001 - whatever it is, no paper is kept
            log.warning("health: papers: %s", type(error).__name__)
            self._papers_kept = False
        self._papers_told_at = asyncio.get_running_loop().time()

    async def database_bytes(self) -> float:
        """NaN where it does not answer."""
        try:
            async with asyncio.timeout(_WAIT_S):
                return await in_thread(self._thread, database_bytes)
        except (TimeoutError, StorageError):
            return float("nan")
