import os

import pytest
from hypothesis import HealthCheck, settings

from tests import factories

# How long something takes says nothing here: the machine may be busy.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Reasons that are none to worry about: a document lies beside the repository or does not; a test says what one of the
# databases does, and the suite is run on the other; where CI runs in a sandbox of its own, that may forbid a mount.
FINE = ("not part of the project", "of SQLite alone", "no disk can be mounted here")


@pytest.fixture
def editor(db):
    return factories.make_editor()


@pytest.fixture
def editor_client(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture(autouse=True)
def media_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def pytest_sessionfinish(session, exitstatus):
    """In CI everything is there, so a test that was skipped is a test that failed to run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or not reporter or exitstatus:
        return
    skipped = [
        report
        for report in reporter.stats.get("skipped", [])
        if not any(reason in str(report.longrepr) for reason in FINE)
    ]
    if skipped:
        session.exitstatus = 1
        reporter.write_line(
            f"{len(skipped)} skipped; in CI that is a failure. The reasons are listed above or below.",
            red=True,
        )
