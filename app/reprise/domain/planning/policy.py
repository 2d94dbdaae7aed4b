"""What the organisation allows and prefers: `config/policy.toml` as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from reprise.domain.pc.hardware import MediaKind
from reprise.domain.planning.plan import LimitationCode
from reprise.domain.planning.techniques import SPECS, Method, Technique, VerifyDepth

DEFAULT_ORDER = tuple(technique for technique, row in SPECS.items() if not row.by_label)


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least that counts as a success, by kind of medium."""

    hdd: Method = Method.CLEAR
    ssd: Method = Method.CLEAR
    flash: Method = Method.CLEAR
    unknown: Method = Method.CLEAR

    def __post_init__(self) -> None:
        for kind in ("hdd", "ssd", "flash", "unknown"):
            if getattr(self, kind) not in (Method.CLEAR, Method.PURGE):
                raise ValueError(f"minimum.{kind}: clear, purge")

    def of(self, media: MediaKind) -> Method:
        return {
            MediaKind.HDD: self.hdd,
            MediaKind.SSD: self.ssd,
            MediaKind.FLASH: self.flash,
            MediaKind.FILE: Method.CLEAR,
        }.get(media, self.unknown)


@dataclass(frozen=True, slots=True)
class Temperature:
    """An overwrite pauses at `pause` and goes on at `resume`, in °C."""

    hdd_pause_c: int = 60
    hdd_resume_c: int = 52
    ssd_pause_c: int = 75
    ssd_resume_c: int = 65

    def __post_init__(self) -> None:
        for kind in ("hdd", "ssd"):
            if not 0 < getattr(self, f"{kind}_resume_c") < getattr(self, f"{kind}_pause_c") < 120:
                raise ValueError(f"temperature: 0 < {kind}_resume_c < {kind}_pause_c < 120")


@dataclass(frozen=True, slots=True)
class Denied:
    """Techniques not to be used on drives whose model fits `model` (* and ? as in file names,
    letters of any case). `why` is for people."""

    model: str
    techniques: tuple[Technique, ...]
    why: str = ""

    def hits(self, model: str | None, technique: Technique) -> bool:
        return technique in self.techniques and fnmatchcase(
            (model or "").upper(), self.model.upper()
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """The keys of policy.toml, one to one; each is explained there."""

    name: str = "default"
    version: int = 3
    verify: VerifyDepth = VerifyDepth.FULL
    minimum: Minimum = field(default_factory=Minimum)
    order: tuple[Technique, ...] = DEFAULT_ORDER
    further_claims: tuple[Technique, ...] = ()
    not_accepted: tuple[LimitationCode, ...] = ()
    fallbacks: bool = True
    thaw_by_suspend: bool = True
    remove_hidden_areas: bool = True
    nvme_format_timeout_s: int = 3600
    sanitize_stuck_after_s: int = 1800
    allow_usb: bool = False
    max_bad_sectors: int = 2048
    temperature: Temperature = field(default_factory=Temperature)
    denied: tuple[Denied, ...] = ()

    def __post_init__(self) -> None:
        for key in (
            "version",
            "nvme_format_timeout_s",
            "sanitize_stuck_after_s",
            "max_bad_sectors",
        ):
            if getattr(self, key) <= 0:
                raise ValueError(f"{key} > 0")
        if not self.order:
            raise ValueError("order: at least one technique")
        for technique in self.order:
            if SPECS[technique].by_label:
                raise ValueError(f"order: {technique} needs a person at the label")
        for technique in self.further_claims:
            if SPECS[technique].further is None:
                raise ValueError(f"further_claims: no source claims more for {technique}")

    @property
    def label(self) -> str:
        """What a plan says of the policy it was made by."""
        return f"{self.name}/{self.version}"

    def denies(self, model: str | None, technique: Technique) -> bool:
        return any(denied.hits(model, technique) for denied in self.denied)
