"""Which letters can be printed, and text made ready for print."""

import functools
import re
from pathlib import Path

import fontpkg_fira_sans
from fontTools.ttLib import TTFont

FONTS = Path(fontpkg_fira_sans.ROOT) / "files"
LACKING = "\u25af"  # stands for a letter that the fonts lack; the fonts have it
SIGNS = "▸▾▴"  # of the chart; DejaVu Sans Mono, which comes with Typst, has them
LONGEST_WORD = 30  # letters that are never parted; longer words may break anywhere
BREAK = "\u200b"
# What steers the direction of writing or ends a line: no printed text may do that to its neighbours.
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
HEAPED = re.compile("([\u0300-\u036f]{2})[\u0300-\u036f]+")  # marks on one letter: readers repeat it for each
LONG = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
UNSEEN = {0x00AD, 0x200C, 0x200D, *range(0xFE00, 0xFE10)}  # hyphens and joints that are no letters


@functools.cache
def printable_letters():
    """Return the code points that the fonts have in every style."""
    found = None
    for style in ("Regular", "SemiBold", "Italic"):
        with TTFont(FONTS / f"FiraSans-{style}.ttf", lazy=True) as font:
            letters = set(font.getBestCmap())
        found = letters if found is None else found & letters
    return frozenset(found.union(map(ord, SIGNS)))


def printable(value, is_broken=True):
    """Return `value` as text of one line that every font for print can show.

    A letter that they lack is shown by a sign, and so is a text in which nothing can be seen. With
    `is_broken` long words can be parted anywhere.
    """
    text = HEAPED.sub(r"\1", STEERING.sub(" ", str(value)))
    known = printable_letters()
    if not all(map(known.__contains__, map(ord, text))):
        text = "".join(_shown(letter, known) for letter in text)
    if str(value) and not any(ord(letter) not in UNSEEN for letter in text.strip()):
        return LACKING
    return LONG.sub(_parted, text) if is_broken else text


def _shown(letter, known):
    if ord(letter) in known:
        return letter
    return "" if ord(letter) in UNSEEN else LACKING


def _parted(match):
    return BREAK.join(re.findall(r".{1,6}", match[0]))
