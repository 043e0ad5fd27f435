"""The index on SQLite: an FTS5 table, ranked by bm25. https://www.sqlite.org/fts5.html

The triggers call folding functions that every connection of the site brings along.
"""

from blog.search.sources import SOURCES
from blog.search.words import VERSION, fold, fold_markup

DAY = "CAST(julianday({date}) AS INTEGER)"

TABLE = """CREATE VIRTUAL TABLE blog_search USING fts5(
    title, text, prefix='2', tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
)"""

# The rows are found newest first and ranked only then, for ranking all hits of a common word costs the most.
SELECT = """
    SELECT hit.key, -hit.score FROM (
        SELECT rowid AS key, rowid & {ids} AS id, (rowid >> {kind_shift}) & {kinds} AS kind,
               bm25(blog_search, 10, 1) AS score
        FROM blog_search WHERE blog_search MATCH %s
    ) AS hit WHERE {visible} ORDER BY hit.key DESC LIMIT %s
"""

# For a list that has an order of its own; nothing is ranked.
KEYS = """
    SELECT hit.key FROM (
        SELECT rowid AS key, rowid & {ids} AS id, (rowid >> {kind_shift}) & {kinds} AS kind
        FROM blog_search WHERE blog_search MATCH %s
    ) AS hit WHERE {visible} ORDER BY hit.key DESC LIMIT %s
"""


def prepare(connection):
    connection.connection.create_function("commonplace_fold", 1, fold, deterministic=True)
    connection.connection.create_function("commonplace_fold_markup", 1, fold_markup, deterministic=True)


def match(terms):
    """The terms as an FTS5 query; every one must be found."""
    return " AND ".join(f'"{" ".join(term.tokens)}"{" *" if term.is_prefix else ""}' for term in terms)


def params(query, visible, limit):
    return [query, *visible, limit]


# There while the index is not filled.
UNFILLED = "CREATE TABLE blog_search_unfilled (id INTEGER)"


def is_installed(cursor, tables):
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'blog\\_search%%' ESCAPE '\\'")
    found = dict(cursor.fetchall())
    wanted = {"blog_search": TABLE} | _triggers(tables)
    return "blog_search_unfilled" not in found and all(found.get(name) == sql for name, sql in wanted.items())


def install(cursor, tables):
    """Make the index anew, with nothing in it yet."""
    cursor.execute("DROP TABLE IF EXISTS blog_search")
    cursor.execute(TABLE)
    cursor.execute("DROP TABLE IF EXISTS blog_search_unfilled")
    cursor.execute(UNFILLED)
    for name, trigger in _triggers(tables).items():
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(trigger)


def bring(source):
    """SQL that brings in the rows after one id, up to another, which are not there yet."""
    key = source.key(source.table, DAY)
    rows = f"FROM {source.table}"
    absent = f"NOT EXISTS (SELECT 1 FROM blog_search WHERE rowid = {key})"  # noqa: S608
    return f"{_insert(source, source.table, rows)} AND id > %s AND id <= %s AND {absent}"


def finish(cursor, tables):
    cursor.execute("DROP TABLE blog_search_unfilled")


def _triggers(tables):
    return {name: sql for source in present(tables) for name, sql in _triggers_of(source)}


def present(tables):
    return [source for source in SOURCES if source.table in tables]


def _triggers_of(source):
    table = source.table
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in source.columns)
    add = f"{_insert(source, 'NEW')};"
    drop = f"DELETE FROM blog_search WHERE rowid = {source.key('OLD', DAY)};"  # noqa: S608
    for event, when, deed in (
        ("INSERT", "", add),
        ("UPDATE", f" WHEN {changed}", f"{drop} {add}"),
        ("DELETE", "", drop),
    ):
        name = f"blog_search_{table}_{event.lower()}"
        yield name, f"CREATE TRIGGER {name} AFTER {event} ON {table}{when} BEGIN /* {VERSION} */ {deed} END"


def _insert(source, row, origin=""):
    title, text = source.title.format(row=row), source.text.format(row=row)
    return (
        f"INSERT INTO blog_search(rowid, title, text) SELECT {source.key(row, DAY)}, "  # noqa: S608
        f"commonplace_fold({title}), {source.fold}({text}) {origin} WHERE {source.condition.format(row=row)}"
    )
