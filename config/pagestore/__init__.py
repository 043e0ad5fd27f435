"""Stored pages: the bytes of an answer, kept for the next reader for as long as they are true.

The rule that keeps them true is one sentence: a page is stored only if the site was in the same state before and after
it was made, and given out only while what it was made from is in that state.

- ``watch(Model, …)`` in an app's ``apps.py``: changes of its table are changes of the site. Triggers of the database
  give the topics a new token in the transaction of the change itself (``triggers.py``), so that bulk changes, raw SQL
  and other programs are seen as well, and what is rolled back never happened.
- ``stored(…)`` around a view in ``urls.py``: its answers to anonymous readers may be kept.
- ``narrow(request, topic)`` in such a view: this page depends on less than its view in general.
- ``while_unchanged(key, find)``: in such a view, what takes long to find out and is the same for many pages.
- ``turns_at(function)``: asked for the next moment at which pages change by the clock alone.
"""

from config.pagestore.topics import COMMENTS, SITE, narrow, stored, topic, turns_at, watch
from config.pagestore.unchanged import while_unchanged

__all__ = ["COMMENTS", "SITE", "narrow", "stored", "topic", "turns_at", "watch", "while_unchanged"]
