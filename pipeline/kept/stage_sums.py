"""Keeping the sums of each stage: count, value and weighted value by owner, status and currency.

SQLite has one writer, so its triggers add to the one row of each key. On PostgreSQL that row would make writers wait
for one another, and lock each other out; there every statement appends what it changed, and `fold` adds it up now and
then. A statement that moves deals takes a share lock on their stages, so that nobody changes their probability while
it is being counted.
"""

from sqlalchemy import Connection, text

TABLES = frozenset({"stage_sums"})
KEY = "stage_id, owner_id, status, currency"
SUMMED = f"{KEY}, value, probability_override, deleted_at"
MANY = 4


def install(connection: Connection) -> None:
    for statement in POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE:
        connection.execute(text(statement))


def remove(connection: Connection) -> None:
    for table, names in TRIGGERS.items():
        for name in names:
            on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{on}"))


def rebuild(connection: Connection) -> None:
    """Count everything again; on PostgreSQL writers wait meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE opportunities, stages IN SHARE MODE"))
    connection.execute(text("DELETE FROM stage_sums"))
    connection.execute(text(ALL))


def fold(connection: Connection, *, at_once: bool = False) -> None:
    """Add up what was appended, when it has become much or `at_once`.

    Safe beside writers, readers and another fold: it takes only rows it saw. On SQLite there is nothing to add up.
    """
    if connection.dialect.name == "postgresql" and (at_once or connection.scalar(text(IS_WORTH_IT))):
        connection.execute(text(FOLD))


def _weighted(row: str, probability: str) -> str:
    """As `pipeline.queries.weighing.weighted` has it: rounded for each deal."""
    chance = f"CASE {row}.status WHEN 'won' THEN 100 WHEN 'open' THEN {probability} ELSE 0 END"
    return f"({row}.value * {chance} + 50) / 100"


def _own_or(row: str, probability: str) -> str:
    return f"coalesce({row}.probability_override, {probability}, 0)"


INSERT = f"INSERT INTO stage_sums ({KEY}, count, value, weighted)"
ALL = f"""{INSERT}
SELECT {KEY}, count(*), sum(o.value), sum({_weighted("o", _own_or("o", "s.probability"))})
FROM opportunities o JOIN (SELECT id, probability FROM stages) s ON s.id = o.stage_id
WHERE o.deleted_at IS NULL GROUP BY {KEY}"""
TRIGGERS = {
    "opportunities": ("stage_sums_on_insert", "stage_sums_on_delete", "stage_sums_on_update"),
    "stages": ("stage_sums_on_probability",),
}
REWEIGHED = f"""SELECT {KEY}, 0 AS count, 0 AS value,
    sum({_weighted("o", "NEW.probability")}) - sum({_weighted("o", "OLD.probability")}) AS weighted
FROM opportunities o
WHERE o.stage_id = NEW.id AND o.status = 'open' AND o.deleted_at IS NULL AND o.probability_override IS NULL
GROUP BY {KEY}"""


def _sqlite_row(row: str) -> str:
    return f"""stage_id = {row}.stage_id AND owner_id IS {row}.owner_id AND status = {row}.status
    AND currency = {row}.currency AND {row}.deleted_at IS NULL"""


def _sqlite(row: str, sign: str) -> str:
    chance = _own_or(row, f"(SELECT probability FROM stages WHERE id = {row}.stage_id)")
    return f"""{INSERT} SELECT {row}.stage_id, {row}.owner_id, {row}.status, {row}.currency, 0, 0, 0
WHERE {row}.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM stage_sums WHERE {_sqlite_row(row)});
UPDATE stage_sums SET count = count {sign} 1, value = value {sign} {row}.value,
    weighted = weighted {sign} {_weighted(row, chance)}
