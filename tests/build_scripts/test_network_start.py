"""What a station says that was started from the network."""

from __future__ import annotations

from pathlib import Path

from reprise import i18n
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.adapters.stick.keeper import StickKeeper
from reprise.domain.station.stick import StickReason, StickState, StickStatus
from reprise.sentences.engine import may_pull, where_reports_go
from reprise.workflow.session.services import StickLine


def test_what_the_initramfs_noted_is_told_apart_from_a_stick_that_was_pulled(
    tmp_path: Path,
) -> None:
    keeper = StickKeeper(SystemCommandRunner(), tmp_path, disks=())
    (tmp_path / "medium").write_text("network=http://10.0.0.1:8069/\n")
    assert keeper.prepare() == StickState(StickStatus.MEMORY, StickReason.NETWORK)


def test_the_line_says_where_reports_are_and_speaks_of_no_stick_to_pull() -> None:
    network = StickState(StickStatus.MEMORY, StickReason.NETWORK)
    line = StickLine("memory", may_pull=True, state=network)
    kept = StickLine("stick", may_pull=True, state=StickState(StickStatus.READY))
    with i18n.using("fr"):
        said = where_reports_go(line)
        assert said.startswith("Démarré par le réseau, sans clé Reprise. ")
        assert "en mémoire" in said
        assert len(said) < 160, "one line of the screen"
        assert may_pull(line) == ""
        assert may_pull(kept) != ""
