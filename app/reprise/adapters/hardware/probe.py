"""ports.DriveProbe on this machine. Reads hardware; never writes."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from reprise.adapters.drives.capabilities import read_capabilities
from reprise.adapters.hardware import glimpse, peripherals
from reprise.adapters.hardware.blocks import (
    drive_names,
    is_drive,
    is_loop,
    node_of,
    parent_drive,
)
from reprise.adapters.hardware.drives import ProbeContext, read_drive
from reprise.adapters.hardware.machine import read_machine
from reprise.adapters.hardware.raid import raid_members
from reprise.adapters.hardware.sysfs import Roots, read_text
from reprise.adapters.hardware.tree import Tree, read_tree
from reprise.adapters.hardware.udev import UdevLookup, udev_properties
from reprise.adapters.hardware.unreached import find_unreached, listed_on_ata
from reprise.adapters.hardware.uses import read_kernel_uses
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.drives.late import Storage, of_the_pc
from reprise.domain.drives.same_drive import same_drive
from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.pc.chassis import with_kind
from reprise.domain.pc.hardware import Drive, DriveIdentity, Inventory, Reason
from reprise.errors import InputError, ToolError
from reprise.i18n import _
from reprise.ports import CommandRunner
from reprise.tools import dmidecode, lsblk, nvme

_AT_ONCE = 16  # drives asked side by side; each waits for its own answers only
_LOOKS = 3  # at the list of drives, before what still comes up is told instead of asked


@dataclass(frozen=True, slots=True)
class _Storage:
    """`blind`: why blkinfo gave no tree of what is built on the drives."""

    drives: tuple[Drive, ...]
    unreached: tuple[Unreached, ...]
    blind: str | None


class SystemProbe:
    def __init__(
        self,
        runner: CommandRunner,
        roots: Roots | None = None,
        udev: UdevLookup = udev_properties,
        tree: Callable[[], Tree] = read_tree,
    ) -> None:
        self._runner = runner
        self._roots = roots or Roots()
        self._udev = udev
        self._tree = tree
        self._listed: dict[DriveIdentity, frozenset[str]] = {}  # at any look: see listed_on_ata

    def probe_inventory(self, known: Sequence[Drive] = (), /) -> Inventory:
        """Everything that can be read of this PC; a drive that hangs has its time-outs in
        `unknown` and holds nobody up."""
        facts = read_machine(self._roots, self._runner)
        storage = self._storage(self._shown(known))
        drives = storage.drives
        notes = dict(facts.unknown)
        notes |= raid_members(drives)
        if storage.blind:
            notes["tree"] = storage.blind
        gpus = tuple(peripherals.read_gpus(self._roots, self._udev))
        notes |= {f"gpus.{g.address}.model": Reason.NOT_REPORTED for g in gpus if not g.model}
        found = Inventory(
            machine=facts.machine,
            processor=facts.processor,
            memory=facts.memory,
            drives=drives,
            gpus=gpus,
            network=tuple(peripherals.read_network(self._roots, self._udev)),
            batteries=tuple(peripherals.read_batteries(self._roots)),
            displays=tuple(peripherals.read_displays(self._roots)),
            tools=self._versions(),
            unknown=notes,
            unreached=storage.unreached,
            remembered=facts.remembered,
        )
        return with_kind(found)

    def probe_drive(self, node: str) -> Drive:
        """One drive by any path to it; the only way to a loop device. Raises InputError where
        there is none, or where the path is a partition or no hardware."""
        name = self._name_of(node)
        tree = Tree() if is_loop(name) else self._tree()
        return read_drive(name, self._surroundings(tree))

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        """What the drive says that it can do. No answer leaves UNKNOWN, with the reason in
        `evidence`."""
        return read_capabilities(drive, self._roots)

    def probe_storage(self, known: Sequence[Drive] = (), /) -> Storage:
        """See ports.DriveProbe."""
        return glimpse.look(self._roots, self._udev, shown=self._shown(known))

    def _shown(self, known: Sequence[Drive]) -> frozenset[str]:
        """Where those drives were listed, at any look."""
        who = [drive.identity for drive in known]
        listed = (
            places
            for identity, places in self._listed.items()
            if any(identity == other or same_drive(identity, other) for other in who)
        )
        return frozenset().union(*listed)

    def _surroundings(self, tree: Tree) -> ProbeContext:
        uses = read_kernel_uses(self._roots)
        return ProbeContext(self._roots, self._runner, self._udev, uses, tree)

    def _storage(self, shown: frozenset[str]) -> _Storage:
        """Drives come up while others are being asked: the list is read again until it shows none
        that was not asked. Always after what is out of reach, so that a drive that comes up in
        between is in both, never in neither. What keeps coming is told."""
        read: dict[str, Drive] = {}
        blind: str | None = None
        for again in range(_LOOKS):
            unreached, names = find_unreached(self._roots, shown), drive_names(self._roots)
            new = [name for name in names if name not in read]
            if again and not new:
                break
            around = self._surroundings(self._tree())
            blind = blind or around.tree.reason
            read |= self._drives(new, around)
        else:
            unreached, names = find_unreached(self._roots, shown), drive_names(self._roots)
        for name, drive in read.items():
            before = self._listed.get(drive.identity, frozenset())
            self._listed[drive.identity] = before | listed_on_ata(self._roots, [name])
        read = {name: drive for name, drive in read.items() if not _renamed(name, read, names)}
        late = (name for name in names if name not in read and self._is_of_the_pc(name))
        told = (Unreached(UnreachedKind.STARTING, name) for name in late)
        drives = tuple(read[name] for name in sorted(read))
        return _Storage(drives, (*unreached, *told), blind)

    def _is_of_the_pc(self, name: str) -> bool:
        uses = read_kernel_uses(self._roots)
        return of_the_pc(glimpse.glimpse(self._roots, self._udev, name, uses))

    def _drives(self, found: Sequence[str], around: ProbeContext) -> Mapping[str, Drive]:
        if not found:
            return {}
        with ThreadPoolExecutor(min(_AT_ONCE, len(found))) as pool:
            return dict(zip(found, pool.map(lambda n: read_drive(n, around), found), strict=True))

    def _name_of(self, node: str) -> str:
        name = self._kernel_name(node)
        drive = parent_drive(self._roots, name)
        if drive is not None:
            raise InputError(
                _("{node} is a partition of {drive}.").format(node=node, drive=node_of(drive)),
                _("Name the whole drive."),
            )
        if is_loop(name):
            if read_text(self._roots.block(name) / "loop/backing_file") is None:
                raise InputError(_("no file is attached to {node}.").format(node=node))
        elif not is_drive(self._roots, name):
            raise InputError(_("{node} is not a drive.").format(node=node), _listed())
        return name

    def _kernel_name(self, node: str) -> str:
        try:
            status = Path(node).stat()
        except FileNotFoundError as error:
            raise InputError(
                _("there is no drive at {node}.").format(node=node), _listed()
            ) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise InputError(
                _("{node} cannot be read: {reason}.").format(node=node, reason=reason),
                _listed(),
            ) from error
        if not stat.S_ISBLK(status.st_mode):
            raise InputError(_("{node} is not a drive.").format(node=node), _listed())
        device = f"{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}"
        folder = self._roots.sys / "dev/block" / device
        if not folder.exists():
            raise InputError(_("{node} is not a drive.").format(node=node), _listed())
        return folder.resolve().name

    def _versions(self) -> Mapping[str, str]:
        """Tool -> version, for the report; a tool that is missing is left out."""
        asks = {
            "dmidecode": dmidecode.argv_version(),
            "lsblk": lsblk.argv_version(),
            "nvme": nvme.argv_version(),
            "smartctl": ("smartctl", "--version"),
        }
        versions: dict[str, str] = {}
        for tool, argv in asks.items():
            try:
                said = re.search(r"\d+(?:\.\d+)+", self._runner.run(argv, 10.0).text)
            except ToolError:
                continue
            if said:
                versions[tool] = said[0]
        return versions


def _listed() -> str:
    return _("“reprise inventory” lists the drives.")


def _renamed(name: str, read: Mapping[str, Drive], found: Collection[str]) -> bool:
    """Whether the drive of that name came back under another one while it was asked."""
    now = (read[other].identity for other in found if other in read)
    return name not in found and any(same_drive(read[name].identity, identity) for identity in now)
