"""Queries whose SQL is written once.

To build a queryset and write it as SQL costs Django several times what the database needs to answer. The queries of a
page are the same for every page but for a few values, so the SQL is written once, with marks in the place of the values,
and only the values are put in afterwards.
"""

from copy import copy
from datetime import UTC, datetime, timedelta
from functools import wraps

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections

MOST_SHAPES = 200
MARKED = (int, float, str, datetime)


def prepared(build):
    """Decorator of a function that builds a queryset from numbers, texts, datetimes, and tuples of them.

    What it returns can be iterated, once or more, and no more than that. The values must reach the database as they
    are (``path=path``, not ``path__startswith=path``), and the function must not decide anything by them. Everything
    else that it is called with (None, booleans, classes, how long a tuple is) is part of the shape: each shape has SQL
    of its own, so there must be few.
    """
    by_shape = _ByShape(build, _Query)

    @wraps(build)
    def queryset(*arguments):
        query, values = by_shape.find(arguments)
        return query.with_values(values)

    queryset.plain = build
    return queryset


def written_once(build):
    """The same for a function that gives SQL and its parameters."""
    by_shape = _ByShape(build, lambda written, marks: _Statement(*written, marks, connection))

    @wraps(build)
    def sql_and_parameters(*arguments):
        statement, values = by_shape.find(arguments)
        return statement.filled(values, connection)

    return sql_and_parameters


class _ByShape:
    """What is made of that which the function gives for marks, kept for each shape."""

    def __init__(self, build, make):
        self.build, self.make = build, make
        self.made = {}

    def find(self, arguments):
        values = []
        shape = tuple(_shape(argument, values) for argument in arguments)
        if shape not in self.made:
            if len(self.made) >= MOST_SHAPES:
                self.made.clear()
            self.made[shape] = self._for_marks(arguments)
        return self.made[shape], values

    def _for_marks(self, arguments):
        marks = []
        try:
            return self.make(self.build(*(_marked(argument, marks) for argument in arguments)), marks)
        except ValueLost as lost:
            name = self.build.__name__
            raise TypeError(f"A value that {name} was given does not reach the database as it is.") from lost


def _shape(argument, values):
    if isinstance(argument, tuple):
        return tuple(_shape(part, values) for part in argument)
    if isinstance(argument, MARKED) and not isinstance(argument, bool):
        values.append(argument)
        return next(kind for kind in MARKED if isinstance(argument, kind))
    return argument


class ValueLost(Exception):
    pass


class _Statement:
    """SQL with the places among its parameters where values belong."""

    def __init__(self, sql, parameters, marks, connection):
        self.sql, self.parameters = sql, parameters
        numbers = {_adapted(mark, connection): number for number, mark in enumerate(marks)}
        places = [(place, numbers.get(found)) for place, found in enumerate(parameters)]
        self.places = [(place, number) for place, number in places if number is not None]
        if {number for _place, number in self.places} != set(numbers.values()):
            raise ValueLost

    def filled(self, values, connection):
        parameters, adapted = list(self.parameters), [_adapted(value, connection) for value in values]
        for place, number in self.places:
            parameters[place] = adapted[number]
        return self.sql, tuple(parameters)


class _Query:
    """A queryset, and the statement it becomes; None for one that can find nothing."""

    def __init__(self, queryset, marks):
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(queryset.db)
        try:
            self.statement = _Statement(*self.compiler.as_sql(), marks, self.compiler.connection)
        except EmptyResultSet:
            self.statement = None
        self.converters = None

    def with_values(self, values):
        queryset = object.__new__(type(self.queryset))
        queryset.__dict__.update(self.queryset.__dict__)  # copy() would ask the database first
        query, compiler = copy(queryset.query), copy(self.compiler)
        compiler.using = queryset.db
        compiler.connection = connections[compiler.using]
        compiler.as_sql = lambda *_args, **_kwargs: self._filled(values, compiler.connection)
        compiler.get_converters = self._converters
        query.get_compiler = lambda *_args, **_kwargs: compiler
        queryset._query = query
        return queryset

    def _converters(self, columns):
        """What makes Python's values of the database's, the same for every run; to find out takes as long as a small query."""
        if self.converters is None:
            self.converters = self.compiler.get_converters(columns)
        return self.converters

    def _filled(self, values, connection):
        if self.statement is None:
            raise EmptyResultSet
        return self.statement.filled(values, connection)


def _marked(argument, marks):
    """The argument with a mark for each of its values: something that no query holds by itself."""
    if isinstance(argument, tuple):
        return tuple(_marked(part, marks) for part in argument)
    if isinstance(argument, bool) or not isinstance(argument, MARKED):
        return argument
    number = len(marks)
    if isinstance(argument, datetime):
        mark = datetime(2, 2, 2, tzinfo=UTC) + timedelta(microseconds=number)
    elif isinstance(argument, str):
        mark = f"\ue000{number}\ue001"
    elif isinstance(argument, float):
        mark = 1.25e-30 * (number + 1)
    else:
        mark = 2_111_000_000 + number  # below what a column of 32 bits holds
    marks.append(mark)
    return mark


def _adapted(value, connection):
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
