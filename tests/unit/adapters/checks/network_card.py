"""Network cards in a made tree."""

from __future__ import annotations

from unit.adapters.hardware.made_tree import MadeTree


def card(tree: MadeTree, name: str, **facts: str) -> None:
    (tree.root / f"sys/class/net/{name}/device").mkdir(parents=True, exist_ok=True)
    for file, value in ({"type": "1"} | facts).items():
        tree.write(f"sys/class/net/{name}/{file}", value + "\n")
