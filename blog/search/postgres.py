"""The index on PostgreSQL: a table of tsvectors with a GIN index, filled by the database itself.

The folding is the one of words.py, in SQL: no extension is needed, and the server's locale has no say in it.
"""

from hashlib import sha256

from blog.search import words
from blog.search.sources import KIND_SHIFT, KINDS, SOURCES

DAY = "to_char({date} AT TIME ZONE 'UTC', 'J')::bigint"
LETTERS = ("".join(words.LETTERS), "".join(words.LETTERS.values()))

# All hits cost little while only keys are read; the newest visible ones alone are ranked.
SELECT = """
    WITH newest AS MATERIALIZED (
        SELECT key FROM (
            SELECT key, key & {ids} AS id, (key >> {kind_shift}) & {kinds} AS kind FROM blog_search_keys(%s) AS key
        ) AS hit WHERE {visible} LIMIT %s
    )
    SELECT key, ts_rank('{{0.1, 0, 0, 1}}', document, to_tsquery('simple', %s), 1)
    FROM newest JOIN blog_search USING (key)
"""

# For a list that has an order of its own; nothing is ranked.
KEYS = """
    SELECT key FROM (
        SELECT key, key & {ids} AS id, (key >> {kind_shift}) & {kinds} AS kind FROM blog_search_keys(%s) AS key
    ) AS hit WHERE {visible} LIMIT %s
"""

# The planner does not know what unpacking a long text costs and would rather read them all; hence the two settings.
TABLE = """
    CREATE TABLE blog_search (key bigint PRIMARY KEY, document tsvector NOT NULL);
    CREATE INDEX blog_search_document ON blog_search USING gin (document) WITH (gin_pending_list_limit = 256);

    CREATE OR REPLACE FUNCTION blog_search_keys(query text) RETURNS SETOF bigint LANGUAGE sql STABLE
    SET enable_seqscan = off SET enable_indexscan = off AS $$
        SELECT key FROM blog_search WHERE document @@ to_tsquery('simple', query) ORDER BY key DESC
    $$;
"""

FOLD = """
    CREATE OR REPLACE FUNCTION commonplace_fold(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
    DECLARE folded text := normalize(left(coalesce(value, ''), {longest}), NFKD);
    BEGIN
        folded := regexp_replace(folded, '[{dropped}]+', '', 'g');
        folded := normalize(lower(folded{collation}), NFC);
        folded := translate({ligatures}, '{letters[0]}', '{letters[1]}');
        folded := regexp_replace(folded, '[{separators}]+', ' ', 'g');
        IF folded ~ '[{unspaced}]' THEN -- 日本語: double all, drop each run's first, cut into pairs
            folded := regexp_replace(folded, '([{unspaced}])', '\\1\\1', 'g');
            folded := regexp_replace(folded, '(^|[^{unspaced}])[{unspaced}]', '\\1 ', 'g');
            folded := regexp_replace(folded, '([{unspaced}]{{1,2}})', '\\1 ', 'g');
        END IF;
        RETURN folded;
    END $$;

    CREATE OR REPLACE FUNCTION commonplace_fold_markup(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT commonplace_fold(regexp_replace(value, '{markup}', ' ', 'g'))
    $$;

    -- A text with more different words than a tsvector holds is found by its title and its beginning.
    CREATE OR REPLACE FUNCTION commonplace_document(title text, folded text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE AS $$
    DECLARE first tsvector := setweight(to_tsvector('simple', commonplace_fold(title)), 'A');
    BEGIN
        RETURN first || to_tsvector('simple', folded);
    EXCEPTION WHEN program_limit_exceeded THEN
        RETURN first || to_tsvector('simple', left(folded, {longest} / 10));
    END $$;
"""

