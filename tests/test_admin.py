"""The admin: everything can be looked at, editions can't be touched, people can be edited."""

import pytest
from django.contrib.admin import site
from django.contrib.auth import get_user_model
from django.urls import reverse

from units.documents import dump
from units.models import Appointment, Edition, EditionRow, Person, PostPublicity
from units.triggers import guarded_models

FROZEN = [Edition, *guarded_models()]
PEOPLE = [Person, Appointment, PostPublicity]


@pytest.fixture
def admin(office, admin_client):
    return admin_client


def address(model, page, *args):
    return reverse(f"admin:units_{model._meta.model_name}_{page}", args=args)


def test_every_model_of_ours_is_listed():
    assert set(site._registry) >= {*FROZEN, *PEOPLE}
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


@pytest.mark.parametrize("model", FROZEN)
def test_a_list_takes_a_constant_number_of_queries(admin, model, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        admin.get(address(model, "changelist"))
