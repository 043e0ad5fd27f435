"""The discussion of an entry as the bytes of a data file; its form is described in docs/export.md."""

import json

from comments.exporters import as_data


def discussion_of(entry, *, private):
    """None where there is nothing to write. Costs a query."""
    data = as_data(entry, private=private)
    return json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n" if data else None