WHERE {_sqlite_row(row)};"""


SQLITE = (
    f"CREATE TRIGGER IF NOT EXISTS stage_sums_on_insert AFTER INSERT ON opportunities BEGIN {_sqlite('NEW', '+')} END",
    f"CREATE TRIGGER IF NOT EXISTS stage_sums_on_delete AFTER DELETE ON opportunities BEGIN {_sqlite('OLD', '-')} END",
    f"""CREATE TRIGGER IF NOT EXISTS stage_sums_on_update AFTER UPDATE OF {SUMMED} ON opportunities
BEGIN {_sqlite("OLD", "-")} {_sqlite("NEW", "+")} END""",
    f"""CREATE TRIGGER IF NOT EXISTS stage_sums_on_probability AFTER UPDATE OF probability ON stages
WHEN OLD.probability <> NEW.probability
BEGIN UPDATE stage_sums SET weighted = stage_sums.weighted + change.weighted FROM ({REWEIGHED}) AS change
WHERE stage_sums.stage_id = change.stage_id AND stage_sums.owner_id IS change.owner_id
    AND stage_sums.status = change.status AND stage_sums.currency = change.currency; END""",
)


def _counted(rows: str, sign: str) -> str:
    return f"""SELECT {KEY}, {sign}1 AS count, {sign}o.value AS value,
    {sign}({_weighted("o", _own_or("o", "s.probability"))}) AS weighted
FROM {rows} o JOIN (SELECT id, probability FROM stages) s ON s.id = o.stage_id WHERE o.deleted_at IS NULL"""


def _function(name: str, changes: str, *, touched: str, unless: str = "FALSE") -> str:
    return f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {unless} THEN RETURN NULL; END IF;
    PERFORM 1 FROM stages WHERE id IN ({touched}) ORDER BY id FOR SHARE;
    {INSERT}
    SELECT {KEY}, sum(count), sum(value), sum(weighted) FROM ({changes}) AS change GROUP BY {KEY}
    HAVING sum(count) <> 0 OR sum(value) <> 0 OR sum(weighted) <> 0;
    RETURN NULL;
END $$"""


def _compared(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in SUMMED.split(", "))


BEFORE, AFTER = "SELECT stage_id FROM old_rows", "SELECT stage_id FROM new_rows"
POSTGRESQL = (
    _function("stage_sums_insert", _counted("new_rows", "+"), touched=AFTER),
    _function("stage_sums_delete", _counted("old_rows", "-"), touched=BEFORE),
    _function(
        "stage_sums_update",
        f"{_counted('old_rows', '-')} UNION ALL {_counted('new_rows', '+')}",
        touched=f"{BEFORE} UNION {AFTER}",
        unless=f"""NOT EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n USING (id)
        WHERE ({_compared("o")}) IS DISTINCT FROM ({_compared("n")}))""",
    ),
    f"""CREATE OR REPLACE FUNCTION stage_sums_reweigh() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {INSERT} {REWEIGHED}; RETURN NULL; END $$""",
    """CREATE OR REPLACE TRIGGER stage_sums_on_insert AFTER INSERT ON opportunities
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION stage_sums_insert()""",
    """CREATE OR REPLACE TRIGGER stage_sums_on_delete AFTER DELETE ON opportunities
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION stage_sums_delete()""",
    """CREATE OR REPLACE TRIGGER stage_sums_on_update AFTER UPDATE ON opportunities
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION stage_sums_update()""",
    """CREATE OR REPLACE TRIGGER stage_sums_on_probability AFTER UPDATE OF probability ON stages
FOR EACH ROW WHEN (OLD.probability <> NEW.probability) EXECUTE FUNCTION stage_sums_reweigh()""",
)
IS_WORTH_IT = f"""SELECT count(*) > {MANY} * count(DISTINCT (stage_id, coalesce(owner_id, 0), status, currency)) + 100
FROM stage_sums"""
FOLD = f"""WITH taken AS (DELETE FROM stage_sums RETURNING *)
{INSERT} SELECT {KEY}, sum(count), sum(value), sum(weighted) FROM taken GROUP BY {KEY}
HAVING sum(count) <> 0 OR sum(value) <> 0 OR sum(weighted) <> 0"""
