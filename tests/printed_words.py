"""What a printed directory and the pages say of things, both read into the same plain shape, to be compared.

Of each thing: kind, lead, facts, and rows by the heading of their table: what stands first, text, details,
how sure, and the passages cited, each as (slug of the source, number).
"""

import re

import html5lib

FACT = "stated as a fact"


class InPrint:
    """What is in a file, a Printed: `parts` by their headings, each with the things in it in order."""

    def __init__(self, printed):
        self.parts, self._passages = {}, {}
        part = thing = None
        for tag in printed.tree.tags:
            if tag.type == "H1":
                part, thing = self.parts.setdefault(tag.text(), []), None
            elif re.fullmatch("H[2-6]", tag.type):
                thing = {"name": tag.text(), "level": int(tag.type[1]) - 1, "tags": [], "tables": {}}
                part.append(thing)
            elif thing:
                thing["tags"].append(tag)
            elif tag.type == "Table":
                part.append({"tables": dict([self._table(tag)])})
        for thing in self.parts["Sources"]:
            self._read_source(thing)
        for thing in self.parts["Sources"]:
            thing["cites"] = self._cited(thing.pop("tags")[0])
        for name in ("Directory by unit", "Bodies beside the tree", "Initiatives"):
            for thing in self.parts.get(name, []):
                self._read_thing(thing)
        for thing in self.parts.get("Dates", []):
            thing["tables"] = {name: list(map(self._row, rows)) for name, rows in thing["tables"].items()}

    def _read_thing(self, thing):
        first, *tags = thing.pop("tags")
        thing["kind"] = first.text().split(" · ")[0]
        thing["address"] = first.all("Link")[-1].letters()
        thing["cites"] = self._cited(first)
        said = [tag.text() for tag in tags if tag.type == "P"]
        thing["is_silent"] = any(one.startswith("The sources ") for one in said)
        thing["lead"] = next((one for one in said if not one.startswith("The sources ")), "")
        thing["facts"] = {
            name: said for tag in tags if tag.type == "L" for name, said in _listed(tag).items()
        }
        for table in (tag for tag in tags if tag.type == "Table"):
            name, rows = self._table(table)
            thing["tables"][name] = list(map(self._row, rows))

    def _table(self, tag):
        head, *rows = tag.all("TR")
        return head.all("TH")[1].text(), rows

    def _row(self, row):
        first, said, last = row.all("TD")
        line, *more = said.tags or [said]
        details = {name: said for tag in more if tag.type == "L" for name, said in _listed(tag).items()}
        tasks = [(tag.text(), self._cited(tag)) for tag in more if tag.type == "P"]
        return first.text(), line.text(), details, last.text(), self._cited(line), tasks

    def _cited(self, tag):
        return {self._passages[number] for number in tag.marks()}

    def _read_source(self, thing):
        first, facts, *lists = thing["tags"]
        thing["slug"] = re.search("/sources/([^/]+)/", first.all("Link")[-1].letters())[1]
        thing["facts"] = _listed(facts)
        thing["passages"], thing["notes"] = [], []
        for item in (item for tag in lists for item in tag.tags):
            label, body = item.tags
            says, *more, where = [tag.text() for tag in body.tags]
            ambiguity = [text for text in more if not text.startswith("On “")]
            thing["notes"] += more[len(ambiguity) :]
            number = int(re.match(r"passage (\d+)", where)[1])
            self._passages[int(label.text())] = (thing["slug"], number)
            thing["passages"].append((number, says, "".join(ambiguity), where))


def _listed(tag):
    """Return what a list of names and what they stand for says."""
    pairs = [[part.text() for part in item.tags] for item in tag.tags if len(item.tags) == 2]
    return {name.rstrip(":").capitalize(): said for name, said in pairs}