TRIGGER = """
    CREATE OR REPLACE FUNCTION blog_search_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            DELETE FROM blog_search WHERE ((key >> {kind_shift}) & {kinds}) = {kind};
            RETURN NULL;
        END IF;
        IF TG_OP = 'UPDATE' THEN
            IF ({old}) IS NOT DISTINCT FROM ({new}) THEN
                RETURN NULL;
            END IF;
        END IF;
        IF TG_OP IN ('UPDATE', 'DELETE') THEN
            DELETE FROM blog_search WHERE key = {old_key};
        END IF;
        IF TG_OP IN ('INSERT', 'UPDATE') THEN
            {insert};
        END IF;
        RETURN NULL;
    END $$;

    DROP TRIGGER IF EXISTS blog_search_rows ON {table};
    CREATE TRIGGER blog_search_rows AFTER INSERT OR UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION blog_search_{table}();
    DROP TRIGGER IF EXISTS blog_search_all ON {table};
    CREATE TRIGGER blog_search_all AFTER TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION blog_search_{table}();
"""

DIGEST = "SELECT obj_description(to_regclass('blog_search'), 'pg_class')"
TRIGGERS = """
    SELECT count(*) FROM pg_trigger
    WHERE tgname IN ('blog_search_rows', 'blog_search_all') AND tgrelid IN (
        SELECT to_regclass(name) FROM unnest(%s::text[]) AS name
    )
"""


def match(terms):
    """The terms as a tsquery; every one must be found."""
    return " & ".join(f"({_phrase(term)})" for term in terms)


def params(query, visible, limit):
    return [query, *visible, limit, query]


def _phrase(term):
    return " <-> ".join(f"'{token}'" for token in term.tokens) + (":*" if term.is_prefix else "")


def is_installed(cursor, tables):
    wanted = [source.table for source in present(tables)]
    cursor.execute(DIGEST)
    if cursor.fetchone()[0] != _digest(_definitions(cursor, tables)):
        return False
    cursor.execute(TRIGGERS, [wanted])
    return cursor.fetchone()[0] == 2 * len(wanted)


def install(cursor, tables):
    """Make the index anew, with nothing in it yet."""
    cursor.execute("DROP TABLE IF EXISTS blog_search")
    cursor.execute(_definitions(cursor, tables))


def bring(source):
    """SQL that brings in the rows after one id, up to another, which are not there yet.

    The rows are locked, or a writer's trigger could bring in the same key while ours is not to be seen yet.
    """
    rows = f"FROM {source.table}"
    return f"{_insert(source, source.table, rows)} AND id > %s AND id <= %s FOR SHARE ON CONFLICT (key) DO NOTHING"


def finish(cursor, tables):
    """Only what was filled to its end is known by its digest."""
    cursor.execute(f"COMMENT ON TABLE blog_search IS '{_digest(_definitions(cursor, tables))}'")


def present(tables):
    return [source for source in SOURCES if source.table in tables]


def _digest(definitions):
    return sha256(definitions.encode()).hexdigest()


def _definitions(cursor, tables):
    return "".join([TABLE, _folding(cursor), *map(_trigger, present(tables))])


def _folding(cursor):
    ligatures = "folded"
    for ligature, letters in words.LIGATURES.items():
        ligatures = f"replace({ligatures}, '{ligature}', '{letters}')"
    return FOLD.format(
        longest=words.LONGEST_TEXT,
        dropped=words.DROPPED,
        collation=_collation(cursor),
        ligatures=ligatures,
        letters=LETTERS,
        separators=words.SEPARATORS,
        unspaced=words.UNSPACED,
        markup=words.MARKUP.replace("'", "''"),
    )


def _collation(cursor):
    """Under some locales lower() knows ASCII alone; ICU, where the server has it, knows all letters."""
    cursor.execute("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'")
    return ' COLLATE "und-x-icu"' if cursor.fetchone() else ""


def _trigger(source):
    return TRIGGER.format(
        table=source.table,
        kind=int(source.kind),
        kind_shift=KIND_SHIFT,
        kinds=KINDS,
        old=", ".join(f"OLD.{column}" for column in source.columns),
        new=", ".join(f"NEW.{column}" for column in source.columns),
        old_key=_key(source, "OLD"),
        insert=_insert(source, "NEW"),
    )


def _key(source, row):
    return source.key(row, DAY)


def _insert(source, row, origin=""):
    title, text = source.title.format(row=row), source.text.format(row=row)
    return (
        f"INSERT INTO blog_search(key, document) SELECT {_key(source, row)}, "  # noqa: S608
        f"commonplace_document({title}, {source.fold}({text})) {origin} WHERE {source.condition.format(row=row)}"
    )
