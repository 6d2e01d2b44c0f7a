"""How tests read a printed directory: its tags with their text, as a screen reader would, and its faults.

pikepdf reads the tree of tags, pdfminer the text of each marked part of a page.
"""

import io
from dataclasses import dataclass, field

import pikepdf
from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

STANDARD = {
    *("Document", "Part", "Sect", "Div", "P", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody"),
    *("Table", "THead", "TBody", "TR", "TH", "TD", "Span", "Link", "Reference", "TOC", "TOCI", "Figure"),
    *("Caption", "NonStruct", "Quote", "Note", "BlockQuote", "Index", "Code"),
}  # of PDF 1.7; others have to be mapped to these


@dataclass
class Tag:
    """An element of the tree: its type, the texts and Tags in it in order, what is said of it, its page."""

    type: str
    inside: list = field(default_factory=list)
    alternative: str = ""
    is_raised: bool = False
    scope: str = ""
    page: int | None = None

    @property
    def tags(self):
        return [each for each in self.inside if isinstance(each, Tag)]

    def all(self, *types):
        """Return all Tags below this one, of these types where some are named, in order."""
        found = []
        for tag in self.tags:
            found += ([tag] if not types or tag.type in types else []) + tag.all(*types)
        return found

    def text(self, without=()):
        """Return the text as it is read, without source marks and without Tags of the types `without`."""
        read = [
            each.text(without) if isinstance(each, Tag) else each
            for each in self.inside
            if not (isinstance(each, Tag) and (each.is_raised or each.type in without))
        ]
        return " ".join("".join(read).replace("\u200b", "").replace("\u00ad", "").split())

    def letters(self):
        """Return all text in it, with source marks."""
        return "".join(each.letters() if isinstance(each, Tag) else each for each in self.inside).strip()

    def marks(self):
        """Return the numbers of the source marks in it."""
        own = [int(one) for one in self.inside if self.is_raised and isinstance(one, str) and one.isdigit()]
        return own + [number for tag in self.tags for number in tag.marks()]


class _Marked(PDFDevice):
    """Gathers the text of each marked part of each page, and counts what is marked by nothing."""

    def __init__(self, resources):
        super().__init__(resources)
        self.texts, self.unmarked, self.artifacts = {}, [], {}
        self.page, self.stack = -1, []

    def begin_page(self, page, ctm):
        self.page += 1
        self.stack = []

    def begin_tag(self, tag, props=None):
        given = props if isinstance(props, dict) else {}
        self.stack.append((tag.name, given.get("MCID"), given.get("ActualText")))
        if given.get("ActualText") is not None:
            self._add(_decoded(given["ActualText"]))

    def end_tag(self):
        self.stack.pop()

    def render_string(self, textstate, seq, *_rest):
        if any(actual is not None for _tag, _mcid, actual in self.stack):
            return
        font = textstate.font
        codes = [code for part in seq if isinstance(part, bytes) for code in font.decode(part)]
        self._add("".join(font.to_unichr(code) for code in codes))

    def paint_path(self, *args, **kwargs):
        self._add("")

    def _add(self, text):
        for name, mcid, _actual in reversed(self.stack):
            if mcid is not None:
                self.texts[self.page, mcid] = self.texts.get((self.page, mcid), "") + text
                return
            if name == "Artifact":
                self.artifacts[self.page] = self.artifacts.get(self.page, "") + text
                return
        self.unmarked.append((self.page, text))


def _decoded(value):
    return value.decode("utf-16") if value.startswith(b"\xfe\xff") else value.decode("latin-1")


class Printed:
    """A PDF file: its `tree` of Tags, the number of its `pages`, the `artifacts` of each (head and foot), and
    its `faults`."""

    def __init__(self, content):
        resources = PDFResourceManager()
        self._device = _Marked(resources)
        interpreter = PDFPageInterpreter(resources, self._device)
        for page in PDFPage.get_pages(io.BytesIO(content)):
            interpreter.process_page(page)
        self.artifacts = [self._device.artifacts[page] for page in sorted(self._device.artifacts)]
        with pikepdf.open(io.BytesIO(content)) as pdf:
            self.pages = len(pdf.pages)
            self._pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
            self._used, self._linked, self.faults = [], set(), []
            roles = pdf.Root.StructTreeRoot.get("/RoleMap", pikepdf.Dictionary())
            self._known = STANDARD | {key[1:] for key, role in roles.items() if str(role)[1:] in STANDARD}
            self.tree = self._tag(pdf.Root.StructTreeRoot.K, None)
            self.faults += self._faults(pdf)
            self.language = str(pdf.Root.Lang)
            with pdf.open_metadata() as metadata:
                self.title = metadata.get("dc:title")

    def _tag(self, element, page):
        if isinstance(element, pikepdf.Array):
            [element] = element
        page = self._pages.get(element.Pg.objgen) if "/Pg" in element else page
        tag = Tag(str(element.S)[1:], alternative=str(element.get("/Alt", "")))
        for one in _each(element, "/A"):
            tag.is_raised |= "/BaselineShift" in one
            tag.scope = str(one.get("/Scope", tag.scope))
        for kid in _each(element, "/K"):
            self._add_to(tag, kid, page)
        return tag

    def _add_to(self, tag, kid, page):
        if isinstance(kid, int):
            place = (page, kid)
        elif kid.get("/Type") == "/MCR":
            place = (self._pages[kid.Pg.objgen] if "/Pg" in kid else page, int(kid.MCID))
        elif kid.get("/Type") == "/OBJR":
            self._linked.add(kid.Obj.objgen)
            return
        else:
            tag.inside.append(self._tag(kid, page))
            return
        self._used.append(place)
        tag.page = tag.page or place[0] + 1
        tag.inside.append(self._device.texts.get(place, ""))

    def _faults(self, pdf):
        """Yield what PDF/UA-1 does not allow, as far as it can be seen without a person."""
        root = pdf.Root
        if not root.get("/MarkInfo", {}).get("/Marked"):
            yield "not marked as tagged"
        if not root.get("/Lang"):
            yield "no language"
        if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
            yield "the title is not to be shown"
        with pdf.open_metadata() as metadata:
            if metadata.get("pdfuaid:part") != "1" or not metadata.get("dc:title"):
                yield "does not say that it is PDF/UA, or has no title"
        if self._device.unmarked:
            yield f"content that is marked by nothing: {self._device.unmarked[:5]}"
        if len(self._used) != len(set(self._used)):
            yield "content that is read twice"
        if lost := {place for place, text in self._device.texts.items() if text.strip()} - set(self._used):
            yield f"content that is in no tag: {sorted(lost)[:5]}"
        yield from self._faults_of_tags()
        yield from self._faults_of_links(pdf)
        yield from _faults_of_fonts(pdf)

    def _faults_of_tags(self):
        if strange := {tag.type for tag in self.tree.all()} - self._known:
            yield f"types of tags that are no standard: {strange}"
        level = 0
        for heading in self.tree.all("H1", "H2", "H3", "H4", "H5", "H6"):
            if int(heading.type[1]) > level + 1:
                yield f"a level is left out before the heading “{heading.text()}”"
            level = int(heading.type[1])
            if not heading.text():
                yield "an empty heading"
        for figure in self.tree.all("Figure"):
            if not figure.alternative:
                yield "a figure without words"
        for table in self.tree.all("Table"):
            rows = table.all("TR")
            if len({len(row.all("TH", "TD")) for row in rows}) != 1:
                yield f"a table with rows of different length: {table.text()[:60]}"
            if not table.all("TH"):
                yield f"a table without header cells: {table.text()[:60]}"
        for link in self.tree.all("Link"):
            if not link.letters():
                yield "a link without words"
        for header in self.tree.all("TH"):
            if header.scope not in ("/Column", "/Row") or not header.text():
                yield f"a header cell that is empty or of nothing: {header.text()}"

    def _faults_of_links(self, pdf):
        for number, page in enumerate(pdf.pages, 1):
            notes = page.get("/Annots", [])
            if len(notes) and page.get("/Tabs") != "/S":
                yield f"the order of links on page {number} is not that of the tags"
            for note in notes:
                if note.objgen not in self._linked or "/StructParent" not in note:
                    yield f"a link on page {number} is in no tag"
                if not str(note.get("/Contents", "")):
                    yield f"a link on page {number} says nothing"


def _each(element, name):
    """Return what an entry holds as a list: it can be missing, one thing, or an array."""
    if name not in element:
        return []
    return list(element[name]) if isinstance(element[name], pikepdf.Array) else [element[name]]


def _faults_of_fonts(pdf):
    for found in pdf.objects:
        if not isinstance(found, pikepdf.Dictionary):
            continue
        files = [name for name in ("/FontFile", "/FontFile2", "/FontFile3") if name in found]
        if found.get("/Type") == "/FontDescriptor" and not files:
            yield f"a font that is not embedded: {found.FontName}"
        if found.get("/Subtype") == "/Type0" and "/ToUnicode" not in found:
            yield f"a font without its letters: {found.BaseFont}"
