"""When PCs with a processor were made, by what CPUID says of it.

Names: Linux, arch/x86/include/asm/intel-family.h and arch/x86/kernel/cpu/amd.c. First years: the
makers' announcements. They were held against the earliest BIOS dates of each processor among 54,288
public SMBIOS dumps (docs/decisions/0242-the-age-of-a-pc.md). Last years are late on purpose: makers
sell what they have long after the next generation came. None: sold still.
"""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.pc.hardware import Processor

INTEL, AMD = "GenuineIntel", "AuthenticAMD"


@dataclass(frozen=True, slots=True)
class Generation:
    """`first` to `last`: the years in which new PCs were sold with it."""

    name: str
    first: int
    last: int | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """`models`: each with the highest that is meant with it, of CPUID's extended model."""

    made: Generation
    family: int
    models: tuple[tuple[int, int], ...]
    steppings: range | None = None  # all

    def has(self, processor: Processor) -> bool:
        number, stepping = processor.model_number, processor.stepping
        if processor.family != self.family or number is None:
            return False
        inside = any(low <= number <= high for low, high in self.models)
        return inside and (self.steppings is None or stepping in self.steppings)


def _each(*numbers: int) -> tuple[tuple[int, int], ...]:
    return tuple((number, number) for number in numbers)


