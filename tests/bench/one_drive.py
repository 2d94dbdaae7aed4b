"""One drive in memory, where the processor is the limit: against dd, shred, an earlier commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import programs
from bench.earlier import Earlier
from bench.processors import ALL, NO_AES_NI, NO_SSSE3
from bench.programs import Phases
from bench.rates import Pair, Rates, over, phases, rows
from bench.result import Result
from bench.running import Under, run

# With all features. Of the verify, processes that share no interpreter lock reach 0.7, two
# processors at their best 0.9: verify_parts.py counts it anew in each run.
LEAST_OF_DD_IN_MEMORY = {"write": 0.75, "verify": 0.6}
LEAST_OF_OTHERS = 1.0
MOST_CPU = 1.3
MOST_MIB = 40.0
# Of the whole command; 0.95 is "no slower". The processor's seconds of a commit beside itself
# differ by up to 4 %, its rate by far more while others compute here: measure on an idle machine.
LEAST_OF_EARLIER = {ALL.name: 0.95, NO_AES_NI.name: 2.5, NO_SSSE3.name: 4.0}
ERASE = "reprise erase"


def in_memory(
    result: Result, pair: Pair, data: Path, under: Under, earlier: Earlier | None
) -> dict[str, Rates]:
    """`data`: a folder for the product's own files."""
    name = under.processor.name
    others = {
        "shred": lambda disks: run(programs.shred(disks[0]), under),
        "shred + cmp": lambda disks: run(programs.shred(disks[0]), under).and_then(
            run(programs.cmp(disks[0]), under)
        ),
        ERASE: lambda disks: run(programs.reprise(disks[0], data), under),
    }
    if earlier is not None:
        others[earlier.called(ERASE)] = lambda disks: run(
            programs.reprise(disks[0], data, earlier.app), under
        )
    found, seen = phases(pair, under, name, others)
    rates = pair.rates(found)
    table = f"In memory, {name}, one drive ({pair.said})"
    rows(result, table, rates)
    if under.processor is ALL:
        _against_dd_and_shred(result, rates)
    ratio = over(rates, ERASE, "shred + cmp")
    result.at_least(f"{name}: {ERASE} / shred + cmp", ratio, LEAST_OF_OTHERS)
    if earlier is not None:
        ratio = over(rates, ERASE, earlier.called(ERASE))
        result.at_least(f"{name}: {ERASE} / {earlier.name}", ratio, LEAST_OF_EARLIER[name])
    streams = _streams(result, table, under, {one.stream for one in seen})
    _processor(result, rates, min(streams.values()), name)
    _memory(result, seen, name)
    return rates


def _against_dd_and_shred(result: Result, rates: Mapping[str, Rates]) -> None:
    for phase, theirs in (("write", "dd write"), ("verify", "dd read")):
        ours = f"reprise {phase}"
        ratio = over(rates, ours, theirs)
        result.at_least(f"{ALL.name}: {ours} / {theirs}", ratio, LEAST_OF_DD_IN_MEMORY[phase])
    ratio = over(rates, "reprise write", "shred")
    result.at_least(f"{ALL.name}: reprise write / shred", ratio, LEAST_OF_OTHERS)


def _streams(result: Result, table: str, under: Under, taken: set[str]) -> dict[str, float]:
    """The processor's seconds for a GiB of each stream that the product has: it is held against
    the cheapest, whichever it took."""
    streams = {
        cipher: min(programs.openssl_cpu_s_per_gib(cipher, under) for _time in range(2))
        for cipher in programs.CIPHERS
    }
    for cipher, cpu_s in streams.items():
        used = " (reprise took it)" if cipher in taken else ""
        result.row(table, program=f"openssl speed, {cipher}{used}", **{"CPU s/GiB": cpu_s})
    return streams


def _processor(result: Result, rates: Mapping[str, Rates], stream: float, name: str) -> None:
    """What a GiB costs, against making its stream (openssl) and moving its bytes (dd). The
    promise is about a GiB that is written and read back: the stream twice, each way once."""
    needed = {
        "write": stream + rates["dd write"].cpu_s_per_gib,
        "verify": stream + rates["dd read"].cpu_s_per_gib,
    }
    needed["write + verify"] = sum(needed.values())
    for phase, need in needed.items():
        spent = rates[f"reprise {phase}"].cpu_s_per_gib
        ratio = spent / need
        result.row(
            f"Processor seconds per GiB, {name}, against openssl + dd",
            phase=phase,
            reprise=spent,
            **{"openssl + dd": need, "ratio": ratio},
        )
    result.at_most(f"{name}: CPU, reprise / (openssl + dd)", ratio, MOST_CPU)


def _memory(result: Result, seen: Sequence[Phases], name: str) -> None:
    most = max(one.peak_mib for one in seen)
    result.at_most(f"{name}: memory of one drive", most, MOST_MIB, "MiB")
