"""Every test of tests/lab, run on the image's kernel in a guest, is a result here.

The guest's tests are found by reading their files, not by running them: a test that the guest lost
is a failure here, not one test less."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from vm.lab import Lab, LabRun, lab_files, run_side_by_side


def lab_tests() -> list[str]:
    """Names "test_file::test_function" of all tests, methods of test classes included."""
    found: list[str] = []
    for path in lab_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found += [f"{path.stem}::{node.name}"] if node.name.startswith("test_") else []
    return found


@pytest.fixture(scope="module")
def lab_run(iso: Path, bench: Path) -> LabRun:
    with (bench / "pytest.log").open("w", buffering=1) as log:
        return run_side_by_side(Lab(iso, bench, time_limit_s=2400, hear=log.write))


@pytest.mark.parametrize("name", lab_tests())
def test_in_the_guest(lab_run: LabRun, name: str) -> None:
    cases = [case for case in lab_run.cases if f"{case.file}::{case.function}" == name]
    assert cases, (
        f"{name} did not run in the guest (exit {lab_run.status}):\n{lab_run.output[-2000:]}"
    )
    bad = [case for case in cases if case.outcome != "passed"]
    told = [f"{case.name} {case.outcome} after {case.seconds:.0f} s\n{case.words}" for case in bad]
    assert not bad, "\n\n".join(told)


def test_the_guest_ran_all_of_them_to_the_end(lab_run: LabRun) -> None:
    known = set(lab_tests())
    strangers = {f"{case.file}::{case.function}" for case in lab_run.cases} - known
    assert lab_run.cases, lab_run.output[-2000:]
    assert not strangers
    assert lab_run.status == 0, lab_run.output[-2000:]


def test_the_guests_kernel_did_not_stumble(lab_run: LabRun) -> None:
    words = ("kernel BUG", "Oops:", "general protection fault", "blocked for more than")
    assert [line for line in lab_run.kernel_log.splitlines() if any(w in line for w in words)] == []