_INTEL = (
    _Row(Generation("Pentium 4", 2000, 2004), 15, ((0x00, 0x02),)),
    _Row(Generation("Pentium 4", 2004, 2007), 15, _each(0x03, 0x04)),
    _Row(Generation("Pentium 4, Pentium D", 2006, 2008), 15, _each(0x06)),
    _Row(Generation("Pentium M", 2003, 2007), 6, _each(0x09, 0x0D)),
    _Row(Generation("Yonah", 2006, 2008), 6, _each(0x0E)),
    _Row(Generation("Core 2", 2006, 2009), 6, _each(0x0F, 0x16)),
    _Row(Generation("Penryn", 2007, 2011), 6, _each(0x17, 0x1D)),
    _Row(Generation("Nehalem", 2008, 2011), 6, _each(0x1A, 0x1E, 0x1F, 0x2E)),
    _Row(Generation("Westmere", 2010, 2012), 6, _each(0x25, 0x2C, 0x2F)),
    _Row(Generation("Atom Bonnell", 2008, 2012), 6, _each(0x1C, 0x26)),
    _Row(Generation("Atom Saltwell", 2011, 2013), 6, _each(0x27, 0x35, 0x36)),
    _Row(Generation("Sandy Bridge", 2011, 2013), 6, _each(0x2A)),
    _Row(Generation("Sandy Bridge-E", 2011, 2014), 6, _each(0x2D)),
    _Row(Generation("Ivy Bridge", 2012, 2014), 6, _each(0x3A)),
    _Row(Generation("Ivy Bridge-E", 2013, 2015), 6, _each(0x3E)),
    _Row(Generation("Haswell", 2013, 2015), 6, _each(0x3C, 0x45, 0x46)),
    _Row(Generation("Haswell-E", 2014, 2016), 6, _each(0x3F)),
    _Row(Generation("Silvermont", 2013, 2016), 6, _each(0x37, 0x4A, 0x4D, 0x5A)),
    _Row(Generation("Airmont", 2015, 2018), 6, _each(0x4C)),
    _Row(Generation("Broadwell", 2014, 2017), 6, _each(0x3D, 0x47)),
    _Row(Generation("Broadwell-E", 2015, 2019), 6, _each(0x4F, 0x56)),
    _Row(Generation("Skylake", 2015, 2018), 6, _each(0x4E, 0x5E)),
    _Row(Generation("Skylake-X", 2017, 2022), 6, _each(0x55)),
    _Row(Generation("Goldmont", 2016, 2021), 6, _each(0x5C, 0x5F)),
    _Row(Generation("Goldmont Plus", 2017, 2022), 6, _each(0x7A)),
    _Row(Generation("Kaby Lake", 2016, 2019), 6, _each(0x8E, 0x9E), range(10)),
    _Row(Generation("Coffee Lake", 2017, 2022), 6, _each(0x8E, 0x9E), range(10, 16)),
    _Row(Generation("Cannon Lake", 2018, 2019), 6, _each(0x66)),
    _Row(Generation("Comet Lake", 2019, 2022), 6, _each(0xA5, 0xA6)),
    _Row(Generation("Ice Lake", 2019, 2021), 6, _each(0x7D, 0x7E)),
    _Row(Generation("Ice Lake-SP", 2021, 2024), 6, _each(0x6A, 0x6C)),
    _Row(Generation("Tiger Lake", 2020, 2023), 6, _each(0x8C, 0x8D)),
    _Row(Generation("Lakefield", 2020, 2021), 6, _each(0x8A)),
    _Row(Generation("Tremont", 2021, 2025), 6, _each(0x96, 0x9C)),
    _Row(Generation("Rocket Lake", 2021, 2023), 6, _each(0xA7)),
    _Row(Generation("Alder Lake", 2021, 2025), 6, _each(0x97, 0x9A)),
    _Row(Generation("Gracemont", 2023), 6, _each(0xBE)),
    _Row(Generation("Raptor Lake", 2022), 6, _each(0xB7, 0xBA, 0xBF)),
    _Row(Generation("Sapphire Rapids", 2023), 6, _each(0x8F, 0xCF)),
    _Row(Generation("Meteor Lake", 2023), 6, _each(0xAA, 0xAC)),
    _Row(Generation("Arrow Lake", 2024), 6, _each(0xB5, 0xC5, 0xC6)),
    _Row(Generation("Lunar Lake", 2024), 6, _each(0xBD)),
    _Row(Generation("Panther Lake", 2025), 6, _each(0xCC)),
)
_AMD = (
    _Row(Generation("K8", 2003, 2009), 15, ((0x00, 0xFF),)),
    _Row(Generation("K10", 2007, 2012), 16, ((0x00, 0xFF),)),
    _Row(Generation("Griffin", 2008, 2010), 17, ((0x00, 0xFF),)),
    _Row(Generation("Llano", 2011, 2013), 18, ((0x00, 0xFF),)),
    _Row(Generation("Bobcat", 2011, 2013), 20, ((0x00, 0xFF),)),
    _Row(Generation("Bulldozer", 2011, 2013), 21, ((0x00, 0x01),)),
    _Row(Generation("Piledriver", 2012, 2016), 21, ((0x02, 0x0F),)),
    _Row(Generation("Trinity, Richland", 2012, 2015), 21, ((0x10, 0x1F),)),
    _Row(Generation("Kaveri", 2014, 2017), 21, ((0x30, 0x3F),)),
    _Row(Generation("Carrizo, Bristol Ridge", 2015, 2019), 21, ((0x60, 0x6F),)),
    _Row(Generation("Stoney Ridge", 2016, 2020), 21, ((0x70, 0x7F),)),
    _Row(Generation("Jaguar", 2013, 2015), 22, ((0x00, 0x0F),)),
    _Row(Generation("Puma", 2014, 2017), 22, ((0x30, 0x3F),)),
    _Row(Generation("Zen", 2017, 2020), 23, ((0x00, 0x07), (0x10, 0x17))),
    _Row(Generation("Zen+", 2018, 2021), 23, ((0x08, 0x0F), (0x18, 0x1F))),
    _Row(Generation("Dali", 2020, 2022), 23, ((0x20, 0x2F),)),
    _Row(Generation("Zen 2", 2019, 2023), 23, ((0x30, 0x7F),)),
    _Row(Generation("Van Gogh, Mendocino", 2022, 2025), 23, ((0x90, 0xAF),)),
    _Row(Generation("Zen 3", 2020, 2025), 25, ((0x00, 0x0F), (0x20, 0x5F))),
    _Row(Generation("Zen 4", 2022), 25, ((0x10, 0x1F), (0x60, 0xAF))),
    _Row(Generation("Zen 5", 2024), 26, ((0x00, 0xFF),)),
)
_ROWS = {INTEL: _INTEL, AMD: _AMD}

# x86-64 psABI, "Micro-architecture levels": who has the first alone was made for PCs until AMD's
# Bobcat ended (no SSE4.1). Later levels tell no last year: small processors stayed behind.
_FIRST_LEVEL = Generation("x86-64-v1", 2003, 2013)


def generation_of(processor: Processor) -> Generation | None:
    """None where nothing tells it: another maker's, or one that came after this table, or a
    virtual machine's, which is what somebody chose."""
    if processor.hypervisor:
        return None
    rows = (row for row in _ROWS.get(processor.vendor or "", ()) if row.has(processor))
    found = next(rows, None)
    if found is not None:
        return found.made
    return _FIRST_LEVEL if processor.level == _FIRST_LEVEL.name else None
