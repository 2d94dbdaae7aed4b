"""The emulated SCSI drives of tests/lab, in a guest of their own (see vm/lab_results.py)."""

from __future__ import annotations

from vm.lab_results import LabResults


class TestScsi(LabResults):
    shard = "scsi"
