"""Every member of the domain's enums has words in both languages; numbers read as people write."""

import importlib
import pkgutil
from dataclasses import replace
from datetime import datetime
from enum import Enum
from types import ModuleType

import pytest

import reprise.domain
from reprise import i18n, wording
from reprise.domain.checks.catalogue import CheckId, MeasureName, Unit
from reprise.domain.checks.results import CheckResult, CheckStatus, Measure
from reprise.domain.drives.boot_medium import BootSign
from reprise.domain.pc.hardware import Health
from reprise.domain.pc.triage import Age
from reprise.domain.planning.plan import Refusal, RefusalCode
from reprise.domain.planning.techniques import Family, Means
from reprise.domain.report.events import Observation, ObservationKind
from reprise.wording import checks
from reprise.wording.codes import CAUSES, CLOCKS, CODES, FREE, PHASES
from reprise.wording.enums import ALL


def _modules() -> list[ModuleType]:
    # The policy's enums are settings: people read and write them in policy.toml as they are. What
    # a mouse does is obeyed, not told; why a layout cannot be changed is the sheet's sentence.
    left_out = ("planning.policy", "station.pointing")
    names = [m.name for m in pkgutil.walk_packages(reprise.domain.__path__, "reprise.domain.")]
    told = sorted(set(names) - {f"reprise.domain.{name}" for name in left_out})
    return [importlib.import_module(name) for name in (*told, "reprise_common.network")]


def _members() -> list[Enum]:
    found = [
        member
        for module in _modules()
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Enum) and kind.__module__ == module.__name__
        if kind not in (Family, Means)  # a technique is told, not what its row says of it
        for member in kind
    ]
    assert len(found) > 60
    return found


@pytest.mark.parametrize("member", _members(), ids=lambda m: f"{type(m).__name__}.{m.name}")
def test_every_member_has_words_in_both_languages(member: Enum) -> None:
    assert member in ALL.get(type(member), {}), "add it to a table of reprise/wording"
    for language in i18n.LANGUAGES:
        with i18n.using(language):
            assert wording.word(member).strip()


def test_a_free_code_means_one_thing() -> None:
    for table in (
        CAUSES,
        PHASES,
        CLOCKS,
        *({str(m.value): t for m, t in f.items()} for f in FREE),
    ):
        for code, msgid in table.items():
            assert CODES[code] == msgid, f"{code} has two meanings"


def test_an_unknown_code_is_shown_as_itself() -> None:
    assert wording.code("quantum-flux") == "quantum-flux"


def test_a_code_keeps_its_data() -> None:
    with i18n.using("fr"):
        assert wording.code("power-cut") == "coupure de courant ou redémarrage"
        assert wording.code("unplugged:sdb") == "le disque a été débranché (sdb)"


def test_details_are_kept_as_data() -> None:
    with i18n.using("en"):
        told = wording.refusal(Refusal(RefusalCode.MOUNTED, "/srv/data"))
        seen = wording.observation(Observation("k", ObservationKind.READ_ERRORS, {"sectors": 8}))
    assert told.endswith("(/srv/data)")
    assert "8" in seen


@pytest.mark.parametrize(
    ("size_bytes", "french", "english"),
    [
        (0, "0\u00a0octets", "0\u00a0bytes"),
        (512, "512\u00a0octets", "512\u00a0bytes"),
        (500_107_862_016, "500\u00a0Go", "500\u00a0GB"),
        (1_500_301_910_016, "1,5\u00a0To", "1.5\u00a0TB"),
        (999_999_999_999, "1\u00a0To", "1\u00a0TB"),
        (274_877_906_944, "275\u00a0Go", "275\u00a0GB"),
        (99_960_000_000, "100\u00a0Go", "100\u00a0GB"),
        (4_294_967_296, "4,3\u00a0Go", "4.3\u00a0GB"),
    ],
)
def test_sizes(size_bytes: int, french: str, english: str) -> None:
    with i18n.using("fr"):
        assert wording.size(size_bytes) == french
    with i18n.using("en"):
        assert wording.size(size_bytes) == english


