"""How often noise is taken for data: bounds, computed and not measured."""

from __future__ import annotations

import cmath
import math
from math import comb

import pytest

from reprise.adapters.drives.surface import noise

DRIVE_BYTES = 16e12
SECTORS, PIECES = DRIVE_BYTES / noise.SECTOR_BYTES, DRIVE_BYTES / noise.PIECE_BYTES
MOST = 1e-6  # false alarms per drive
OF_A_PIECE = 5e-17  # for each limit
UP, DOWN = 0.24, -0.7  # any would give a bound; these give about the least


def log_moment(length: int, power: float) -> float:
    """ln E exp(power * G) of `length` random bytes, G = 2 * length * ln 2 * (8 - entropy).

    The counts of the 256 values are multinomial: independent Poisson variables, given their sum.
    So it is the moment of the 256 variables times P(sum = length) under the weights that the
    exponential puts on them, over P(sum = length) without.
    """
    mean = length / 256
    counts = range(int(14 * mean + 60))
    plain = [math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in counts]
    deviance = [2 * ((k * math.log(k / mean) if k else 0.0) - k + mean) for k in counts]
    tilted = [p * math.exp(power * d) for p, d in zip(plain, deviance, strict=True)]
    assert tilted[-1] < 1e-14 * max(tilted)  # the sum may end here
    one = sum(tilted)
    weights = [p / one for p in tilted]
    return 256 * math.log(one) + math.log(_chance(weights, length) / _chance(plain, length))


def _chance(weights: list[float], total: int) -> float:
    """P(256 independent variables of this distribution sum up to `total`), by Fourier."""
    points = 2 * total + 2048
    found = 0.0
    for j in range(points):
        z = cmath.exp(2j * math.pi * j / points)
        phi = 0j
        for weight in reversed(weights):
            phi = phi * z + weight
        found += (phi**256 * z**-total).real * (2 if j else 1)
        if abs(phi) ** 256 < 1e-13:
            break
    return found / points


def _g(length: int, entropy: float) -> float:
    return 2 * length * math.log(2) * (8 - entropy)


def test_the_moments_are_those_of_the_multinomial() -> None:
    """E G of 512 bytes, exactly: by the binomial distribution of each value's count."""
    exact = 0.0
    for k in range(1, 513):
        log_p = math.log(comb(512, k)) - k * math.log(256) + (512 - k) * math.log(255 / 256)
        exact += 256 * math.exp(log_p) * 2 * k * math.log(k / 2)
    step = 1e-4
    slope = (log_moment(512, step) - log_moment(512, -step)) / (2 * step)
    assert slope == pytest.approx(exact, rel=1e-5)


@pytest.mark.parametrize("length", range(512, 4097, 512))
def test_a_pieces_limits(length: int) -> None:
    least, most = noise.ENTROPY[length]
    uneven = math.exp(log_moment(length, UP) - UP * _g(length, least))
    too_even = math.exp(log_moment(length, DOWN) - DOWN * _g(length, most))
    assert uneven <= OF_A_PIECE
    assert too_even <= OF_A_PIECE
    assert set(noise.ENTROPY) == set(range(512, 4097, 512))


def _added(sums: tuple[float, float], power: float) -> float:
    """exp(power * (G - allowed)) has a mean of at most 1, so its products from any piece on are a
    supermartingale: the chance that it ever reaches exp(power * limit) is at most 1 over that."""
    enough, limit = sums
    assert log_moment(4096, power) <= power * _g(4096, enough)
    return math.exp(-power * (_g(4096, 0) - _g(4096, limit)))


def test_less_than_one_alarm_in_a_million_drives() -> None:
    high = 2 * sum(comb(512, k) for k in range(noise.MOST_HIGH + 1, 513)) / 2**512
    assert noise.LEAST_HIGH + noise.MOST_HIGH == 512
    least, most = noise.ENTROPY[4096]
    uneven = math.exp(log_moment(4096, UP) - UP * _g(4096, least))
    too_even = math.exp(log_moment(4096, DOWN) - DOWN * _g(4096, most))
    added = _added(noise.CLEARLY, 0.1) + _added(noise.HARDLY, 0.03)
    alarms = SECTORS * high + PIECES * (uneven + too_even + added)
    print(f"{high:.2e} {uneven:.2e} {too_even:.2e} {added:.2e}: {alarms:.2e} on 16 TB")
    assert alarms < MOST
