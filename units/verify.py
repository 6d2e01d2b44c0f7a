"""Whether all that is stored is whole: the answer that `manage.py verify` and the health page give."""

import hashlib
import json
import os
from pathlib import Path

from django.conf import settings
from django.db.models import F

from units import trees, triggers
from units.documents import DocumentError, canonical, dump, numbering, parse
from units.models import Edition, EditionRow
from units.search import index

NOTE = "verified.json"


def remember(problems):
    """Keep for the health page how many `problems` verify() found."""
    folder = Path(settings.CACHE_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{NOTE}.{os.getpid()}"
    new.write_text(json.dumps({"problems": problems}))
    os.replace(new, folder / NOTE)


def last_result():
    """Return "ok" where the last verify() here found nothing, or there was none yet; else a sentence."""
    try:
        problems = json.loads((Path(settings.CACHE_DIR) / NOTE).read_text())["problems"]
    except (OSError, ValueError, KeyError):
        return "ok"
    return "ok" if problems == 0 else f"{problems} problems are known: run manage.py verify"


def verify(connection, indexes=True):
    """Yield every problem as (identifier of the edition or empty, sentence); without `indexes` those of the
    database alone."""
    for name in triggers.missing(connection):
        yield "", f"The trigger {name} is missing: run manage.py migrate."
    for model in triggers.guarded_models():
        for field in model._meta.concrete_fields:
            if field.related_model and issubclass(field.related_model, EditionRow):
                strays = model._base_manager.exclude(**{f"{field.name}__edition": F("edition")})
                count = strays.filter(**{f"{field.name}__isnull": False}).count()
                if count:
                    kind = model._meta.verbose_name
                    yield (
                        "",
                        f"{count} {kind} rows point into another edition through {field.name}.",
                    )
    for edition in Edition.objects.order_by("pk"):
        if edition.is_being_copied:
            continue  # not whole yet, as it says itself
        for problem in trees.problems(edition):
            yield edition.identifier, problem
        if edition.is_published:
            for problem in numbering.problems(edition):
                yield edition.identifier, problem
            # The index is made from the document, and can only be compared with a whole one.
            for problem in list(_document_problems(edition)) or (indexes and index.problems(edition)) or ():
                yield edition.identifier, problem


def _document_problems(edition):
    raw = bytes(Edition.objects.values_list("document", flat=True).get(pk=edition.pk))
    if hashlib.sha256(raw).hexdigest() != edition.sha256:
        yield "The stored document does not have the stored hash."
        return
    try:
        parse(raw)
    except DocumentError as error:
        for problem in error.problems:
            yield f"The stored document: {problem}"
    try:
        same = canonical(dump(edition)) == raw
    except (LookupError, TypeError, ValueError) as error:
        yield f"The rows make no document: {type(error).__name__} {error}"
    else:
        if not same:
            yield "The rows say something else than the stored document."