@pytest.mark.parametrize(
    ("seconds", "french", "english"),
    [
        (0.2, "moins d’une seconde", "less than a second"),
        (4.2, "environ 4 s", "about 4 s"),
        (43, "environ 45 s", "about 45 s"),
        (58, "environ 1 min", "about 1 min"),
        (572, "environ 10 min", "about 10 min"),
        (1871, "environ 30 min", "about 30 min"),
        (3590, "environ 1 h", "about 1 h"),
        (5580, "environ 1 h 30 min", "about 1 h 30 min"),
        (35900, "environ 10 h", "about 10 h"),
        (40000, "environ 11 h", "about 11 h"),
    ],
)
def test_an_estimate_is_rounded_to_what_is_believable(
    seconds: float, french: str, english: str
) -> None:
    with i18n.using("fr"):
        assert wording.about(seconds).replace("\u00a0", " ") == french
    with i18n.using("en"):
        assert wording.about(seconds).replace("\u00a0", " ") == english


def test_the_health_of_a_drive_is_feminine_in_french() -> None:
    with i18n.using("fr"):
        assert [wording.health(one) for one in Health] == ["bonne", "défaillante", "inconnue"]


def test_a_part_is_told_beside_its_whole_and_no_error_in_words() -> None:
    gib = 1024**3
    found = (
        Measure(MeasureName.TESTED, int(3.8 * gib), Unit.BYTES),
        Measure(MeasureName.TOTAL, int(7.6 * gib), Unit.BYTES),
        Measure(MeasureName.ERRORS, 0, Unit.COUNT),
    )
    result = CheckResult(check=CheckId.MEMORY, status=CheckStatus.PASSED, measures=found)
    with i18n.using("fr"):
        told = checks.check_facts(result).replace("\u00a0", " ")
        assert told == "3,8 Gio testés sur 7,6 · aucune erreur"
        small = (replace(found[0], value=512 * 1024**2), *found[1:])
        told = checks.measured(small)[0].replace("\u00a0", " ")
        assert told == "512 Mio testés sur 7,6 Gio"
    alone = checks.measured((replace(found[2], value=3), found[0]))
    assert len(alone) == 2


def test_binary_sizes_numbers_and_durations() -> None:
    with i18n.using("fr"):
        assert wording.size_binary(8 * 1024**3) == "8\u00a0Gio"
        assert wording.number(1234567) == "1\u00a0234\u00a0567"
        assert wording.decimal(1234.56) == "1\u00a0234,6"
        assert wording.duration(3905) == "1\u00a0h\u00a005\u00a0min"
        assert wording.duration(62.9) == "1\u00a0min\u00a002\u00a0s"
        assert wording.duration(0.2) == "moins d’une seconde"
    with i18n.using("en"):
        assert wording.number(1234567) == "1,234,567"


def test_a_percentage_is_never_rounded_up_to_all() -> None:
    with i18n.using("fr"):
        assert wording.percent(999_999, 1_000_000) == "99,9\u00a0%"
        assert wording.percent(5, 5) == "100\u00a0%"
        assert wording.percent(1, 0) == "–"


def test_moments() -> None:
    with i18n.using("fr"):
        assert wording.moment("2026-11-24T16:05:09Z") == (
            "24\u00a0novembre\u00a02026 à 16:05\u00a0UTC"
        )
        assert wording.moment("2011-05-01") == "1er\u00a0mai\u00a02011"
        assert wording.moment("not a date") == "not a date"
        assert wording.moment(None) == "date inconnue"


def test_the_hour_of_an_end() -> None:
    now = datetime(2026, 11, 24, 22, 40)
    with i18n.using("fr"):
        assert wording.hour(datetime(2026, 11, 24, 23, 5), now) == "23:05"
        assert wording.hour(datetime(2026, 11, 25, 3, 10), now) == "demain à 03:10"
        assert wording.hour(datetime(2026, 11, 26, 3, 10), now).startswith("26\u00a0novembre")


def test_the_signs_of_a_boot_medium_are_said_in_words() -> None:
    signs = f"{BootSign.ISO_LABEL},{BootSign.DATA_PARTITION}"
    with i18n.using("en"):
        text = wording.refusal(Refusal(RefusalCode.BOOT_MEDIUM, signs))
    assert "carries the label of a Reprise medium" in text
    assert BootSign.ISO_LABEL not in text


@pytest.mark.parametrize(
    ("central", "said"), [(0.4, "environ 0 an "), (1.2, "environ 1 an "), (1.6, "environ 2 ans ")]
)
def test_one_year_is_no_plural(central: float, said: str) -> None:
    with i18n.using("fr"):
        assert wording.age(Age(0.0, central, 3.0)).startswith(said)
