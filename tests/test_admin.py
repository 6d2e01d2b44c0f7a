"""The admin: everything can be looked at, editions can't be touched, people can be edited."""

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from units.documents import dump
from units.models import (
    Appointment,
    Edition,
    EditionRow,
    History,
    Person,
    PostPublicity,
    Synonym,
    Unit,
    Upload,
)
from units.triggers import guarded_models

FROZEN = [Edition, *guarded_models()]
PEOPLE = [Person, Appointment, PostPublicity, Synonym]


@pytest.fixture
def admin(office, admin_client):
    return admin_client


def address(model, page, *args):
    return reverse(f"admin:units_{model._meta.model_name}_{page}", args=args)


def test_every_model_of_ours_is_listed():
    ours = set(apps.get_app_config("units").get_models())
    assert set(site._registry) >= {*FROZEN, *PEOPLE, History} == ours - {Upload}
    assert all(issubclass(model, EditionRow) for model in FROZEN[1:])


@pytest.mark.parametrize("model", FROZEN + PEOPLE)
def test_every_list_opens_and_can_be_searched(admin, model):
    assert admin.get(address(model, "changelist")).status_code == 200
    assert admin.get(address(model, "changelist") + "?q=office").status_code == 200


@pytest.mark.parametrize("model", FROZEN)
def test_what_is_published_is_shown_without_a_way_to_change_it(admin, office, model):
    row = model._base_manager.first()
    page = admin.get(address(model, "change", row.pk)).content.decode()
    assert 'name="_save"' not in page
    before = dump(office.edition)
    assert admin.post(address(model, "change", row.pk), {"name": "Another"}).status_code == 409
    assert admin.post(address(model, "delete", row.pk), {"post": "yes"}).status_code in (403, 409)
    action = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    admin.post(address(model, "changelist"), action)
    assert dump(office.edition) == before


@pytest.fixture
def people(office):
    """One row of each of the models outside editions."""
    person = Person.objects.create(name="Ada Example")
    Appointment.objects.create(person=person, post=office.head.slug, source="A made-up decision")
    PostPublicity.objects.create(post=office.head.slug, reason="The public elects to know")
    Synonym.objects.create(said="boss", meant="head")


@pytest.mark.parametrize("model", FROZEN + PEOPLE)
def test_every_form_opens(admin, people, model):
    row = model._base_manager.first()
    assert admin.get(address(model, "change", row.pk)).status_code == 200
    assert admin.get(address(model, "history", row.pk)).status_code == 200


@pytest.mark.parametrize("model", FROZEN)
def test_nothing_is_added_to_what_is_published(admin, office, model):
    before = dump(office.edition)
    assert admin.get(address(model, "add")).status_code == 403
    assert admin.post(address(model, "add"), {"slug": "new", "edition": office.edition.pk}).status_code < 500
    assert dump(office.edition) == before
    assert not Edition.objects.drafts().exists()


@pytest.mark.parametrize("name", ["use", "copy", "details", "changes", "publish", "rebase", "discard"])
def test_no_page_of_a_published_edition_changes_it_or_starts_a_draft(admin, office, name):
    before = list(Edition.objects.values())
    page = address(Edition, name, office.edition.pk)
    assert admin.get(page, {"onto": "2024-06-16"}).status_code < 500
    sent = {"onto": "2024-06-16", "title": "Another", "effective_on": "2025-01-01", "version": "0"}
    assert admin.post(page, sent).status_code < 500
    assert list(Edition.objects.values()) == before


@pytest.mark.parametrize("model", FROZEN + PEOPLE)
def test_a_key_that_no_row_has_is_answered_and_starts_no_draft(admin, model):
    for key in ("999999", "9" * 30, "-1", "x", "1e5", "²"):
        for page in ("change", "delete"):
            for ask in (admin.get, admin.post):
                assert ask(f"{address(model, 'changelist')}{key}/{page}/").status_code < 500
    assert not Edition.objects.drafts().exists()


def test_asking_how_to_delete_a_published_unit_is_refused_also_where_it_may_be_edited(admin, office):
    page = address(Unit, "delete", office.safety.pk)
    assert admin.get(page).status_code == 409
    assert admin.get(f"{page}?edit=1").status_code == 409
    assert not Edition.objects.drafts().exists()


def test_people_can_be_added_changed_and_removed(admin, office):
    admin.post(address(Person, "add"), {"name": "Ada Example"})
    person = Person.objects.get()
    admin.post(address(Person, "change", person.pk), {"name": "Ada Other"})
    assert Person.objects.get().name == "Ada Other"
    admin.post(address(Person, "delete", person.pk), {"post": "yes"})
    assert not Person.objects.exists()


def test_whoever_has_no_permission_sees_nothing(client, office):
    user = get_user_model().objects.create_user("guest", is_staff=True)
    client.force_login(user)
    for model in FROZEN + PEOPLE:
        assert client.get(address(model, "changelist")).status_code == 403


def test_whoever_has_no_permission_is_refused_every_form_and_every_action(client, office, people):
    client.force_login(get_user_model().objects.create_user("guest", is_staff=True))
    assert "/admin/units/" not in client.get("/admin/").content.decode()
    for model in FROZEN + PEOPLE:
        assert client.get(address(model, "change", model._base_manager.first().pk)).status_code == 403
        assert client.get(address(model, "add")).status_code == 403
    assert client.post(reverse("admin:units_edition_start"), {"from": "2024-06-16"}).status_code == 403
    assert not Edition.objects.drafts().exists()


def test_whoever_may_only_look_sees_everything_and_changes_nothing(client, office, people):
    user = get_user_model().objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    for model in FROZEN + PEOPLE:
        page = address(model, "change", model._base_manager.first().pk)
        assert 'name="_save"' not in client.get(page).content.decode()
        assert client.post(f"{page}?edit=1", {"name": "Another"}).status_code in (403, 409)
        assert client.post(address(model, "add"), {"name": "Another"}).status_code == 403
    assert not Edition.objects.drafts().exists()


@pytest.mark.parametrize("model", FROZEN + PEOPLE)
def test_whoever_is_not_signed_in_is_asked_to(client, office, model):
    answer = client.get(address(model, "changelist"))
    assert answer.headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("model", FROZEN)
def test_a_list_takes_a_constant_number_of_queries(admin, model, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        admin.get(address(model, "changelist"))
