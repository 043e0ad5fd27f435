"""Everything a worker may need is read as soon as it has started, never later.

An upgrade puts new files where the old ones were while the old workers still answer. One that read the first template or
module of a page only now would mix two versions, and readers would see it fail.
"""

import threading
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.urls import get_resolver

from config import statics

OURS = ("blog", "comments", "config")
OF_COMMANDS = [
    "archive",
    "backup",
    "bucket",
    "doctor",
    "exporters",
    "importers",
    "management",
    "migrations",
    "receipt",
    "restore",
    "schema",
    "startup",
    "worker",
]
SOON = 0.5  # seconds, in which the first readers have their answers
SUFFIXES = {".css", ".html", ".txt", ".xml"}
UNREADABLE = (TemplateDoesNotExist, TemplateSyntaxError, UnicodeDecodeError)


def read_everything_soon():
    reading = threading.Timer(SOON, read_everything)
    reading.daemon = True
    reading.start()


def read_for_mail():
    """The same for the process that sends it."""
    _read_modules(import_module("comments"))
    for backend in engines.all():
        _read_templates(backend.engine, below="comments/mail/")


def read_everything():
    get_resolver().reverse_dict  # noqa: B018, asking for it brings in every view with what it imports
    for name in OURS:
        _read_modules(import_module(name))
    for backend in engines.all():
        _read_templates(backend.engine)
    statics.papers()


def _read_modules(package):
    for found in iter_modules(package.__path__, f"{package.__name__}."):
        if found.name.rpartition(".")[2] in OF_COMMANDS:
            continue
        with suppress(ImportError):  # of a library that a setting asks for and that is not installed
            module = import_module(found.name)
            if found.ispkg:
                _read_modules(module)


def _read_templates(engine, below=""):
    for name in sorted(name for name in _names(engine) if name.startswith(below)):
        read = []
        with suppress(*UNREADABLE):  # it fails when it is used, as it would anyway
            while True:  # the theme's may extend ours, which may extend Django's of the same name
                template, _origin = engine.find_template(name, skip=read or None)
                read.append(template.origin)


def _names(engine):
    folders = {Path(folder) for loader in _loaders(engine) for folder in loader.get_dirs()}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.suffix in SUFFIXES and path.is_file():
                yield path.relative_to(folder).as_posix()


def _loaders(engine):
    for loader in engine.template_loaders:
        yield from getattr(loader, "loaders", [loader])
