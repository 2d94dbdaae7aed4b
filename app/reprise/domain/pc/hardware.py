"""What a PC is made of. Facts only: a fact that could not be read is None and has its reason
in `unknown` (fact name -> reason); nothing here is ever guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reprise.domain.drives.boot_medium import BootMedium
from reprise.domain.drives.unreached import Unreached
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.parts import Battery, Display, NetworkCard, PciDevice
from reprise.domain.pc.remembered import Remembered


class Reason(StrEnum):
    """Why a fact is unknown. In `unknown` a reason is this word, or "word: detail"."""

    NOT_REPORTED = "not-reported"  # asked, and the hardware did not say
    PLACEHOLDER = "placeholder"  # "To Be Filled By O.E.M." and its like
    NEEDS_ROOT = "needs-root"
    TOOL_MISSING = "tool-missing"
    TOOL_FAILED = "tool-failed"
    UNREADABLE = "unreadable"  # an answer came that cannot be understood or trusted
    TIMED_OUT = "timed-out"
    SANITIZING = "sanitizing"  # the drive erases itself: nothing else can be read meanwhile
    NOT_SUPPORTED = "not-supported"
    VIRTUAL = "virtual"  # a virtual drive has no such fact
    ATTRIBUTES_ONLY = "attributes-only"  # SMART: thresholds are fine, the drive gave no verdict
    RAID_MEMBER = "raid-member"  # "storage.<drive>": part of a firmware RAID, others may be hidden
    # The next three: "storage.<pci address>" in reports before Inventory.unreached
    HIDDEN_BY_RAID = "hidden-by-raid"  # drives that no system sees
    NO_DRIVER = "no-driver"  # a controller that the kernel cannot use
    NO_NAMESPACE = "no-namespace"  # an NVMe drive that gives no node

    def because(self, detail: str = "") -> str:
        """The text for `unknown`; `detail` is data (a tool's own words), not prose of ours."""
        return f"{self.value}: {detail}" if detail else self.value


class Transport(StrEnum):
    """How the drive is attached (lsblk TRAN words, plus what the kernel alone knows)."""

    SATA = "sata"
    ATA = "ata"
    NVME = "nvme"
    SAS = "sas"
    SCSI = "scsi"
    USB = "usb"
    MMC = "mmc"
    VIRTIO = "virtio"
    LOOP = "loop"
    UNKNOWN = "unknown"


class MediaKind(StrEnum):
    HDD = "hdd"
    SSD = "ssd"
    FLASH = "flash"  # USB sticks, SD cards, eMMC
    FILE = "file"  # a loop device
    UNKNOWN = "unknown"


class Health(StrEnum):
    PASSED = "passed"
    FAILING = "failing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveIdentity:
    """Who a drive is, whatever its /dev name today.

    `wwn` holds the WWN, EUI-64 or NGUID. For a loop device `serial` is its backing file's path.
    """

    model: str | None = None
    serial: str | None = None
    wwn: str | None = None
    size_bytes: int

    @property
    def key(self) -> str:
        """Stable text that names this drive in journals and reports."""
        return f"{self.model or '?'}|{self.serial or '?'}|{self.wwn or '?'}|{self.size_bytes}"

    @property
    def confirm_word(self) -> str | None:
        """What an operator types or passes to confirm this very drive; None: nothing tells it."""
        return self.serial or self.wwn


@dataclass(frozen=True, slots=True)
class Partition:
    node: str
    size_bytes: int
    fs_type: str | None = None
    label: str | None = None
    uuid: str | None = None
    part_type: str | None = None
    part_label: str | None = None


class UseKind(StrEnum):
    MOUNT = "mount"
    SWAP = "swap"
    HOLDER = "holder"  # device-mapper, md, bcache, multipath


@dataclass(frozen=True, slots=True)
class Use:
    """One reason the kernel gives why the drive or a part of it is busy."""

    kind: UseKind
    node: str
    detail: str  # mount point or holder's name


@dataclass(frozen=True, slots=True)
class SmartFacts:
    health: Health = Health.UNKNOWN
    temperature_c: int | None = None
    power_on_hours: int | None = None
    power_cycles: int | None = None  # SCSI: its start-stop cycles
    reallocated_sectors: int | None = None  # SCSI: those of the grown defect list
    pending_sectors: int | None = None
    offline_uncorrectable: int | None = None
    percentage_used: int | None = None
    critical_warning: int | None = None
    failing_attributes: tuple[str, ...] = ()
    ata_security: str | None = None  # the tool's own words, e.g. "Disabled, frozen [SEC2]"


@dataclass(frozen=True, slots=True)
class Drive:
    """One drive as probed. `node` is only where it stands today; `identity` is who it is."""

    identity: DriveIdentity
    node: str
    transport: Transport
    media: MediaKind
    logical_sector_bytes: int
    physical_sector_bytes: int
    read_only: bool
    removable: bool
    boot: BootMedium
    vendor: str | None = None
    firmware: str | None = None
    rotation_rpm: int | None = None
    smart: SmartFacts = field(default_factory=SmartFacts)
    fs_type: str | None = None  # a file system on the whole drive
    label: str | None = None
    partition_table: str | None = None
    partitions: tuple[Partition, ...] = ()
    uses: tuple[Use, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    port: UsbPort = UsbPort.UNKNOWN
    zoned: str | None = None  # the kernel's word: "host-managed", "host-aware"; None: neither


@dataclass(frozen=True, slots=True)
class Firmware:
    vendor: str | None = None
    version: str | None = None
    date: str | None = None  # ISO 8601, e.g. 2011-05-09
    mode: str | None = None  # "uefi" or "bios"
    secure_boot: bool | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    maker: str | None = None
    model: str | None = None
    version: str | None = None
    serial: str | None = None
    uuid: str | None = None
    sku: str | None = None
    chassis: str | None = None  # SMBIOS chassis type word, e.g. "Notebook": see domain.pc.chassis
    chassis_serial: str | None = None
    board_maker: str | None = None
    board_model: str | None = None
    board_serial: str | None = None
    firmware: Firmware = field(default_factory=Firmware)
    board_version: str | None = None
    named_by: str | None = None  # SMBIOS structure that gave the model: "system" or "board"
    chassis_sign: str | None = None  # what told the kind, where it was not the firmware's word
    chassis_of_firmware: str | None = None  # its word then
    portable_battery: bool = False  # SMBIOS has a table of a battery

    @property
    def name(self) -> str:
        """Some makers repeat their name in the model's: once is enough."""
        maker, model = self.maker or "", self.model or ""
        told, said = maker.casefold(), model.casefold()
        if maker and (said.startswith(told) or said.split()[:1] == told.split()[:1]):
            maker = ""
        return " ".join(fact for fact in (maker, model) if fact)

    @property
    def title(self) -> str:
        """With the version where that is a name, too, which few makers write there."""
        version = self.version or ""
        told = re.sub(r"(?i)\b(rev(ision)?|ver(sion)?|standard|fab)\b", "", version)
        is_name = re.search("[A-Za-z]{4}", told) and version.casefold() not in self.name.casefold()
        return f"{self.name} {version}".strip() if is_name else self.name


@dataclass(frozen=True, slots=True)
class Processor:
    model: str | None = None
    architecture: str | None = None
    cores: int | None = None
    threads: int | None = None
    # CPUID, leaf 1, with the extended family and model; "GenuineIntel", 6, 58, 9
    vendor: str | None = None
    family: int | None = None
    model_number: int | None = None
    stepping: int | None = None
    level: str | None = None  # of the x86-64 psABI: "x86-64-v2"
    hypervisor: bool = False  # a virtual machine's


@dataclass(frozen=True, slots=True)
class MemorySlot:
    locator: str | None = None
    size_bytes: int = 0  # 0: the slot is empty
    kind: str | None = None  # DDR3 ...
    speed_mts: int | None = None
    maker: str | None = None
    part_number: str | None = None
    serial: str | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """`total_bytes` is what the system can use, `installed_bytes` what the modules hold."""

    total_bytes: int | None = None
    slots: tuple[MemorySlot, ...] = ()
    installed_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything read from one PC, read-only."""

    machine: Machine
    processor: Processor
    memory: Memory
    drives: tuple[Drive, ...]
    gpus: tuple[PciDevice, ...] = ()
    network: tuple[NetworkCard, ...] = ()
    batteries: tuple[Battery, ...] = ()
    displays: tuple[Display, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)  # tool -> version
    unknown: Mapping[str, str] = field(default_factory=dict)
    unreached: tuple[Unreached, ...] = ()  # storage that may be there and cannot be reached
    remembered: tuple[Remembered, ...] = ()  # what the PC itself may still know of its owner
    schema: str = "reprise-inventory/1"
