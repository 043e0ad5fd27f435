"""What is done after a request, by another process: functions marked with ``task``, run by ``manage.py work``."""

try:
    from django.tasks import task
except ImportError:  # before Django 6.0
    from django_tasks import task

__all__ = ["regular", "regularly", "task"]

regular = []


def regularly(function):
    """Have this called about once a second by ``manage.py work``. It must be quick and must not raise."""
    regular.append(function)
    return function
