"""Which program made a paper is in its name: an older one is not sent after a change."""

from __future__ import annotations

from reprise.server.papers.maker import PARTS, maker
from station_kit.imports import imported, modules, part_of
from station_kit.places import TOP


def test_all_that_a_paper_comes_from_is_in_the_name_of_its_maker() -> None:
    every = modules(TOP / "app")
    todo = [module for module in every if module.startswith("reprise.documents.")]
    reached: set[str] = set()
    while todo:
        module = todo.pop()
        if module in every and module not in reached:
            reached.add(module)
            for name in imported(every[module], module):
                todo += [name, name.rpartition(".")[0]]
    parts = {part.removesuffix(".py") for part in PARTS} - {"locale"}
    assert {part_of(module) for module in reached} == {*parts, "reprise_common", ""}
    assert len(maker()) == 64
