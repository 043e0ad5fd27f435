"""Finds what comments quote when they are saved, and keeps it."""

from collections import defaultdict
from itertools import islice
from zlib import crc32

from comments import lineage, quotes
from comments.models import Comment, Quote

MOST_ANCESTORS = 200
MOST_CHARACTERS = 400_000  # of ancestors that are read for one comment
CHUNK = 500


def record(comments, *, are_new=False):
    """Store where the quotes in these comments come from. Two queries to read what they answer, one to write.

    Done once, for the text as it was saved: when a source is edited later, its quotes stay and are
    sought in it anew whenever it is shown.
    """
    if not are_new:
        for chunk in _chunks([comment.pk for comment in comments]):
            Quote.objects.filter(comment__in=chunk).delete()
    by_target = defaultdict(list)
    for comment in comments:
        if "<blockquote" in comment.body_html:
            by_target[comment.content_type_id, comment.object_id].append(comment)
    found = [quote for group in by_target.values() for quote in _found_in(group)]
    Quote.objects.bulk_create(found, batch_size=CHUNK)


def _found_in(comments):
    """The quotes of comments on one target. Each source is read and taken apart once."""
    ancestors = _ancestors(comments)
    sources = _Sources(comments[0].target, {pk for above in ancestors.values() for pk in above})
    for comment in comments:
        answers = quotes.find_all(comment.body_html, sources.for_chain(ancestors[comment.pk]))
        for position, found in enumerate(answers):
            if found:
                yield _quote(comment, position, found)


def _quote(comment, position, found):
    passage = found.passage
    return Quote(
        comment=comment,
        position=position,
        source_id=found.key,
        fragment=fragment(found.key, passage.exact),
        **passage._asdict(),
    )


def fragment(source_id, exact):
    """The id of a passage in the page; the same for all who quote the same words."""
    return f"quote-{source_id or 'text'}-{crc32(exact.encode()):08x}"


def _ancestors(comments):
    """The ids of the comments above each of these, nearest first: of one found by the database, of many by reading."""
    if len(comments) == 1:
        return {comments[0].pk: lineage.above(comments[0].pk, MOST_ANCESTORS)}
    threads = Comment.objects.filter(
        content_type_id=comments[0].content_type_id, object_id=comments[0].object_id
    )
    parents = dict(threads.order_by().values_list("pk", "parent_id"))
    return {comment.pk: list(islice(_upwards(comment.pk, parents), MOST_ANCESTORS)) for comment in comments}


def _upwards(pk, parents):
    seen = {pk, None}
    while (pk := parents.get(pk)) not in seen:
        seen.add(pk)
        yield pk


class _Sources:
    """What can be quoted: approved comments and the target."""

    def __init__(self, target, ids):
        self.html = {}
        for chunk in _chunks(ids):
            self.html.update(
                Comment.objects.approved()
                .filter(pk__in=chunk)
                .exclude(body_html="")
                .values_list("pk", "body_html")
            )
        self.ready = {}
        quotable = getattr(target, "quotable_html", "")
        self.target = [quotes.source(None, quotable, is_target=True)] if quotable else []

    def for_chain(self, ids):
        chain, characters = [], 0
        for pk in ids:
            html = self.html.get(pk)
            characters += len(html or "")
            if characters > MOST_CHARACTERS:
                break
            if html:
                chain.append(self._source(pk, html))
        return chain + self.target

    def _source(self, pk, html):
        if pk not in self.ready:
            self.ready[pk] = quotes.source(pk, html)
        return self.ready[pk]


def _chunks(items):
    items = list(items)
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
