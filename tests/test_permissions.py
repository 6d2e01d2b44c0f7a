"""Every address, as every role, by every method, gets the answer that the table of permissions says."""

import re

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve

from tests import permissions
from tests.conftest import LENGTH
from tests.permissions import ROLES
from tests.reading import read_to_the_end
from tests.test_roles import account, everything, house  # noqa: F401 (a fixture)
from units.models import Citation, Edition, History

OTHERS = ["PUT", "PATCH", "DELETE", "TRACE", "BREW"]


@pytest.fixture
def keys(house, settings):  # noqa: F811 (a fixture)
    """What the braces of the table stand for: rows of the draft, and what is kept outside editions."""
    settings.SECURITY_CONTACT = "security@directory.example"
    models = {model._meta.model_name: model for model in house._meta.apps.get_models()}
    facts = {kind: models[kind]._base_manager.filter(edition=house).last().pk for kind in permissions.FACTS}
    people = {kind: models[kind].objects.get().pk for kind in [*permissions.PEOPLE, "synonym"]}
    return (
        facts
        | people
        | {
            "key": house.pk,
            "draft": house.identifier,
            "digest": Edition.objects.published().get().sha256[:16],
            "citation": Citation._base_manager.filter(edition=house).last().pk,
            "history": History.objects.last().pk,
            "group": Group.objects.get(name="Viewer").pk,
            "user": account("colleague").pk,
        }
    )


def routes(patterns=None, names="", path=""):
    """Return {(name, pattern)} of all addresses there are."""
    found = set()
    for each in get_resolver().url_patterns if patterns is None else patterns:
        here = path + re.sub(r"^\^", "", str(each.pattern))
        if isinstance(each, URLResolver):
            inner = names + (f"{each.namespace}:" if each.namespace else "")
            found |= routes(each.url_patterns, inner, here)
        else:
            found.add((names + (each.name or ""), here))
    return found


def test_every_route_has_its_line_in_the_table_and_every_line_its_route(keys):
    found = set()
    for address in permissions.rows(keys):
        match = resolve(address.partition("?")[0])
        names = "".join(f"{name}:" for name in match.namespaces)
        found.add((names + (match.url_name or ""), match.route.replace("^", "")))
    assert {(name, path.replace("^", "")) for name, path in routes()} == found


def telling(statuses):
    """Return the places in ROLES that tell most: nobody, both sides of each change; all at full length."""
    if LENGTH > 1:
        return range(len(ROLES))
    steps = [place for place in range(1, len(ROLES)) if statuses[place] != statuses[place - 1]]
    return sorted({0, *steps, *(place - 1 for place in steps)})


@pytest.mark.parametrize("part", range(4))
def test_every_role_gets_the_answer_that_the_table_says(keys, part):
    clients = [Client(raise_request_exception=False) for _ in ROLES]
    for role, client in zip(ROLES[1:], clients[1:], strict=True):
        client.force_login(account(role))
    before = everything(Edition.objects.get(pk=keys["key"]))
    wrong = []

    def ask(client, method, address, place, expected):
        cookies = client.cookies.copy()
        with transaction.atomic():
            answer = client.generic(method, address, secure=True)
            transaction.set_rollback(True)
        read_to_the_end(answer)
        client.cookies = cookies
        if answer.status_code != expected:
            wrong.append((method, address, ROLES[place], answer.status_code, expected))
        if expected == 302 and place == 0 and address not in ("/admin/logout/", "/favicon.ico"):
            assert answer.url.startswith("/admin/login/"), address

    for number, (address, (got, sent)) in enumerate(permissions.rows(keys).items()):
        if number % 4 != part:
            continue
        for place in telling(got):
            ask(clients[place], "GET", address, place, got[place])
        for place in telling(sent):
            ask(clients[place], "POST", address, place, sent[place])
        for place in range(len(ROLES)) if LENGTH > 1 else [number // 4 % len(ROLES)]:
            # Who is signed in is sent on from there; Django does so for GET alone.
            ask(clients[place], "HEAD", address, place, 200 if address == "/admin/login/" else got[place])
            ask(clients[place], "OPTIONS", address, place, 204)
            for method in OTHERS:
                ask(clients[place], method, address, place, 405)
    assert wrong == []
    assert everything(Edition.objects.get(pk=keys["key"])) == before


def test_nothing_that_another_site_sends_is_taken(keys):
    client, before = Client(enforce_csrf_checks=True), everything(Edition.objects.get(pk=keys["key"]))
    client.force_login(account("superuser"))
    taken = [
        address
        for address, (_got, sent) in permissions.rows(keys).items()
        if sent[-1] != 405 and client.post(address, {"post": "yes"}, secure=True).status_code != 403
    ]
    assert taken == []
    assert everything(Edition.objects.get(pk=keys["key"])) == before