class OnPage:
    """What the page `html` says of the one thing that it is about, in the same shape."""

    def __init__(self, html):
        self._page = html5lib.parse(html, namespaceHTMLElements=False).find(".//main")
        self._notes = {}
        for note in self._all("li", "", "source-"):
            slug, number = re.search(r"/sources/([^/]+)/.*#p(\d+)$", note.find(".//a").get("href")).groups()
            self._notes["#" + note.get("id")] = (slug, int(number))
        heading = self._page.find(".//h1")
        self.name, self.cites = words(heading), self._cited(heading)
        self.kind = next((words(tag) for tag in self._all("p", "kind")), "")
        self.lead = next((words(tag) for tag in self._all("p", "lead")), "")
        self.facts = _defined(self._page.find(".//section")) | self._more_facts()
        self.tables = {}
        for section in self._page.iter("section"):
            rows = [*self._statements(section), *self._posts(section), *self._dates(section)]
            rows += [*self._involved(section), *self._staff(section)]
            if rows:
                title = section.find("h2")
                self.tables[section.get("aria-label") if title is None else words(title)] = rows
        self.notes = [words(tag) for tag in self._all("p", "edition-note")]
        self.passages = list(self._said_in_source())

    def _all(self, tag, class_, id_="", within=None):
        for found in (self._page if within is None else within).iter(tag):
            if class_ in ("", *found.get("class", "").split()) and found.get("id", "").startswith(id_):
                yield found

    def _cited(self, tag):
        return {self._notes[mark.get("href")] for mark in self._all("a", "mark", within=tag)}

    def _said_in_source(self):
        for item in self._all("li", "", "p"):
            if re.fullmatch(r"p\d+", item.get("id")):
                says = next(self._all("p", "says", within=item))
                ambiguity = [words(tag) for tag in self._all("p", "ambiguity", within=item)]
                yield int(item.get("id")[1:]), words(says), "".join(ambiguity)

    def _more_facts(self):
        said = [words(tag) for tag in self._page.find(".//section").iter("p")]
        pairs = [re.fullmatch("(Also called|Who sits there):? (.*?)[.]?", one) for one in said]
        facts = {pair[1]: pair[2] for pair in pairs if pair}
        if below := [
            words(item) for item in self._page.findall(".//section[@aria-labelledby='parts']//li/div")
        ]:
            facts["What belongs to it"] = ", ".join(below)
        return facts

    def _statements(self, section):
        if section.find("ul[@class='statements']") is None:
            return
        for item in self._all("li", "statement", within=section):
            part, said, sure, cites = self._said(item)
            yield part, said, _defined(item), sure, cites, []

    def _said(self, item):
        owner = "".join(f"{words(tag)}: " for tag in self._all("p", "owner", within=item))
        line = next(tag for tag in item.iter("p") if "class" not in tag.attrib)
        sure = [words(tag, ()) for tag in self._all("span", "certainty", within=line)]
        part = "".join(words(tag) for tag in self._all("span", "part", within=item))
        return part, owner + words(line), "".join(sure) or FACT, self._cited(line)

    def _posts(self, section):
        for item in self._all("li", "", "post-", section):
            role, holder = item.findall("p")[:2]
            tasks = []
            for task in self._all("li", "statement", within=item):
                part, said, sure, cites = self._said(task)
                tasks.append((f"{said} {part or 'responsible'}, {sure}", cites))
            name = item.find("h3")
            yield (
                *(words(role), f"{words(name)} {words(role.find("span[@class='certainty']"), ())}", {}),
                *(words(holder).removeprefix("Holder: "), self._cited(name), tasks),
            )

    def _involved(self, section):
        for item in self._all("li", "", "initiative-", section):
            name, part = item.find("h3"), next(self._all("span", "part", within=item))
            yield words(part), words(name), {}, None, self._cited(name), []

    def _dates(self, section):
        for item in self._all("li", "", "milestone-", section):
            when, line, *_more = item.findall("p")
            details, anchor = {}, when.find("a")
            if anchor is not None:
                details["Counted from"] = words(anchor)
            first = words(when).split(": ")[0]
            inferred = [words(tag, ()) for tag in self._all("span", "certainty", within=when)]
            sure = [words(tag, ()) for tag in self._all("span", "certainty", within=line)]
            said = " ".join([words(line), *inferred])
            yield first, said, details, "".join(sure) or FACT, self._cited(line), []

    def _staff(self, section):
        for item in self._all("div", "figure", within=section):
            number = "".join(words(tag) for tag in self._all("span", "number", within=item))
            examples = [words(tag) for tag in item.iter("li") if not tag.get("class")]
            details = {"For example": ", ".join(examples)} if examples else {}
            if list(self._all("li", "open", within=item)):
                details["Open list"] = "the source’s list is not complete"
            sure = [words(tag, ()) for tag in self._all("span", "certainty", within=item)]
            yield number, words(item.find("dt")), details, "".join(sure) or None, self._cited(item), []


def words(tag, without=("marks", "unseen", "certainty")):
    """Return the words of an element in one line, without those of the classes `without`."""

    def read(tag):
        yield tag.text or ""
        for child in tag:
            if not set(child.get("class", "").split()) & set(without):
                yield from read(child)
            yield child.tail or ""

    return " ".join("".join(read(tag)).split())


def _defined(tag):
    """Return what a `dl` in an element says, by the names of what it says it of."""
    return {
        words(pair.find("dt")).capitalize(): words(pair.find("dd"))
        for found in tag.iter("dl")
        if found.get("class") in ("facts", "details")
        for pair in found.findall("div")
    }
