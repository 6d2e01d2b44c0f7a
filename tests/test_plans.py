"""How the database finds what a page or an answer shows: by its indexes, whatever else an edition holds."""

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.addresses import addresses
from bench.growth import further
from bench.whole import whole_institution
from units.resolve import forget_editions

pytestmark = pytest.mark.django_db
SIZE = 120
ADDRESSES = [*addresses(SIZE, "unit-1"), *further(SIZE)]
# Of an edition there can be hundreds of thousands of these; of all others, few.
LARGE = "unit|post|statement|citation"
ENOUGH = "in the order of an index, until there are enough"


@pytest.fixture(scope="module")
def plans(django_db_setup, django_db_blocker):
    """For each address the plans of all its queries, as texts."""
    with django_db_blocker.unblock(), transaction.atomic():
        from units.documents import load, publish

        publish(load(whole_institution(SIZE)))
        pretend_that_there_is_more()
        forget_editions()
        found = {each.name: list(plans_of(each.path)) for each in ADDRESSES}
        transaction.set_rollback(True)
    forget_editions()
    return found


def pretend_that_there_is_more():
    """Let SQLite think that the edition is a large one: small tables it rightly takes as a whole."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT idx, stat FROM sqlite_stat1 WHERE idx IS NOT NULL")
            for index, stat in cursor.fetchall():
                more = " ".join(str(int(rows) * (1000 if int(rows) > 12 else 1)) for rows in stat.split())
                cursor.execute("UPDATE sqlite_stat1 SET stat = %s WHERE idx = %s", [more, index])
            cursor.execute("ANALYZE sqlite_schema")


def plans_of(path):
    client = Client()
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # else it rightly takes such small tables as a whole
            cursor.execute("SET LOCAL enable_seqscan = off")
        for query in queries:
            if query["sql"].lstrip().startswith(("SELECT", "WITH")):
                cursor.execute(f"{explain} {query['sql']}")
                plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
                yield f"{plan}\n{ENOUGH}" if " LIMIT " in query["sql"] and "TEMP B-TREE" not in plan else plan


def test_no_query_of_a_page_or_an_answer_reads_a_table_from_end_to_end(plans):
    from_end_to_end = re.compile(rf"^SCAN units_({LARGE})\b|Seq Scan on units_({LARGE})\b", re.MULTILINE)
    found = [(name, plan) for name in plans for plan in plans[name] if from_end_to_end.search(plan)]
    assert found == []


def test_no_query_reads_all_that_an_edition_has_of_a_kind(plans):
    if connection.vendor == "sqlite":  # PostgreSQL decides by how much there is
        whole = re.compile(rf"units_({LARGE}) USING .*\(edition_id=\?\)$", re.MULTILINE)
        found = [(name, plan) for name in plans for plan in plans[name] if whole.search(plan)]
        assert [(name, plan) for name, plan in found if ENOUGH not in plan] == []
