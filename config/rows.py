"""Rows of any table as lines of JSON, in the types that every database has, and back."""

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.db.models import BinaryField, JSONField, Value, sql
from django.utils.duration import duration_iso_string

from config.archive import Refusal

AT_ONCE = 200
# The tokens of stored pages are true of one database at one time; triggers keep them, and begin anew after a restore.
NOT_KEPT = {"config.siteversion"}


def models_of(apps):
    """Every model with rows to keep, those between many-to-many fields too."""
    found = apps.get_models(include_auto_created=True)
    return sorted((model for model in found if _has_table(model)), key=lambda model: model._meta.label_lower)


def _has_table(model):
    meta = model._meta
    return meta.managed and not meta.proxy and not meta.swapped and meta.label_lower not in NOT_KEPT


def count(model, using) -> int:
    return model._base_manager.using(using).count()


def dump(model, using) -> Iterator[bytes]:
    """Each row as one line, in the order of the primary key."""
    names = [field.attname for field in _fields(model)]
    rows = model._base_manager.using(using).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=AT_ONCE):
        line = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=_plain)
        yield line.encode() + b"\n"


def load(model, lines: Iterable[bytes], connection) -> Iterator[int]:
    """Insert the lines, as they were: no default, no automatic date, no signal. Yields how many each time."""
    fields = _fields(model)
    label = model._meta.label
    rows = iter(lines)
    size = connection.ops.bulk_batch_size(fields, range(AT_ONCE))
    while batch := list(islice(rows, size)):
        found = [_object(model, fields, line, connection) for line in batch]
        query = sql.InsertQuery(model)
        query.insert_values(fields, found, raw=True)
        try:
            query.get_compiler(connection=connection).execute_sql()
        except (DataError, IntegrityError) as error:
            raise Refusal(
                f"This database does not take the archive's rows of {label}: {error}".strip()
            ) from error
        yield len(batch)


def _fields(model):
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _plain(value):
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"A backup cannot hold a {type(value).__name__}.")


def _object(model, fields, line, connection):
    """An instance that was never saved and never shown to anybody's save()."""
    label = model._meta.label
    try:
        row = json.loads(line)
        values = {field.attname: _value(field, row[field.attname], connection) for field in fields}
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError, ValidationError) as error:
        raise Refusal(
            f"The archive's rows of {label} are not as this version writes them: {error!r}"
        ) from error
    return model(**values)


def _value(field, value, connection):
    if value is None:
        is_json_null = isinstance(field, JSONField) and not field.null
        return Value(None, JSONField()) if is_json_null else None
    if isinstance(field, BinaryField):
        return base64.b64decode(value)
    if connection.vendor == "postgresql":
        value = _without_nul(value)
    value = field.to_python(value)
    if connection.vendor == "postgresql":
        _check_length(field, value)
    return value


def _without_nul(value):
    """PostgreSQL keeps no NUL in text, and none has a meaning there."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(each) for key, each in value.items()}
    return value


def _check_length(field, value):
    """SQLite lets a text be longer than its field says."""
    if field.max_length and isinstance(value, str) and len(value) > field.max_length:
        raise ValueError(
            f"{field.attname} has {len(value)} characters, {field.max_length} are allowed: {value[:60]!r}"
        )
