"""What pages are made from, and what each of them says about itself."""

from dataclasses import dataclass

ANY = "*"  # has a new token after every change whatsoever
SITE = "site"
COMMENTS = "comments"

_watched = {}
_turns = []


@dataclass(frozen=True)
class Watched:
    """A table whose changes are changes of a topic."""

    table: str
    topic: str
    columns: tuple[str, ...] = ()  # an update of other columns changes no page; all count if empty
    each: tuple[str, ...] = ()  # columns whose values name a narrower topic, changed by this row alone
    key: str = ""  # if those are another table's: the column that leads there,
    others: str = ""  # the table,
    others_key: str = ""  # and its key


@dataclass(frozen=True)
class Stored:
    """A view's word about its answers: which parameters of the query matter, and what they are made from."""

    parameters: tuple[str, ...]
    topics: tuple[str, ...]


def watch(*models, topic=SITE, fields=(), each=(), through=None):
    """Count changes of these tables, and of their many-to-many tables, as changes of the topic.

    fields   for tables of which only these columns are shown: an update of others does not count
    each     fields whose values name a narrower topic, which changes with this row alone
    through  the foreign key that leads to the row with those fields, if they are not the model's own
    """
    for model in models:
        table = model._meta.db_table
        if through:
            key = model._meta.get_field(through)
            others = key.remote_field.model
            lead = (key.column, others._meta.db_table, others._meta.pk.column)
            _watched[table] = Watched(table, topic, _columns(model, fields), _columns(others, each), *lead)
        else:
            _watched[table] = Watched(table, topic, _columns(model, fields), _columns(model, each))
        for field in () if fields else model._meta.local_many_to_many:
            joining = field.remote_field.through._meta
            if joining.auto_created:
                _watched[joining.db_table] = Watched(joining.db_table, topic)


def _columns(model, names):
    return tuple(model._meta.get_field(name).column for name in names)


def watched():
    return [_watched[table] for table in sorted(_watched)]


def stored(*parameters, topics=(SITE, COMMENTS)):
    """A decorator: the view's answers to anonymous readers may be kept, one for each value of these parameters."""

    def declare(view):
        view.stored = Stored(parameters, topics)
        return view

    return declare


def topic(name, *values):
    """The narrower topic of one row's values, as the triggers name it."""
    return ":".join([name, *map(str, values)])


def narrow(request, *topics):
    """This answer is made from these topics alone, and not from all that its view has declared."""
    request.META["pagestore.topics"] = topics


def turns_at(function):
    """Have ``function(now)`` asked when pages next change by the clock alone: a datetime, or None."""
    _turns.append(function)


def next_turn(now):
    return min((at for function in _turns if (at := function(now))), default=None)
