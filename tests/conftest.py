import os

import pytest

from tests import factories

MAY_BE_ABSENT = "not part of the project"  # documents that lie beside the repository, or do not


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
        report for report in reporter.stats.get("skipped", []) if MAY_BE_ABSENT not in str(report.longrepr)
    ]
    if skipped:
        session.exitstatus = 1
        reporter.write_line(
            f"{len(skipped)} skipped; in CI that is a failure. The reasons are listed above or below.",
            red=True,
        )
