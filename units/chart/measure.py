"""How wide text is, and where its lines break: an estimate that no common font exceeds.

Of the sans-serif fonts that browsers choose from, DejaVu Sans is the widest: its widths are the measure, so
that text never leaves its box, whatever font a reader has.
"""

import unicodedata
from functools import lru_cache

# In hundredths of the font's size, for the bold face; the other is narrower by a tenth or more.
WIDTHS = {
    letter: width
    for width, letters in [
        (38, " ijl/\\|,.IJ'’·"),
        (46, ":;-f!()[]"),
        (54, 't_`r"*–'),
        (61, "?zcs"),
        (68, "Lxvykae"),
        (73, "EFTo0123456789$€bdghnpqu{}SY"),
        (79, "ZCPBAKRVX"),
        (84, "UG#+<=>DHN^~"),
        (94, "OQ&w"),
        (111, "@M%mW…"),
    ]
    for letter in letters
}
OTHER, WIDE = 90, 125


def width_of(text, size, bold=False):
    """Return how wide `text` is in pixels, rounded up, with a font of `size` pixels."""
    hundredths = sum(map(_width_of_letter, text)) * size
    return -(-hundredths // 100) if bold else -(-hundredths * 9 // 1000)


@lru_cache(maxsize=4096)
def _width_of_letter(letter):
    if letter in WIDTHS:
        return WIDTHS[letter]
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0  # it stands on or beside the letter before, from which no line break may part it
    base = unicodedata.normalize("NFD", letter)[0]
    wide = unicodedata.east_asian_width(letter) in "WF"
    return WIDTHS.get(base, WIDE if wide or unicodedata.category(letter) in ("So", "Lo") else OTHER)


@lru_cache(maxsize=8192)
def wrap(text, room, size, bold=False):
    """Return the lines of `text`, none wider than `room` pixels: broken between words, else within them.

    They are kept: where a chart finds its place on paper, the same boxes are tried many times.
    """
    lines, line, used = [], "", 0
    space = width_of(" ", size, bold)
    for word in text.split():
        wide = width_of(word, size, bold)
        if line and used + space + wide <= room:
            line, used = f"{line} {word}", used + space + wide
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, room, size, bold) if wide > room else [word]
        lines += full
        used = width_of(line, size, bold)
    return (*lines, line) if line else tuple(lines)


def _pieces(word, room, size, bold):
    pieces, piece = [], ""
    used = 0
    most = room * 100 if bold else room * 1000 // 9
    for letter in word:
        wide = _width_of_letter(letter) * size
        if piece and used + wide > most:
            pieces.append(piece)
            piece, used = "", 0
        piece += letter
        used += wide
    return [*pieces, piece]
