"""What all interop tests share."""

import os
import random

import enrolling
import pytest
import report_runs
from harness import BINARY, ENROLL_BINARY, Mfaudit


def pytest_configure():
    """Chooses the seed of organizations that are made up anew in each run, once for all who share out the tests."""
    os.environ.setdefault("MFAUDIT_SEED", str(random.randrange(2**32)))


@pytest.fixture(scope="session", autouse=True)
def _scrubbed():
    """Lets the SDK inside this process know nothing of this machine's configuration and proxies."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("AWS_") or name.lower().endswith("_proxy"):
                patch.delenv(name)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        yield


@pytest.fixture(scope="session", autouse=True)
def _binary():
    for binary in (BINARY, ENROLL_BINARY):
        if not binary.is_file():
            pytest.exit(f"there is no {binary}: run tests/run interop, or cargo build first", returncode=1)


@pytest.fixture(scope="module")
def mfaudit(tmp_path_factory) -> Mfaudit:
    """The binary, with a home of its own."""
    return Mfaudit(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def runs(tmp_path_factory) -> dict[str, report_runs.Run]:
    """Reports in every format, of organizations of all kinds."""
    return report_runs.runs(Mfaudit(tmp_path_factory.mktemp("home")), tmp_path_factory.mktemp("runs"))


@pytest.fixture
def shop(tmp_path):
    """An organization whose people enrol devices, made anew for each test."""
    with enrolling.shop(tmp_path) as it:
        yield it
