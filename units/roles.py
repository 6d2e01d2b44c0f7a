"""Who may do what: three groups of accounts, each with all that the one before may."""

from django.contrib.auth.models import Group, Permission

from units.models import Appointment, Edition, Person, PostPublicity, Synonym
from units.triggers import guarded_models


def roles():
    """Return {name of a group: the Permissions it has}, from the least to the most."""
    rows = _names(guarded_models())
    people = _names([Appointment, Person, PostPublicity])
    at_once_public = people | _names([Synonym])
    [edition] = _names([Edition])

    def viewer(right, model):
        return right == "view" and model not in people

    def editor(right, model):
        return right == "view" or model in rows or (right, model) == ("change", edition)

    def publisher(right, model):
        return editor(right, model) or model in at_once_public or (right, model) == ("publish", edition)

    rights = Permission.objects.filter(content_type__app_label="units").select_related("content_type")
    return {
        name: [right for right in rights if may(right.codename.partition("_")[0], right.content_type.model)]
        for name, may in [("Viewer", viewer), ("Editor", editor), ("Publisher", publisher)]
    }


def set_up():
    """Make the groups, or give them exactly their rights again; return their names."""
    wanted = roles()
    for name, rights in wanted.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(rights)
    return list(wanted)


def _names(models):
    return {model._meta.model_name for model in models}
