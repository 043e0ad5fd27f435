import pytest


@pytest.fixture(autouse=True)
def connection_stays(monkeypatch):
    """Between tasks the worker closes connections that are left in a transaction, as that of a test is."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
