"""What a report may tell otherwise, word for word, without another word on its drives, and why. A
place that is not here changes what the PC comes to; `test_liars.py` holds that of both."""

from __future__ import annotations

from collections.abc import Mapping

_WHEN = "when it was: doubted where it cannot be (plausibility.py), no proof and no disproof"
_BESIDE = "told beside the verdict, and never for it"
_HOW = "how it went; what was seen of it counts, see observations"
_PC = "what the PC is"
_LOOK = "what the drive was like before"
_WHO = "who works where on what"
_YES = "who agreed to which plan: an erasure is one whoever wanted it"
_POSSIBLE = "what the drive could do; what it did is told by what was seen"
_LATER = "what was done with the PC besides"
_AMOUNT = "in detail what was seen; its kind counts"

HARMLESS: Mapping[str, str] = {
    "clock*": _WHEN,
    "confirmed_*": _YES,
    "plan_digest": _YES,
    "drives.*.attempts.*.attempt.expected_s": _WHEN,
    "drives.*.attempts.*.attempt.limitations*": _BESIDE,
    "drives.*.attempts.*.commands*": _HOW,
    "drives.*.attempts.*.duration_s": _WHEN,
    "drives.*.attempts.*.job_*": "for a stranger who reads the drive again",
    "drives.*.attempts.*.observations.*.detail*": _AMOUNT,
    "drives.*.attempts.*.reasons*": "follow from what was seen (judged_again.py)",
    "drives.*.attempts.*.resumed_from_bytes": "asks for a full read-back; here all was read",
    "drives.*.attempts.*.started_*": _WHEN,
    "drives.*.attempts.*.stream": "for a stranger who reads the drive again",
    "drives.*.attempts.*.verify_s": _WHEN,
    "drives.*.attempts.*.write_s": _WHEN,
    "drives.*.limitations*": _BESIDE,
    "drives.*.node": "where it stood: who it is tells its identity",
    "drives.*.preparation.commands*": _HOW,
    "drives.*.preparation.detail": _BESIDE,
    "drives.*.refusals.*.detail": _BESIDE,
    "impact*": _LATER,
    "install*": _LATER,
    "triage*": _LATER,
    "suspends*": _LATER,
    "inventory.batteries*": _PC,
    "inventory.displays*": _PC,
    "inventory.gpus*": _PC,
    "inventory.machine*": _PC,
    "inventory.memory*": _PC,
    "inventory.network*": _PC,
    "inventory.processor*": _PC,
    "inventory.remembered*": _PC,
    "inventory.schema": _PC,
    "inventory.tools*": _PC,
    "inventory.unknown*": _PC,
    "inventory.drives.*.boot*": _LOOK,
    "inventory.drives.*.logical_sector_bytes": _LOOK,
    "inventory.drives.*.node": "where it stood: who it is tells its identity",
    "inventory.drives.*.partition*": _LOOK,
    "inventory.drives.*.physical_sector_bytes": _LOOK,
    "inventory.drives.*.port": "inside or outside counts of what was not erased",
    "inventory.drives.*.r*": "read-only, removable, rotation: " + _LOOK,
    "inventory.drives.*.smart*": _LOOK,
    "inventory.drives.*.unknown*": _LOOK,
    "inventory.drives.*.uses*": _LOOK,
    "drives.*.attempts.*.attempt.not_accepted": "here none",
    "drives.*.attempts.*.earlier": "here none",
    "drives.*.attempts.*.medium_errors": "here none",
    "drives.*.preparation.left": "here none",
    "plan.drives.*.attempts.*.not_accepted": "here none",
    "inventory.unreached": "here none; see the test of what is added",
    "gone": "here none",
    "shortened": "here none",
    "stated": "here none",
    "vanished": "here none",
    "schema": "whoever reads reports refuses another (server/reports/decoding.py)",
    "journal_sha256": "for a stranger who has the journal",
    "left_of": "which of two reports counts: one_session.py",
    "operator*": _WHO,
    "report_id": _WHO,
    "session_id": _WHO,
    "station*": _WHO,
    "plan.drives.*.attempts.*.expected_s": _WHEN,
    "plan.drives.*.attempts.*.limitations*": _BESIDE,
    "plan.drives.*.capabilities.*": _POSSIBLE,
    "plan.drives.*.node": "where it stood: who it is tells its identity",
    "plan.drives.*.refusals*": "why it was not to be touched: it was erased all the same",
    "plan.drives.*.warnings*": _BESIDE,
    "plan.policy": _YES,
    "plan.schema": _YES,
    "plan.warnings": "here none; see the test of what is added",
}

# Of these places at least one other word takes "erased" away: one that loses that is a hole.
MATTERS = (
    *("drives", "drives.*.achieved", "drives.*.state", "drives.*.refusals.*.code"),
    *("drives.*.identity.serial", "drives.*.identity.size_bytes", "drives.*.identity.wwn"),
    *("drives.*.attempts", "drives.*.attempts.*.achieved", "drives.*.attempts.*.finished_at"),
    *("drives.*.attempts.*.verdict", "drives.*.attempts.*.verified_bytes"),
    *("drives.*.attempts.*.written_bytes", "drives.*.attempts.*.attempt.claims"),
    *("drives.*.attempts.*.attempt.minimum", "drives.*.attempts.*.attempt.technique"),
    *("drives.*.attempts.*.observations", "drives.*.attempts.*.observations.*.drive"),
    *("drives.*.attempts.*.observations.*.kind", "drives.*.preparation.done"),
    "drives.*.attempts.*.observations.*.detail.bytes",
    "drives.*.attempts.*.observations.*.detail.canaries",
    "drives.*.attempts.*.observations.*.detail.command",
    "drives.*.attempts.*.observations.*.detail.pattern",
    *("inventory.drives", "inventory.drives.*.identity.size_bytes", "inventory.drives.*.transport"),
    *("plan", "plan.drives", "plan.drives.*.drive.size_bytes", "plan.drives.*.drive.serial"),
    *("drives.*.attempts.*.attempt.verify", "plan.drives.*.attempts.*.verify"),
    *("plan.drives.*.attempts.*.claims", "plan.drives.*.attempts.*.minimum"),
    *("plan.drives.*.attempts.*.technique", "plan.drives.*.preparations"),
    "plan.drives.*.capabilities.ata.dco_sectors",
    "plan.drives.*.capabilities.ata.native_sectors",
    "plan.drives.*.capabilities.ata.security",
    "plan.drives.*.capabilities.ata.visible_bytes",
    "plan.drives.*.capabilities.mmc.user_bytes",
    "plan.drives.*.capabilities.own.size_bytes",
    "plan.drives.*.capabilities.scsi.sanitize_block",
)
