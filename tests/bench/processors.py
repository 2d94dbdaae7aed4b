"""The processors that are measured: this one, and this one without what older ones lack.

OPENSSL_ia32cap (OPENSSL_ia32cap(3)) takes instructions from OpenSSL, that of the product's
`cryptography` too; GLIBC_TUNABLES (the GNU C Library's manual, "Hardware Capability Tunables") from
the C library's memcpy, memcmp and the like. Both hold for every program that is compared. What
they cannot reach: the kernel's own copying, /proc/cpuinfo (which still names the instructions), and
a clock of half this speed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Bits of CPUID.(EAX=1), as OPENSSL_ia32cap counts them: ECX is the upper half. A value without a
# colon also takes away all of CPUID.(EAX=7): AVX2, AVX-512, VAES, SHA.
_PCLMULQDQ = 1 << 32 + 1
_SSSE3 = 1 << 32 + 9
_AES_NI = 1 << 32 + 25
# What no processor without AES-NI has: these came with it or after it.
_SINCE_AES_NI = (
    *("AVX", "AVX2", "AVX512F", "AVX512VL", "AVX512BW", "BMI1", "BMI2", "FMA", "LZCNT", "MOVBE"),
    *("ERMS", "FSRM", "RTM", "AVX_Fast_Unaligned_Load"),
)
_SINCE_SSSE3 = ("SSSE3", "SSE4_1", "SSE4_2", "POPCNT")


@dataclass(frozen=True)
class Processor:
    """`variables`: what a program's environment says of it."""

    name: str
    variables: Mapping[str, str] = field(default_factory=dict)


def _without(openssl: int, glibc: tuple[str, ...]) -> Mapping[str, str]:
    return {
        "OPENSSL_ia32cap": f"~{openssl:#x}",
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=" + ",".join(f"-{name}" for name in glibc),
    }


ALL = Processor("all features")
NO_AES_NI = Processor("without AES-NI", _without(_AES_NI | _PCLMULQDQ, _SINCE_AES_NI))
NO_SSSE3 = Processor(
    "without SSSE3",
    _without(_AES_NI | _PCLMULQDQ | _SSSE3, (*_SINCE_AES_NI, *_SINCE_SSSE3)),
)
PROCESSORS = (ALL, NO_AES_NI, NO_SSSE3)
