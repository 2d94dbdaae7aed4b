"""The wizard: one window, one page at a time, Back and Continue."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
from typing import Any

from gi.repository import Gdk, GLib, Gtk

from reprise_first_start import account, drive, keyboards, places
from reprise_first_start.answers import Draft
from reprise_first_start.contract import Contract
from reprise_first_start.errors import FirstStartError
from reprise_first_start.files import Root
from reprise_first_start.i18n import LANGUAGES, _, set_language
from reprise_first_start.ui import kit
from reprise_first_start.ui.look import Appearance
from reprise_first_start.ui.page import Page, PageContext, Switches
from reprise_first_start.ui.pages.end import DonePage, SummaryPage, WorkPage
from reprise_first_start.ui.pages.keyboard import KeyboardPage
from reprise_first_start.ui.pages.person import NamePage, PasswordPage
from reprise_first_start.ui.pages.place import PlacePage
from reprise_first_start.ui.pages.start import StartPage
from reprise_first_start.ui.pages.wifi import WifiPage

_LOG = logging.getLogger(__name__)
_SMALL = 700  # screens lower than this get letters a little smaller


def first_draft(contract: Contract, opens_drive: bool = False) -> Draft:
    """What the installer proposed, or what an unfinished try had; passwords are asked again. A
    password that opens the drive is not asked for a second time, by the log-in."""
    known = contract.accepted
    language = known.language if known else contract.language
    draft = Draft(
        language=language if language in LANGUAGES else LANGUAGES[0],
        keyboard=keyboards.known(known.keyboard if known else contract.keyboard),
        timezone=places.known_zone(known.timezone if known else contract.timezone),
        ask_password=not opens_drive,
        opens_drive=opens_drive,
    )
    if known:
        draft.full_name = known.full_name
        draft.ask_password = known.ask_password and not opens_drive
        draft.user, draft.computer = known.user, known.computer
        draft.user_typed = draft.computer_typed = True
    return draft


class Wizard:
    """`finished`: the PC is the person's; the log-in screen may come."""

    def __init__(self, root: Root, contract: Contract) -> None:
        self.finished = False
        draft = first_draft(contract, drive.awaits_owner(root))
        set_language(draft.language)
        keyboards.use_now(draft.keyboard)
        ours = (*contract.replaces, *((contract.accepted.user,) if contract.accepted else ()))
        self._look, self._complaint = Appearance(), kit.Complaint()
        orca = self._speak if shutil.which("orca") else None
        self._context = PageContext(
            root=root, contract=contract, draft=draft, taken=account.taken_names(root, ours),
            complaint=self._complaint, go_on=self._forward, renew=self._renew,
            label=self._label, switches=Switches(changed=self._restyle, speak=orca),
        )  # fmt: skip
        self._work = WorkPage(self._context, self._worked, self._failed)
        self._done = DonePage(self._context)
        self._pages: tuple[Page, ...] = (
            StartPage(self._context), KeyboardPage(self._context), WifiPage(self._context),
            PlacePage(self._context), NamePage(self._context), PasswordPage(self._context),
            SummaryPage(self._context), self._work, self._done,
        )  # fmt: skip
        self._wifi = self._pages[2].wanted()  # a cable may come or go until that page: then it is
        self._at = 0  # asked again; the count of steps stays
        self._way: list[int] = []
        self._window = self._build()
        self._restyle()
        self._show()

    # the window

    def _build(self) -> Any:
        self._title, self._step = kit.text("", "title"), kit.text("")
        band = kit.column()
        band.set_spacing(0)
        band.get_style_context().add_class("band")
        band.pack_start(self._step, False, False, 0)
        band.pack_start(self._title, False, False, 0)
        self._body = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, halign=Gtk.Align.CENTER)
        self._body.set_size_request(kit.WIDTH, -1)
        self._body.get_style_context().add_class("page")
        self._sheet = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.AUTOMATIC)
        self._sheet.set_overlay_scrolling(False)
        self._sheet.add(self._body)
        self._body.set_focus_vadjustment(self._sheet.get_vadjustment())
        self._back = kit.button("", self._backward)
        self._next = kit.button("", self._forward)
        self._next.set_can_default(True)
        self._next.get_style_context().add_class("default")
        foot = Gtk.Box(spacing=12)
        foot.get_style_context().add_class("foot")
        foot.pack_start(self._back, False, False, 0)
        foot.pack_end(self._next, False, False, 0)
        whole = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        whole.pack_start(band, False, False, 0)
        whole.pack_start(self._sheet, True, True, 0)
        whole.pack_start(foot, False, False, 0)
        window = Gtk.Window(decorated=False)
        window.add(whole)
        window.set_default(self._next)
        window.connect("delete-event", lambda *_event: True)  # there is no way out but through
        window.connect("key-press-event", self._key)
        size = self._screen_size()
        window.set_default_size(*size)
        window.move(0, 0)
        window.fullscreen()
        window.show_all()
        return window

    @staticmethod
    def _screen_size() -> tuple[int, int]:
        display = Gdk.Display.get_default()
        area = (display.get_primary_monitor() or display.get_monitor(0)).get_geometry()
        return area.width, area.height

    def _restyle(self) -> None:
        switches = self._context.switches
        small = self._screen_size()[1] < _SMALL
        self._look.show(
            large=switches.large,
            contrast=switches.contrast,
            small_screen=small and not switches.large,
        )

    def _key(self, _window: Any, event: Any) -> bool:
        keys = {Gdk.KEY_F6: "large", Gdk.KEY_F7: "contrast"}
        if event.keyval in keys:
            name = keys[event.keyval]
            setattr(self._context.switches, name, not getattr(self._context.switches, name))
            self._restyle()
            if self._pages[self._at].name == "start":
                self._renew()
            return True
        alone = not event.state & Gdk.ModifierType.MOD1_MASK  # Alt and F4 would close a window
        if event.keyval == Gdk.KEY_F4 and alone and self._context.switches.speak is not None:
            self._speak()
            return True
        if event.keyval == Gdk.KEY_Escape and self._back.get_sensitive():
            self._backward()
            return True
        return False

    def _speak(self) -> None:
        """Orca in the language of the screen; a second press begins anew."""
        language = {"fr": "fr_FR.UTF-8"}.get(self._context.draft.language, "en_US.UTF-8")
        _LOG.info("speech asked for")
        subprocess.Popen(["orca", "--replace"], env={**os.environ, "LANG": language})

    # from page to page

    def _show(self) -> None:
        page = self._pages[self._at]
        _LOG.info("page %s", page.name)
        self._complaint.clear()
        self._title.set_text(page.title())
        asked = [step for step in self._pages if step not in (self._work, self._done)]
        self._step.set_text(self._step_words(page, asked))
        self._back.set_label(_("_Back"))
        self._back.set_sensitive(bool(self._way) and page not in (self._work, self._done))
        self._next.set_sensitive(page is not self._work)
        self._label(_("_Continue"))
        for child in self._body.get_children():
            self._body.remove(child)
        self._body.pack_start(self._complaint.widget, False, False, 0)
        self._body.pack_start(page.build(), True, True, 0)
        self._body.show_all()
        self._next.grab_focus()
        page.focus()
        self._window.set_focus_visible(True)
        self._sheet.get_vadjustment().set_value(0)
        self._window.get_accessible().set_name(page.title())

    def _step_words(self, page: Page, asked: list[Page]) -> str:
        if page not in asked:
            return ""
        left = [step for step in asked if step.name != "wifi" or step is page or self._wifi]
        return _("Step {number} of {count}").format(number=left.index(page) + 1, count=len(left))

    def _renew(self) -> None:
        self._show()

    def _label(self, words: str) -> None:
        self._next.set_label(words)

    def _forward(self) -> None:
        page = self._pages[self._at]
        if page is self._done:
            self._close()
            return
        if page is self._work and not self._next.get_sensitive():
            return
        try:
            page.check()
        except FirstStartError as error:
            self._complaint.show(error)
            self._sheet.get_vadjustment().set_value(0)
            return
        if page is not self._work:
            self._way.append(self._at)
            self._at += 1
        while not self._pages[self._at].wanted():
            self._at += 1
        self._show()
        if self._pages[self._at] is self._work:
            self._work.begin()

    def _backward(self) -> None:
        if self._way:
            self._at = self._way.pop()
            self._show()

    def _worked(self) -> None:
        self._at += 1
        self._way = []
        self.finished = True
        self._show()

    def _failed(self, error: FirstStartError) -> None:
        _LOG.error("failed: %s", error)
        self._complaint.show(error)
        self._label(_("_Try again"))
        self._next.set_sensitive(True)
        self._back.set_sensitive(True)
        self._next.grab_focus()

    def _close(self) -> None:
        self._window.destroy()
        GLib.idle_add(Gtk.main_quit)


def run(root: Root, contract: Contract) -> bool:
    """Whether the person came to the end."""
    wizard = Wizard(root, contract)
    Gtk.main()
    return wizard.finished
