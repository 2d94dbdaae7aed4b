"""A log as a station writes it, with a line for each report that was sent. Copying is real: onto
the demonstration's own stick, which may have been pulled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from reprise.adapters.pc.log_folder import LogFolder
from reprise.domain.station.logs import LogPage
from reprise.ports import OutboxItem

_OURS = """\
systemd[1]: reprise-console.service: Deactivated
reprise[212]: /dev/sdb3: vfat, rw, flush
systemd[1]: reprise-station.service: active
reprise[318]: reprise-engine: /run/reprise/engine.sock
reprise[402]: reprise-uplink: reprise.example.org""".splitlines()
_KERNEL = """\
kernel: Linux version 6.12.48+deb13-amd64 (debian-kernel@lists.debian.org)
kernel: Command line: boot=live components quiet toram reprise.install.password=***
kernel: x86/cpu: SGX disabled by BIOS.
kernel: ata1: SATA link up 6.0 Gbps (SStatus 133 SControl 300)
kernel: ata1.00: ATA-9, max UDMA/133
kernel: nvme nvme0: pci function 0000:03:00.0
kernel: nvme nvme0: 8/0/0 default/read/poll queues
kernel: usb-storage 2-3:1.0: USB Mass Storage device
systemd[1]: NetworkManager.service: active
kernel: iwlwifi 0000:02:00.0: Direct firmware load for iwlwifi-7265D-29.ucode failed""".splitlines()
LINES = (*_KERNEL, *_OURS)  # of the kernel first, as they come at a start


class PlayedLogs:
    """ports.sheets.logs.Logs. `began`: when the station started, in its zone, as all its lines."""

    def __init__(
        self, folder: LogFolder, reports: Callable[[], Sequence[OutboxItem]], began: datetime
    ) -> None:
        self._folder, self._reports, self._began = folder, reports, began

    def read(self, after: str = "", *, everything: bool = False) -> LogPage:
        lines = self._lines(everything=everything)
        return LogPage(tuple(lines[int(after or 0) :]), str(len(lines)))

    def copy(self) -> str:
        files = {"facts.txt": "DEMO\n"}
        for name, everything in (("reprise.txt", False), ("journal.txt", True)):
            files[name] = "\n".join(self._lines(everything=everything)) + "\n"
        return self._folder.put({name: text.encode() for name, text in files.items()})

    def _lines(self, *, everything: bool) -> list[str]:
        first = LINES if everything else _OURS
        return [
            *(self._line(self._began + timedelta(seconds=n), text) for n, text in enumerate(first)),
            *(self._sent(item) for item in self._reports() if item.state == "sent"),
        ]

    def _sent(self, item: OutboxItem) -> str:
        return self._line(
            datetime.fromisoformat(item.detail), f"reprise[402]: {item.report_id}: 201"
        )

    def _line(self, at: datetime, text: str) -> str:
        """As journalctl: local time, in C's names."""
        return f"{at.astimezone(self._began.tzinfo):%b %d %H:%M:%S} {text}"
