"""How many queries the API's answers take, with 10 units and with thousands."""

import pytest
from django.db import connection, transaction

from bench.institutions import institution
from tests.conftest import LENGTH
from tests.test_api import get
from tests.test_pages import MOST_QUERIES, published
from units.models import Appointment, Person, PostPublicity

LARGE = 10_000 if LENGTH > 1 else 2_000
QUERIED = [
    *(
        "",
        "editions/",
        "editions/2024-01-01/",
        "editions/2024-01-01/document/",
        "changes/",
        "changes/2024-01-02/",
    ),
    *("units/?limit=200", "units/unit-7/", "units/unit-7/ancestors/", "units/unit-0/children/?limit=200"),
    *("units/unit-0/descendants/?limit=200", "units/?ancestor=unit-1&parent=unit-1&q=unit&ordering=-name"),
    *("posts/?limit=200&ancestor=unit-0&unit=unit-0", "posts/post/", "people/", "bodies/", "bodies/board/"),
    *(
        "tasks/?limit=200&owner=unit-1&ancestor=unit-0&initiative=act&body=board&q=work",
        "tasks/task-1-supports/",
    ),
    *(
        "statements/?limit=200",
        "initiatives/?part_of=act",
        "initiatives/act/",
        "legal-acts/?q=act",
        "legal-acts/act/",
    ),
    *(
        "milestones/?initiative=act",
        "milestones/start/",
        "sources/",
        "sources/charter/",
        "sources/charter/passages/",
    ),
    *("tree/?depth=3", "tree/?root=unit-1&shape=nested", "units/gone/"),
]


def filled(size):
    """Return an institution of `size` units with at least one fact of each kind."""
    document, cites = institution(size), [{"passage": "charter#1"}]
    post = {"slug": "post", "name": "Head", "role": "leads", "holder": "not-stated", "cites": cites}
    document["units"][0]["posts"] = [post]
    document["bodies"] = [{"slug": "board", "name": "Board", "kind": "named", "cites": cites}]
    document["initiatives"] = [{"slug": "act", "name": "The act", "kind": "legal-act", "cites": cites}]
    start = {"slug": "start", "text": "It begins", "certainty": "actual", "date": "2024-01", "bound": "on"}
    document["milestones"] = [start | {"about": {"initiative": "act"}, "cites": cites}]
    return document


@pytest.fixture(scope="module", params=[10, LARGE])
def institution_of(request, django_db_setup, django_db_blocker):
    """Two editions of an institution of 10, and of LARGE units, for all the tests of their queries."""
    with django_db_blocker.unblock(), transaction.atomic():
        document = filled(request.param)
        published(document)
        published(document | {"effective_on": "2024-01-02"})
        person = Person.objects.create(name="Ada Example")
        Appointment.objects.create(person=person, post="post", source="A decision")
        PostPublicity.objects.create(post="post", reason="The public elects to know")
        # As it would be a minute later: all that refers to something looked at, once and not in each test,
        # and the database knows how much there is. PostgreSQL takes minutes for these queries otherwise.
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield request.param
        transaction.set_rollback(True)


@pytest.mark.parametrize("path", QUERIED)
def test_answers_take_few_queries_whatever_the_size(
    client, institution_of, db, django_assert_max_num_queries, path
):
    with django_assert_max_num_queries(MOST_QUERIES):
        assert get(client, path).status_code == (404 if "gone" in path else 200)
