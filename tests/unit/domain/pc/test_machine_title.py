"""How a PC is called, on every paper and screen."""

from __future__ import annotations

import pytest

from reprise.domain.pc.hardware import Machine


@pytest.mark.parametrize(
    ("machine", "title"),
    [
        (Machine(maker="Dell Inc.", model="Latitude"), "Dell Inc. Latitude"),
        (Machine(maker="HP", model="hp ProBook", version="A1"), "hp ProBook A1"),
        (Machine(maker="LENOVO", model="20A", version="ThinkPad"), "LENOVO 20A ThinkPad"),
        (Machine(model="Latitude"), "Latitude"),
        (Machine(maker="Dell Inc."), "Dell Inc."),
        (Machine(), ""),
    ],
)
def test_a_maker_is_named_once(machine: Machine, title: str) -> None:
    assert machine.title == title
