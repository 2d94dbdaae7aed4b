"""What comes before an erase, and what a PC may hide, as the technician reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from reprise import i18n
from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, Support
from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.erasure.preparing import DrivePrepared
from reprise.domain.planning.plan import RefusalCode
from reprise.domain.report.events import Update
from reprise.ports import PrepareJob, StopFlag
from station_kit.driver import SIZE_NAMES, SIZES, check_glyphs, check_not_clipped, station
from station_kit.machines import hdd, laptop
from station_kit.ports import FakeProbe, Kit

FROZEN_AND_HIDING = Capabilities(
    ata=AtaCapabilities(
        security_frozen=Support.YES,
        security_locked=Support.YES,
        visible_sectors=1000,
        native_sectors=2000,
        dco_sectors=3000,
    )
)


class _Locked:
    """ports.Preparer: of a drive with somebody else's password."""

    def run(self, job: PrepareJob, stop: StopFlag) -> Iterator[Update]:
        node, size = job.drive.node, job.drive.identity.size_bytes
        why = RefusalCode.SECURITY_LOCKED
        yield DrivePrepared(job.drive_key, (), job.steps, node, size, "rejected", why)


WORDS = {
    "fr": ("dégeler", "déverrouiller", "zone masquée (HPA)", "taille d'origine (DCO)", "AHCI"),
    "en": ("thaw it", "unlock it", "hidden area (HPA)", "full size (DCO)", "AHCI"),
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
async def test_what_comes_first_is_on_the_screen_before_the_confirmation(
    monkeypatch: pytest.MonkeyPatch, language: str, size: tuple[int, int]
) -> None:
    i18n.set_language(language)
    monkeypatch.setattr(FakeProbe, "probe_capabilities", lambda _self, _drive: FROZEN_AND_HIDING)
    hidden = (Unreached(UnreachedKind.REMAPPED, "0000:00:17.0"),)
    kit = Kit(replace(laptop(hdd()), unreached=hidden))
    kit.preparer = _Locked()
    async with station(kit, size) as tech:
        await tech.to_plan()
        await tech.press("f4")
        shown = tech.text()
        for _page in range(4):
            await tech.press("pagedown")
            await tech.pilot.pause(0.05)
            shown += tech.text()
        assert [word for word in WORDS[language] if word not in shown] == []
        await tech.confirm()
        await tech.until(lambda: tech.app.step == "done", "the end")
        ended = {"fr": "n'est pas le nôtre", "en": "not ours"}[language]
        await tech.see(ended, "AHCI")  # why this PC is not erased is said to the end
        await tech.press("f11")
        large = {"fr": "Ce PC contient peut-être un disque hors", "en": "This PC may hold a drive"}
        await tech.see(large[language])
        await tech.press("escape")
        await tech.see(ended)
        check_glyphs(tech)
        check_not_clipped(tech)
