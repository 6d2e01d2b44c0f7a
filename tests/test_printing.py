"""The chart as a picture and the directory for printing: asked for, made once, kept, refused."""

import pytest

from bench.institutions import institution
from tests.reading import published, text_of

PRINTED = ["/chart.pdf", "/chart.png"]


@pytest.mark.parametrize("address", PRINTED)
def test_a_file_of_an_edition_is_made_once(client, office, address, monkeypatch):
    first = client.get(address)
    assert first.status_code == 200
    assert first.content[:4] in (b"%PDF", b"\x89PNG")
    monkeypatch.setattr("units.printing.setting.subprocess", None)
    assert client.get(address).content == first.content
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(first.content)))


@pytest.mark.parametrize("address", PRINTED)
def test_what_would_be_too_much_is_refused_in_a_sentence(client, db, address):
    published(institution(1_001))
    response = client.get(f"{address}?depth=all")
    assert response.status_code == 400
    assert "“root”" in text_of(response)
    assert "“depth”" in text_of(response)
    assert client.get(f"{address}?depth=1").status_code == 200
