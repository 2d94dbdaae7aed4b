"""F12: the layout of the keyboard, here and in the system to install."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from reprise import i18n
from reprise.errors import ToolError
from reprise.ports.sheets.station_tools import StationTools
from reprise.workflow.session.services import StationServices
from reprise_common.keyboard_layouts import ORDER, Changeable, KeyboardState
from station_kit.driver import check_glyphs, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit

FRENCH = KeyboardState("fr", layouts=ORDER)


@dataclass
class FakeKeyboard:
    """Loads when it may `go`; fails on what is `broken`, and leaves nobody knows what."""

    now: KeyboardState = FRENCH
    broken: str = ""
    go: threading.Event = field(default_factory=threading.Event)
    looked: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.go.set()

    def state(self) -> KeyboardState:
        state = self.now
        self.looked.set()
        return state

    def load(self, layout: str) -> KeyboardState:
        self.asked.append(layout)
        self.go.wait(60)
        if layout == self.broken:
            self.now = replace(self.now, layout="", chosen=False)
            raise ToolError("The layout was not loaded.", "Try the keys.")
        self.now = replace(self.now, layout=layout, chosen=True)
        return self.now


def with_it(keyboard: FakeKeyboard) -> StationTools:
    return StationTools(keyboard=lambda: keyboard)


async def test_the_layout_of_the_settings_is_seen_once_the_engine_has_read_them() -> None:
    keyboard = FakeKeyboard()
    kit = Kit(laptop(hdd()))
    services = kit.services()

    def read() -> StationServices:
        assert keyboard.looked.wait(60)
        keyboard.now = replace(FRENCH, layout="be")  # what the engine does then
        return services

    async with station(kit, (80, 25), read, tools=with_it(keyboard)) as tech:
        await tech.see("Clavier : belge")


async def test_the_first_screen_says_the_layout_and_how_to_change_it() -> None:
    keyboard = FakeKeyboard()
    async with station(Kit(laptop(hdd())), (80, 25), tools=with_it(keyboard)) as tech:
        await tech.see("Clavier : français (AZERTY)", "F12")
        await tech.press("p", "f12")
        await tech.see("→ français (AZERTY)", "en service", "bépo", "Essayez les touches ici")
        await tech.press("down", "down", *"qsd")
        await tech.see("→ français (bépo)", "qsd")
        assert keyboard.asked == []
        await tech.press("enter")
        await tech.see("chargée : français (bépo)", "aura aussi")
        assert i18n.language() == "fr"
        check_glyphs(tech)
        await tech.press("escape")
        assert "p" in await tech.see("Clavier : français (bépo)", "étape 1 sur")


async def test_a_layout_that_does_not_load_is_not_said_to_be_in_use() -> None:
    keyboard = FakeKeyboard(broken="be")
    async with station(Kit(laptop(hdd())), (80, 25), tools=with_it(keyboard)) as tech:
        await tech.see("Clavier : français (AZERTY)")
        await tech.press("f12", "down", "down", "down", "enter")
        text = await tech.see("The layout was not loaded. Try the keys.", "disposition inconnue")
        assert "en service" not in text
        await tech.press("escape")
        await tech.see("Clavier : disposition inconnue")


async def test_what_was_loaded_before_the_screen_died_is_shown_and_installed() -> None:
    kit = Kit(laptop(hdd()))
    keyboard = FakeKeyboard(replace(FRENCH, layout="fr-bepo", chosen=True))
    async with station(kit, tools=with_it(keyboard)) as tech:
        await tech.see("Clavier : français (bépo)")
        await tech.to_done()
    assert [one.options.keyboard for one in kit.installer.requests] == ["fr-bepo"]


async def test_what_the_start_loaded_does_not_overrule_the_settings() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, tools=with_it(FakeKeyboard(replace(FRENCH, layout="us")))) as tech:
        await tech.to_done()
    assert [one.options.keyboard for one in kit.installer.requests] == ["fr"]


async def test_on_no_console_it_says_where_to_change_it() -> None:
    keyboard = FakeKeyboard(KeyboardState(layouts=ORDER, changeable=Changeable.NO_CONSOLE))
    async with station(Kit(laptop(hdd())), (80, 25), tools=with_it(keyboard)) as tech:
        await tech.see("celui du programme")
        await tech.press("f12", "down", "enter")
        text = await tech.see("Il ne peut pas être changé ici", "là-bas")
        assert "Charger" not in text
        assert "bépo" not in text
    assert keyboard.asked == []


async def test_loading_blocks_nothing_and_happens_once() -> None:
    keyboard = FakeKeyboard()
    keyboard.go.clear()
    async with station(Kit(laptop(hdd())), (80, 25), tools=with_it(keyboard)) as tech:
        await tech.see("Clavier : français (AZERTY)")
        await tech.press("f12", "down", "enter", "enter")
        await tech.see("Chargement…")
        await tech.press("escape")
        await tech.see("étape 1 sur")
        keyboard.go.set()
        await tech.see("Clavier : français, caractères étendus")
    assert keyboard.asked == ["fr-oss"]


async def test_without_a_keyboard_of_its_own_a_station_offers_none() -> None:
    async with station(Kit(laptop(hdd()))) as tech:
        assert "F12" not in await tech.see("Le PC a été lu")
