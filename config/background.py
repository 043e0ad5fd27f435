"""What is done after a request, by another process: functions marked with ``task``, run by ``manage.py work``."""

try:
    from django.tasks import task
except ImportError:  # before Django 6.0
    from django_tasks import task

__all__ = ["task"]
