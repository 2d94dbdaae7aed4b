"""How a PC is called, on every paper and screen."""

from __future__ import annotations

import pytest

from reprise.domain.pc.hardware import Machine


@pytest.mark.parametrize(
    ("machine", "title"),
    [
        (Machine(maker="Dell Inc.", model="Latitude"), "Dell Inc. Latitude"),
        (Machine(maker="HP", model="hp ProBook", version="A1018CD200"), "hp ProBook"),
        (Machine(maker="LENOVO", model="20A", version="ThinkPad"), "LENOVO 20A ThinkPad"),
        (
            Machine(maker="LENOVO", model="ThinkPad L520 50153CJ", version="ThinkPad L520"),
            "LENOVO ThinkPad L520 50153CJ",
        ),
        (Machine(maker="Acer", model="Aspire 5315", version="1.0"), "Acer Aspire 5315"),
        (Machine(maker="MSI", model="MS-7817", version="Rev 1.xx"), "MSI MS-7817"),
        (Machine(maker="X", model="Y", version="Standard Version"), "X Y"),
        (
            Machine(maker="System76", model="Galago Pro", version="galp3"),
            "System76 Galago Pro galp3",
        ),
        (Machine(maker="HP", model="HP-Compaq dc7900"), "HP-Compaq dc7900"),
        (Machine(maker="Dell Inc.", model="Dell System XPS"), "Dell System XPS"),
        (Machine(model="Latitude"), "Latitude"),
        (Machine(maker="Dell Inc."), "Dell Inc."),
        (Machine(), ""),
    ],
)
def test_a_maker_is_named_once(machine: Machine, title: str) -> None:
    assert machine.title == title
