"""A branch of a draft's tree with all that is in it, kept apart as plain values and put back whole."""

import base64
import zlib

from django.core import serializers
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from units import trees
from units.models import Citation, EditionRow, Post, Statement, Unit

UNITS_AT_MOST = 3_000
LARGEST = 400_000  # characters of what is kept of one branch


def keep(unit):
    """Return `unit` with all that would go with it, as text; None where that is too much to keep."""
    if unit.units_below > UNITS_AT_MOST:
        return None
    units = list(Unit.objects.inside(unit))
    posts = Post.objects.filter(unit__in=units)
    said = Statement.objects.filter(Q(unit__in=units) | Q(post__in=posts))
    cites = Citation.objects.filter(Q(unit__in=units) | Q(post__in=posts) | Q(statement__in=said))
    rows = [*units, *posts.order_by("pk"), *said.order_by("pk"), *cites.order_by("pk")]
    text = serializers.serialize("json", rows)
    kept = base64.b85encode(zlib.compress(text.encode())).decode()
    return kept if len(kept) <= LARGEST else None


def put_back(draft, kept, below, position):
    """Put the branch `kept` into `draft` below the unit `below` (a slug), as number `position` there.

    Raises TreeError where something stands in its place meanwhile, or what it refers to is gone.
    """
    with trees.editing(draft):
        text = zlib.decompress(base64.b85decode(kept))
        rows = [one.object for one in serializers.deserialize("json", text)]
        for model in (Post, Statement):
            slugs = [row.slug for row in rows if isinstance(row, model)]
            if model.objects.filter(edition=draft, slug__in=slugs).exists():
                raise trees.TreeError(
                    _("It can’t be put back: what was in it is somewhere else in the draft meanwhile.")
                )
        _refuse_loose_ends(draft, rows)
        trees.put_back(draft, below, [row for row in rows if isinstance(row, Unit)], position)
        with transaction.atomic():
            for model in (Post, Statement, Citation):
                model._base_manager.bulk_create(
                    [row for row in rows if isinstance(row, model)], batch_size=2_000
                )


def _refuse_loose_ends(draft, rows):
    """Raise TreeError unless all that `rows` refer to is among them or in `draft`."""
    among = {(type(row), row.pk) for row in rows}
    wanted = {}
    for row in rows:
        for field in row._meta.concrete_fields:
            target, key = field.related_model, getattr(row, field.attname)
            if target is None or not issubclass(target, EditionRow) or key is None:
                continue
            if (target, key) not in among and (row, field.name) != (rows[0], "parent"):
                wanted.setdefault(target, set()).add(key)
    for model, keys in wanted.items():
        if model._base_manager.filter(pk__in=keys, edition=draft).count() < len(keys):
            raise trees.TreeError(
                _("It can’t be put back: something that it refers to is gone from the draft meanwhile.")
            )
