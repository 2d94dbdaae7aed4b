"""The emulated ATA and Opal drives of tests/lab, and what the lab itself stands on, in a guest of
their own (see vm/lab_results.py)."""

from __future__ import annotations

from vm.lab_results import LabResults


class TestAta(LabResults):
    shard = "ata"
