"""What a policy may just say, and what it cannot mean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.pc.hardware import MediaKind
from reprise.domain.planning.plan import LimitationCode
from reprise.domain.planning.policy import DEFAULT_ORDER, Denied, Minimum, Policy, Temperature
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from station_kit.places import TOP

POSITIVE = ["version", "nvme_format_timeout_s", "sanitize_stuck_after_s", "max_bad_sectors"]


@pytest.mark.parametrize("key", POSITIVE)
def test_counts_and_times_are_positive(key: str) -> None:
    assert getattr(Policy(**{key: 1}), key) == 1  # type: ignore[arg-type]
    for value in (0, -1):
        with pytest.raises(ValueError, match=f"{key} > 0"):
            Policy(**{key: value})  # type: ignore[arg-type]


def test_an_order_has_a_technique_and_none_that_needs_a_person() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Policy(order=())
    with pytest.raises(ValueError, match="at the label"):
        Policy(order=(Technique.OVERWRITE, Technique.TCG_PSID_REVERT))
    assert Technique.TCG_PSID_REVERT not in DEFAULT_ORDER
    assert set(DEFAULT_ORDER) == set(Technique) - {Technique.TCG_PSID_REVERT}


def test_more_is_claimed_only_where_a_source_claims_it() -> None:
    assert Policy(further_claims=(Technique.NVME_FORMAT_CRYPTO,)).further_claims
    with pytest.raises(ValueError, match="no source claims more"):
        Policy(further_claims=(Technique.OVERWRITE,))


def test_the_shipped_policy_names_each_limitation_that_a_plan_may_have() -> None:
    text = (TOP / "config/policy.toml").read_text("utf-8")
    named = {code for code in LimitationCode if code in text}
    assert set(LimitationCode) - named == {LimitationCode.MMC_AREAS}, "of reports made before"


@pytest.mark.parametrize("kind", ["hdd", "ssd"])
def test_a_drive_cools_down_before_it_goes_on(kind: str) -> None:
    def of(resume: int, pause: int) -> Temperature:
        return Temperature(**{f"{kind}_resume_c": resume, f"{kind}_pause_c": pause})

    of(1, 2)
    of(118, 119)
    for resume, pause in ((0, 50), (50, 50), (51, 50), (50, 120), (-5, 50)):
        with pytest.raises(ValueError, match=f"{kind}_resume_c"):
            of(resume, pause)


def test_the_minimum_is_of_the_medium() -> None:
    for kind in ("hdd", "ssd", "flash", "unknown"):
        least = Minimum(**dict.fromkeys(("hdd", "ssd", "flash", "unknown"), Method.CLEAR))
        least = replace(least, **{kind: Method.PURGE})
        above = [one for one in MediaKind if least.of(one) is Method.PURGE]
        assert above == [MediaKind(kind)]
    purge = Minimum(Method.PURGE, Method.PURGE, Method.PURGE, Method.PURGE)
    assert purge.of(MediaKind.FILE) is Method.CLEAR, "a file is not a drive"
    for kind in ("hdd", "ssd", "flash", "unknown"):
        for nothing in (Method.NONE, Method.DESTROY):
            with pytest.raises(ValueError, match=f"minimum.{kind}"):
                Minimum(**{kind: nothing})


def test_a_model_is_denied_by_its_pattern_whatever_its_letters() -> None:
    denied = Denied("Samsung*9?0", (Technique.NVME_FORMAT_CRYPTO,))
    policy = Policy(denied=(denied,))
    assert policy.denies("SAMSUNG SSD 970", Technique.NVME_FORMAT_CRYPTO)
    assert not policy.denies("SAMSUNG SSD 970", Technique.OVERWRITE)
    assert not policy.denies("OTHER 970", Technique.NVME_FORMAT_CRYPTO)
    assert not policy.denies(None, Technique.NVME_FORMAT_CRYPTO)
    assert not Policy().denies("SAMSUNG SSD 970", Technique.NVME_FORMAT_CRYPTO)


def test_what_stands_without_a_file() -> None:
    plain = Policy()
    assert plain.label == "default/3"
    assert (plain.verify, plain.order) == (VerifyDepth.FULL, DEFAULT_ORDER)
    assert (plain.further_claims, plain.not_accepted, plain.denied) == ((), (), ())
    assert plain.fallbacks and plain.thaw_by_suspend and plain.remove_hidden_areas
    assert not plain.allow_usb
    assert (plain.nvme_format_timeout_s, plain.sanitize_stuck_after_s) == (3600, 1800)
    assert plain.max_bad_sectors == 2048
    assert plain.temperature == Temperature(60, 52, 75, 65)
