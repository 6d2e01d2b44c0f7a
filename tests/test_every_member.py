"""Every text that a unit can have is said wherever a unit is: nobody who adds one forgets a place."""

import json

from tests.conftest import ROOT
from tests.reading import published, text_of
from units.chart.state import State
from units.diff import FIELDS
from units.documents.form import PLAIN
from units.models import Edition, Unit
from units.printing.directory import write_directory
from units.search.entries import entries_of

SCHEMA = json.loads((ROOT / "units" / "edition.schema.json").read_text())["$defs"]["unit"]["properties"]
TEXTS = [name for name in PLAIN[Unit] if SCHEMA[name].get("$ref") in ("#/$defs/name", "#/$defs/text")]


def test_every_text_of_a_unit_is_said_wherever_a_unit_is(client, db, small_document, monkeypatch):
    small_document["units"][0]["units"][0] |= {name: f"The {name} here" for name in TEXTS}
    edition = published(small_document)
    printed = {}
    monkeypatch.setattr(
        "units.printing.directory.set_pages", lambda _template, data, *_others: printed.update(data)
    )
    write_directory(edition, State(), None)
    document = json.loads(Edition.objects.document_bytes(edition))

    def answer(address):
        return b"".join(client.get(address)).decode()

    places = {
        "the page of a unit": text_of(client.get("/units/left/")),
        "the API": answer("/api/v1/units/left/"),
        "tables": answer("/units/left.csv"),
        "linked data": answer("/units/left.ttl"),
        "print": repr(printed),
        "the search": repr(list(entries_of(document))),
    }
    missing = [(n, place) for n in TEXTS for place, said in places.items() if f"The {n} here" not in said]
    assert missing == [], "docs/how-to.md says where"
    assert {"name", "purpose"} <= set(TEXTS)


def test_every_column_of_a_document_has_words_in_lists_of_changes():
    assert {name for names in PLAIN.values() for name in names} <= set(FIELDS)
