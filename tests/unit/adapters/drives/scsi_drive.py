"""An emulated SCSI drive behind passthrough.sgio.ScsiAccess, asked for its capabilities."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from lab.scsi.config import ScsiConfig
from lab.scsi.drive import ScsiDevice
from reprise.adapters.drives.capabilities.scsi import read_scsi
from reprise.adapters.drives.passthrough.sgio import ScsiAnswer
from reprise.domain.drives.capabilities import ScsiCapabilities


def device(node: str = "/dev/sdz", number: str = "0:0", size_bytes: int = 0) -> Any:
    """As much of a BlockFile as is asked for."""
    return SimpleNamespace(node=node, number=number, size_bytes=size_bytes)


class Drive:
    """passthrough.sgio.ScsiAccess on an emulated drive. `change` makes another answer of an
    answer."""

    def __init__(
        self, change: Callable[[bytes, ScsiAnswer], ScsiAnswer] | None = None, **facts: Any
    ):
        self.now_s = 0.0
        config = ScsiConfig(sectors=2048, spare_sectors=8, **facts)
        self.model = ScsiDevice(config, clock=lambda: self.now_s)
        self.change = change or (lambda _cdb, given: given)
        self.cdbs: list[bytes] = []

    def send(
        self,
        device: object,
        cdb: bytes,
        *,
        data_in: int = 0,
        data_out: bytes = b"",
        timeout_ms: int = 0,
    ) -> ScsiAnswer:
        self.cdbs.append(cdb)
        said = self.model.handle(cdb, data_out, data_in)
        driver = 8 if said.sense else 0
        return self.change(cdb, ScsiAnswer(said.status, 0, driver, said.sense, said.data, 0, 0.0))


def ask(drive: Any) -> tuple[ScsiCapabilities | None, dict[str, str]]:
    evidence: dict[str, str] = {}
    return read_scsi(device(), evidence, drive), evidence
