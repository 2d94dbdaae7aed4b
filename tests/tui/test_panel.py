"""A question's answer, as it is typed."""

from __future__ import annotations

from station_kit.driver import station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit


async def test_what_was_typed_is_erased_letter_by_letter_and_has_an_end() -> None:
    kit = Kit(laptop(hdd()))
    kit.store.place = "memory"
    async with station(kit, (80, 25)) as tech:
        await tech.to_done()
        await tech.press("f4")
        await tech.see("il sera PERDU")
        await tech.press(*"xo", "backspace")
        await tech.see("> x_")
        await tech.press("backspace", "backspace", *"o" * 61)
        await tech.see(f"> {'o' * 60}_")
        await tech.press(*["backspace"] * 59)
        await tech.see("> o_")
        assert kit.power.asked == []
        await tech.press("enter")
        await tech.until(lambda: kit.power.asked == ["off"], "the answer")
