"""Roles: what they may do beside opening pages, of which tests/permissions.py has the table."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from units import drafts
from units.documents import dump, load, publish
from units.models import Appointment, Citation, Edition, History, Person, PostPublicity, Synonym, Unit
from units.resolve import forget_editions


@pytest.fixture
def house(db, small_document):
    """An edition in force, a draft, one row of each kind, people, and all roles; gives the keys of rows."""
    cites = small_document["units"][0]["cites"]
    head = {"slug": "head", "name": "Head", "role": "leads", "holder": "not-stated", "cites": cites}
    small_document["units"][0]["posts"] = [head]
    act = {"slug": "rain-act", "name": "The Rain Act", "kind": "legal-act", "cites": cites}
    small_document["initiatives"].append(act)
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


def everything(draft):
    return (
        dump(draft),
        Edition.objects.count(),
        list(Person.objects.values()),
        list(Appointment.objects.values()),
        list(PostPublicity.objects.values()),
        History.objects.count(),
    )


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
