"""What the tests of the admin do as an editor does it: open a form, fill it in, send it."""

import re
from html import unescape

from django.urls import reverse

from units.models import Edition


def start(editor, **data):
    """Start a draft as the button does; return it."""
    in_force = Edition.objects.published().first()
    answer = editor.post(reverse("admin:units_edition_start"), {"from": in_force.identifier} | data)
    assert answer.status_code == 302
    return Edition.objects.drafts().first()


def row(model, draft, slug):
    return model.objects.get(edition=draft, slug=slug)


def form_of(editor, address):
    """Return the address of the form on a page and what it would send, as a browser would."""
    page = editor.get(address, follow=True)
    assert page.status_code == 200
    data = {}
    form = page.context["adminform"].form
    sets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    for part in [form, *(f for s in sets for f in (s.management_form, *s.forms))]:
        for field in part:
            value = field.value()
            data[field.html_name] = "" if value is None else "on" if value is True else value
    if page.redirect_chain:
        address = page.redirect_chain[-1][0]
    return address, {name: value for name, value in data.items() if value is not False}


def change_address(obj):
    return reverse(f"admin:units_{obj._meta.model_name}_change", args=[obj.pk])


def save(editor, obj, button="_save", **changes):
    address, data = form_of(editor, change_address(obj))
    return editor.post(address, data | changes | {button: "1"}, follow=True)


def publication(editor, draft, **changes):
    address = reverse("admin:units_edition_publish", args=[draft.pk])
    page = editor.get(address)
    initial = page.context["form"].initial | {"version": page.context["draft"].version}
    return editor.post(address, initial | changes, follow=True), page


def ask(editor, page, key, **answers):
    """Answer the question that a page (`unit_move`, `milestone_delete`, …) asks about `key`."""
    address = reverse(f"admin:units_{page}", args=[key])
    question = editor.get(address)
    return editor.post(address, {"shown": shown(question)} | answers, follow=True)


def shown(page):
    """Return what a page sends along as what it showed."""
    return unescape(re.search(r'name="shown" value="([^"]*)"', page.content.decode())[1])


TREE = "/admin/units/unit/tree/"
HIDDEN = re.compile(r'<input type="hidden" name="(of|place|seen|shown|step)" value="([^"]*)"')


def ask_in_tree(editor, do, slug, **query):
    """Open the page on which the step `do` of the unit `slug` is taken; return what its form sends along."""
    page = editor.get(TREE, {"at": slug, "ask": do} | query)
    assert page.status_code == 200
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(page.content.decode())}
    return hidden | {"do": do, "unit": slug}


def step(editor, do, unit, **answers):
    """Do the step `do` (up, in, move, rename, remove, …) with `unit`, as the tree editor does."""
    return editor.post(f"{TREE}?at={unit}", ask_in_tree(editor, do, unit) | answers, follow=True)


def undo(editor):
    """Press Undo on the tree editor's page."""
    return editor.post(TREE, ask_in_tree(editor, "undo", ""), follow=True)
