"""The wizard's windows: GTK 3, by keyboard, mouse or screen reader."""

from __future__ import annotations

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
gi.require_version("Atk", "1.0")
