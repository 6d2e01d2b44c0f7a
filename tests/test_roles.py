"""Roles: every address of the admin opens to whom it should, and to nobody else."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import URLResolver, reverse

from units import drafts
from units.documents import dump, load, publish
from units.models import Appointment, Citation, Edition, History, Person, PostPublicity, Synonym, Unit
from units.resolve import forget_editions

ROLES = [None, "nobody", "Viewer", "Editor", "Publisher", "superuser"]
ROWS = ["unit", "post", "body", "initiative", "statement", "milestone", "source", "passage"]
PEOPLE = ["person", "appointment", "postpublicity"]


def least(name, method):
    """Return the least role that may use the page `name` of the admin: a place in ROLES."""
    kind, _, page = name.removeprefix("units_").partition("_")
    writes = method == "post" and page not in ("changelist", "history")  # actions have a test of their own
    if name in ("autocomplete", "auth_user_delete"):
        return len(ROLES)  # no field of ours asks for the one; accounts are deactivated
    if not name.startswith("units_"):
        return 5 if name.startswith("auth_") else 1
    if kind in PEOPLE:
        return 4 if page in ("add", "delete") or writes else 3
    if kind == "synonym":
        return 4 if page in ("add", "delete") or writes else 2
    if kind in ("history", "citation"):
        return 2 if page in ("changelist", "history") or (page == "change" and not writes) else len(ROLES)
    if kind == "edition":
        if page in ("add", "delete"):
            return len(ROLES)
        open_to_viewers = ("changelist", "change", "history", "document", "table")
        return 4 if page == "publish" else 2 if page in open_to_viewers else 3
    if kind in ROWS:
        looks = page in ("changelist", "history", "suggestions", "edit", "tree") or (
            page == "change" and not writes
        )
        return 2 if looks else 3
    return 5


def addresses(patterns=None, before=""):
    """Return the names of all addresses of the admin."""
    for pattern in admin.site.get_urls() if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        elif pattern.name and pattern.name not in ("jsi18n", "view_on_site", "login", "logout"):
            yield pattern.name


@pytest.fixture
def house(db, small_document):
    """An edition in force, a draft, one row of each kind, people, and all roles; gives the keys of rows."""
    cites = small_document["units"][0]["cites"]
    head = {"slug": "head", "name": "Head", "role": "leads", "holder": "not-stated", "cites": cites}
    small_document["units"][0]["posts"] = [head]
    small_document["bodies"] = [{"slug": "panel", "name": "Panel", "kind": "named", "cites": cites}]
    publish(load(small_document))
    forget_editions()
    draft = drafts.start(Edition.objects.published().get())
    person = Person.objects.create(name="Ada Example")
    Appointment.objects.create(person=person, post="head", source="A decision")
    PostPublicity.objects.create(post="head", reason="It leads")
    Synonym.objects.create(said="boss", meant="head")
    call_command("set_up_roles", verbosity=0)
    return draft


def account(role):
    user = get_user_model().objects.create_user(f"a {role}", is_staff=True, is_superuser=role == "superuser")
    user.groups.set(Group.objects.filter(name=role))
    return user


def arguments(name, draft):
    """Return what the address `name` takes: the key or slug of a row of the draft."""
    page = name.rpartition("_")[2]
    kind = name.removeprefix("units_").removeprefix("auth_").partition("_")[0]
    if kind == "edition":
        return [draft.pk]
    models = {model._meta.model_name: model for model in admin.site._registry}
    rows = models[kind]._base_manager.all() if kind in models else []
    if kind in ROWS:
        rows = rows.filter(edition=draft)
    row = rows[len(rows) - 1] if len(rows) else None
    if kind == "unit" and page in ("move", "up", "down", "remove", "edit"):
        return ["left"]
    if page == "edit":
        return ["charter", 1] if kind == "passage" else [row.slug]
    return [row.pk if row else 1]


def address(name, draft):
    for args in ([], arguments(name, draft)):
        try:
            return reverse(f"admin:{name}", args=args)
        except Exception:  # noqa: S112
            continue
    return None


def everything(draft):
    return (
        dump(draft),
        Edition.objects.count(),
        list(Person.objects.values()),
        list(Appointment.objects.values()),
        list(PostPublicity.objects.values()),
        History.objects.count(),
    )


@pytest.mark.parametrize("role", range(len(ROLES)))
def test_every_address_of_the_admin_opens_to_whom_it_should_and_refuses_all_others(client, house, role):
    if ROLES[role]:
        client.force_login(account(ROLES[role]))
    before, tried = everything(house), 0
    for name in addresses():
        where = address(name, house)
        if where is None:
            continue
        for method in ("get", "post"):
            if method == "post" and role >= least(name, method):
                continue  # what it does then is for other tests
            tried += 1
            answer = getattr(client, method)(where)
            if ROLES[role] is None:
                assert answer.status_code == 302, (name, method)
                assert answer.url.startswith("/admin/login/"), (name, method)
            elif role < least(name, method):
                assert answer.status_code in (403, 404, 405), (name, method, answer.status_code)
            else:
                assert answer.status_code in (200, 302, 404, 405), (name, method, answer.status_code)
                assert "/login/" not in answer.headers.get("Location", ""), name
    assert tried > 100
    assert everything(house) == before


def test_no_role_below_the_publisher_publishes_or_touches_people_through_any_form(client, house):
    unit = Unit.objects.get(edition=house, slug="left")
    client.force_login(account("Editor"))
    before = Edition.objects.published().count(), everything(house)
    change = reverse("admin:units_unit_change", args=[unit.pk])
    client.post(change, {"slug": "left", "name": "X", "kind": "unit", "_publish": "1"})
    for name in ("person", "appointment", "postpublicity"):
        action = {"action": "delete_selected", "_selected_action": 1, "post": "yes"}
        client.post(reverse(f"admin:units_{name}_changelist"), action)
    assert (Edition.objects.published().count(), everything(house)) == before


@pytest.mark.parametrize(("role", "sees"), [(None, 404), ("nobody", 404), ("Viewer", 200)])
def test_a_preview_is_for_viewers(client, house, role, sees):
    if role:
        client.force_login(account(role))
    assert client.get(f"/editions/{house.identifier}/").status_code == sees


def test_setting_the_roles_up_again_gives_back_what_was_taken_and_takes_what_was_given(db):
    call_command("set_up_roles", verbosity=0)
    rights = {group.name: set(group.permissions.all()) for group in Group.objects.all()}
    assert rights["Viewer"] < rights["Editor"] < rights["Publisher"]
    Group.objects.get(name="Viewer").permissions.set(rights["Publisher"])
    Group.objects.get(name="Editor").permissions.clear()
    call_command("set_up_roles", verbosity=0)
    assert rights == {group.name: set(group.permissions.all()) for group in Group.objects.all()}


def test_accounts_are_deactivated_and_never_deleted(admin_client):
    user = get_user_model().objects.create_user("leaver", is_staff=True)
    for page in ("delete", "change"):
        admin_client.post(reverse(f"admin:auth_user_{page}", args=[user.pk]), {"post": "yes"})
    action = {"action": "delete_selected", "_selected_action": user.pk, "post": "yes"}
    admin_client.post(reverse("admin:auth_user_changelist"), action)
    assert get_user_model().objects.filter(pk=user.pk).exists()


def test_a_published_citation_cannot_be_deleted_while_a_draft_is_open(admin_client, house):
    citation = Citation._base_manager.exclude(edition=house).last()
    address = reverse("admin:units_citation_delete", args=[citation.pk])
    assert admin_client.get(address).status_code == 403
