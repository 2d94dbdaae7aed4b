"""Every test of the product in tests/lab, run on the image's kernel in a guest, is a result here;
of the cases that are marked as thorough, `make lab` sees to.

The guest's tests are found by reading their files, not by running them: a test that the guest lost
is a failure here, not one test less."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from vm.lab import Lab, LabRun, of_the_product, run_lab
from vm.media import ROOT

_STUMBLES = ("kernel BUG", "Oops:", "general protection fault", "blocked for more than")


def lab_tests(files: tuple[str, ...]) -> list[str]:
    """Names "test_file::test_function" of all tests, methods of test classes included."""
    names: list[str] = []
    for path in (ROOT / name for name in files):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _thorough(node):
                names += [f"{path.stem}::{node.name}"] if node.name.startswith("test_") else []
    return names


def _thorough(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(mark, ast.Name) and mark.id == "thorough" for mark in test.decorator_list)


FILES = tuple(str(path.relative_to(ROOT)) for path in of_the_product())
TESTS = lab_tests(FILES)


@pytest.fixture(scope="module")
def lab_run(iso: Path, bench: Path) -> LabRun:
    arguments = ("-m", "not thorough", *FILES)
    with (bench / "pytest.log").open("w", buffering=1) as log:
        return run_lab(Lab(iso, bench, arguments, time_limit_s=2700, hear=log.write))


@pytest.mark.parametrize("name", TESTS)
def test_in_the_guest(lab_run: LabRun, name: str) -> None:
    cases = [case for case in lab_run.cases if f"{case.file}::{case.function}" == name]
    assert cases, (
        f"{name} did not run in the guest (exit {lab_run.status}):\n{lab_run.output[-2000:]}"
    )
    bad = [case for case in cases if case.outcome != "passed"]
    told = [f"{case.name} {case.outcome} after {case.seconds:.0f} s\n{case.words}" for case in bad]
    assert not bad, "\n\n".join(told)


def test_the_guest_ran_all_of_them_to_the_end(lab_run: LabRun) -> None:
    strangers = {f"{case.file}::{case.function}" for case in lab_run.cases} - set(TESTS)
    assert lab_run.cases, lab_run.output[-2000:]
    assert not strangers
    assert lab_run.status == 0, lab_run.output[-2000:]


def test_the_guests_kernel_did_not_stumble(lab_run: LabRun) -> None:
    lines = lab_run.kernel_log.splitlines()
    assert [line for line in lines if any(word in line for word in _STUMBLES)] == []
