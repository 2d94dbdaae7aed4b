from pathlib import Path

import pytest

from first_start import scratch


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> scratch.Scratch:
    """A light OS as it comes from the installer, to begin others with."""
    if why := scratch.missing():
        pytest.skip(why)
    return scratch.prepare(tmp_path_factory.mktemp("image"))


@pytest.fixture
def fresh(image: scratch.Scratch, tmp_path: Path) -> scratch.Scratch:
    return scratch.Scratch(tmp_path / "system", image)
