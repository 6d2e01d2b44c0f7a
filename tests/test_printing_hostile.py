"""Names and texts that try to be markup, or that no typeface can show: printed as they are, or as a sign."""

from itertools import cycle, islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.institutions import institution
from tests.conftest import LENGTH
from tests.printed import Printed
from tests.printed_words import InPrint
from units.chart.state import State
from units.documents import load
from units.models import Statement, Unit
from units.printing.directory import write_directory
from units.printing.letters import LACKING, printable_letters

MARKUP = [
    *('#read("/etc/passwd")', '#image("https://example.org/x.png")', '#import "@preview/x:1.0.0": *'),
    *("$ x^2 $", "*strong* _emphasis_ `raw` ```", "= Heading", "- item", "+ item", "/ term: said", "<label>"),
    *("@unit-0", "\\", "\\u{1F600}", "\\#", "//", "/* never closed", "]#[", '")#', "~ -- --- ... '\""),
    *("#panic()", "#let page-of = none", "#sys.inputs.data", '#eval("1+1")', "{{ unit }}", "</text><script>"),
    *("https://example.org/a/b", "www.example.org", "a@b.example", "0", "-1", "null", "(a: 1)", "none"),
]
LETTERS = [
    *("\u202eright to left\u202c", "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627"),
    *(
        "e\u0301\u0323 x\u0308\u0304\u0330",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 family",
        "\u6f22\u5b57",
    ),
    *("\ue000 private", "\ufdd0", "\U000e0041", "\x07bell\x1b[31m", "tab\tand\nline\r\n\u2028\u2029end"),
    *("zero\u200bwidth\ufeff", "soft\u00adhyphen", "nb\u00a0space", "w" * 10_000, "word " * 2_000),
    *("\x1b", " ", "\u200d", "\u2028"),
    *("\u0300" * 300, "ffi fl \ufb03", "\u0391\u03b8\u03ae\u03bd\u03b1 \u0421\u043e\u0444\u0438\u044f"),
]
MARKS = set(map(chr, range(0x300, 0x370)))


@pytest.fixture
def asked(db):
    """A draft, whose rows no document has been checked for, with a function that prints it with `texts`."""
    draft = load(institution(30))
    units, statements = list(Unit.objects.of(draft)), list(Statement.objects.of(draft))

    def printed(texts, path):
        for text, unit, statement in zip(cycle(texts), units, statements[::2], strict=False):
            Unit.objects.filter(pk=unit.pk).update(name=text[:300])
            Statement.objects.filter(pk=statement.pk).update(text=text)
        write_directory(draft, State(), path)
        return [text[:300] for text in texts], Printed(path.read_bytes())

    return printed


def told(text):
    """Return what can be read of `text`: without blanks and signs that are not seen.

    Of one with marks that belong to no letter the set of its letters: they are read once for each mark.
    """
    if MARKS & set(text):
        return frozenset(told("".join(set(text) - MARKS)))
    known = printable_letters() - {0xA0, 0xAD, 0x200C, 0x200D}
    shown = [letter if ord(letter) in known else LACKING for letter in text if letter.isprintable()]
    return "".join(letter for letter in shown if letter not in (" ", LACKING))


def check(texts, printed):
    assert printed.faults == []
    things = InPrint(printed).parts["Directory by unit"]
    assert len(things) == 30
    assert [told(thing["name"]) for thing in things] == [told(text) for text in islice(cycle(texts), 30)]


@pytest.mark.parametrize("texts", [MARKUP, LETTERS], ids=["markup", "letters"])
def test_what_looks_like_markup_or_has_no_letters_is_printed_as_text(asked, texts, tmp_path):
    check(*asked(texts, tmp_path / "x.pdf"))


@given(
    texts=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), min_size=1
    )
)
@settings(max_examples=3 * LENGTH, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_can_be_printed(asked, texts, tmp_path):
    check(*asked(texts, tmp_path / "x.pdf"))
