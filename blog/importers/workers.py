"""Rendering for an import, in worker processes where there is enough of it.

Rendering is pure, so that a worker needs no database: it gets text, and gives HTML. Workers are spawned, not
forked, for a fork would share this process's database connections and locks.
"""

import gc
import multiprocessing
import os
import pickle
import posixpath
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import unquote

from blog import rendering

WORTH_WORKERS = 60  # texts to render, below which starting workers takes longer than they save
A_TASK = 10
GARBAGE = 20_000  # new objects between two searches for circles: every 700, they take a tenth of the time

Outcome = rendering.Rendering | Exception
Resolve = Callable[..., str | None]  # (reference, source_path, language)


@dataclass(frozen=True)
class Text:
    """A body to render; context is what rendering.Context asks about the page, named the URL paths
    of what lies in its bundle, by the name in lower case.
    """

    body: str
    markup: str
    context: dict[str, Any]
    named: tuple[tuple[str, str], ...] = ()
    language: str = ""

    def resolve_resource(self, name: str, _source_path: str) -> str | None:
        return dict(self.named).get(posixpath.normpath(unquote(name)).lower()) if self.named else None


@dataclass(frozen=True)
class Renderer:
    """What all texts of a site have in common; site is what rendering.Context asks about it."""

    options: rendering.Options
    resolve_ref: Resolve
    resolve_page: Resolve
    site: dict[str, Any]

    def __call__(self, text: Text) -> Outcome:
        """The rendering, or the exception that a text too odd for the renderer has raised."""
        context = rendering.Context(
            **text.context,
            **self.site,
            resolve_ref=partial(self.resolve_ref, language=text.language),
            resolve_page=partial(self.resolve_page, language=text.language),
            resolve_resource=text.resolve_resource,
        )
        try:
            return rendering.render(text.body, markup=text.markup, options=self.options, context=context)
        except Exception as error:  # one text must not end the import of all others
            return error


class Workers:
    """Starts renderings and hands them out later; to be used in a with statement."""

    def __init__(self, renderer: Renderer, processes: int | None = None) -> None:
        self.renderer = renderer
        self.processes = processor_count() if processes is None else processes
        self.pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_error: object) -> None:
        if self.pool:
            self.pool.shutdown(cancel_futures=True)

    def start(self, texts: list[Text]) -> Callable[[], list[Outcome]]:
        """Begin to render; calling what comes back waits for the renderings, in order."""
        if not self._open(len(texts)):
            return lambda: [self.renderer(text) for text in texts]
        tasks = [texts[first : first + A_TASK] for first in range(0, len(texts), A_TASK)]
        futures = [self.pool.submit(_render_all, task) for task in tasks]
        return lambda: self._collect(zip(futures, tasks, strict=True))

    def _collect(self, started: Iterable[tuple[Future, list[Text]]]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for future, task in started:
            try:
                outcomes += future.result()
            except BrokenProcessPool:  # a worker was killed, perhaps for its memory
                outcomes += [self.renderer(text) for text in task]
        return outcomes

    def _open(self, texts: int) -> bool:
        if self.pool is None and self.processes > 1 and texts >= WORTH_WORKERS and _can_travel(self.renderer):
            self.pool = ProcessPoolExecutor(
                self.processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_prepare,
                initargs=(self.renderer,),
            )
        return self.pool is not None


def each_in_processes(function: Callable, items: Iterable, processes: int | None = None) -> Iterator[Any]:
    """function(item) for each, in order, in worker processes; None for one whose worker was killed, perhaps for its memory.

    No more items are at hand than the workers need.
    """
    count = processor_count() if processes is None else processes
    if count < 2:
        yield from map(function, items)
        return
    items = iter(items)
    while some := deque(islice(items, 2 * count)):
        with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
            under_way = deque(_begin(pool, function, item) for item in some)
            more = items
            while under_way:
                try:
                    yield under_way.popleft().result()
                except BrokenProcessPool:
                    yield None
                    more = iter(())  # the next pool's
                under_way.extend(_begin(pool, function, item) for item in islice(more, 1))


def _begin(pool: ProcessPoolExecutor, function: Callable, item: Any) -> Future:
    try:
        return pool.submit(function, item)
    except BrokenProcessPool as error:
        lost: Future = Future()
        lost.set_exception(error)
        return lost


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Search for circles of objects less often: an import makes very many objects and hardly any circle."""
    before = gc.get_threshold()
    gc.set_threshold(GARBAGE)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def processor_count() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _can_travel(renderer: Renderer) -> bool:
    try:
        pickle.dumps(renderer)
    except (pickle.PicklingError, TypeError, AttributeError):
        return False
    return True


_renderer: Renderer


def _prepare(renderer: Renderer) -> None:
    global _renderer
    _renderer = renderer
    gc.freeze()
    gc.set_threshold(GARBAGE)  # for good: the process does nothing else
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process ends the workers


def _render_all(texts: list[Text]) -> list[Outcome]:
    return [_renderer(text) for text in texts]
