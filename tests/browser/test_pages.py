"""The public pages as people use them: on a phone, by keyboard, without scripts, in the dark, on paper."""

from itertools import pairwise

import pytest

# paper(e): the colour behind the text of e, all layers painted over one another; ink(e): that of its text.
COLOURS = """
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const style = e => getComputedStyle(e);
  const above = e => e ? [...above(e.parentElement), e] : [];
  const fill = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); };
  const read = () => [...canvas.getImageData(0, 0, 1, 1).data];
  const sample = document.body.appendChild(document.createElement('i'));
  sample.style.backgroundColor = 'Canvas';
  const ground = style(sample).backgroundColor;
  sample.remove();
  const paper = e => { fill(ground); above(e).forEach(e => fill(style(e).backgroundColor)); return read(); };
  const over = (colour, e) => {
    paper(e);
    canvas.globalAlpha = above(e).reduce((alpha, e) => alpha * style(e).opacity, 1);
    fill(colour);
    canvas.globalAlpha = 1;
    return read();
  };
  const ink = e => over(style(e).color, e);
"""
# Every text that is seen, with its colours, its size in px, and whether a picture lies behind it.
TEXTS = f"""() => {{ {COLOURS}
  const seen = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {{
    const text = walker.currentNode.textContent.trim(), e = walker.currentNode.parentElement;
    if (!text || e.closest('.unseen') || !e.checkVisibility()) continue;
    seen.push({{text, paper: paper(e), ink: ink(e), size: parseFloat(style(e).fontSize),
      bold: style(e).fontWeight >= 700, picture: above(e).some(e => style(e).backgroundImage !== 'none')}});
  }}
  return seen;
}}"""
CONTROLS = "a[href], button, input:not([type='hidden']), select, textarea, summary, [tabindex='0']"
# What can be hit, with its size, unless it stands among the words of a line, as WCAG 2.5.8 allows.
TARGETS = f"""() => {{
  const block = e => getComputedStyle(e).display.startsWith('inline') ? block(e.parentElement) : e;
  const other = (text, e) => !e.contains(text) && !text.parentElement.closest('a, button, .unseen')
    && block(text.parentElement) === block(e.parentElement) && /\\p{{L}}/u.test(text.textContent);
  const in_a_line = e => {{
    if (getComputedStyle(e).display !== 'inline') return false;
    const walker = document.createTreeWalker(block(e), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (other(walker.currentNode, e)) return true;
    return false;
  }};
  return [...document.querySelectorAll("{CONTROLS}")].filter(e => !e.closest('.skip') && !in_a_line(e))
    .map(e => [e.outerHTML, e.getBoundingClientRect()])
    .map(([html, {{width, height}}]) => [html, width, height]);
}}"""
# Each control while it has the focus: its outline's style, its width in px, its colour and that around it.
OUTLINES = f"""() => {{ {COLOURS}
  return [...document.querySelectorAll("{CONTROLS}")].map(e => {{
    e.focus();
    return {{html: e.outerHTML, focused: document.activeElement === e, line: style(e).outlineStyle,
      width: parseFloat(style(e).outlineWidth), colour: over(style(e).outlineColor, e.parentElement),
      around: paper(e.parentElement)}};
  }});
}}"""
OPEN = "document.querySelectorAll('details').forEach(e => { e.open = true })"
ANCHORS = (
    "[...document.querySelectorAll('a[href*=\"#\"]')].map(a => [a.origin + a.pathname + a.search, a.hash])"
)
# How many there are of the heading and the landmarks; the labels of the navigations; the language.
FRAME = """[
  ['h1', 'body > header', 'body > main', 'body > footer'].map(e => document.querySelectorAll(e).length),
  [...document.querySelectorAll('nav')].map(e => e.ariaLabel), document.documentElement.lang]"""
IDS = "[...document.querySelectorAll('[id]')].map(e => e.id)"


def luminance(colour):
    """Return how light a colour ([r, g, b, …], 0 to 255) is, 0 to 1, as WCAG 2.2 defines it."""
    parts = [part / 255 for part in colour[:3]]
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    """Return the contrast of two colours, 1 to 21, as WCAG 2.2 defines it."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def stands_out(text):
    """Return whether a text can be told from what is behind it: large ones from 3, others from 4.5."""
    large = text["size"] >= 24 or (text["bold"] and text["size"] >= 18.66)
    return not text["picture"] and contrast(text["ink"], text["paper"]) >= (3 if large else 4.5)


def test_the_pages_are_found_by_following_links(pages):
    assert {"/", "/units/ai-office/", "/units/ai-safety/", "/sources/ip-24-2982/"} < set(pages)
    assert len(pages) >= 14


# What is looked at on every page. Each look returns what is wrong, and nothing where all is right; those that
# change the page or move the focus come last, so that each tour loads every page once.


def every_text_stands_out_from_what_is_behind_it(page):
    texts = page.evaluate(TEXTS)
    return [text for text in texts if not stands_out(text)] if texts else "no text"


def there_are_the_landmarks_and_one_heading(page):
    counts, labels, language = page.evaluate(FRAME)
    right = set(counts) == {1} and all(labels) and len(labels) == len(set(labels)) and language == "en"
    return [] if right else (counts, labels, language)


def headings_go_down_one_step_at_a_time(page):
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    right = levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels))
    return [] if right else levels


def no_id_is_there_twice_and_no_list_is_empty(page):
    ids = page.evaluate(IDS)
    empty = page.locator("ul:empty, ol:empty, dl:not(:has(dt))").count()
    return [] if len(ids) == len(set(ids)) and not empty else (ids, empty)


def readers_get_no_cookies(page):
    return page.context.cookies()


def it_does_not_scroll_sideways(page):
    width, wide = page.viewport_size["width"], page.evaluate("document.documentElement.scrollWidth")
    return [wide] if wide > width else []


def it_does_not_scroll_sideways_on_a_smaller_phone_or_a_tablet(page):
    return [wrong for width in (320, 768) for wrong in at(page, width, it_does_not_scroll_sideways)]


def text_can_be_twice_as_large_without_loss(page):
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    wrong = at(page, 640, it_does_not_scroll_sideways)
    page.evaluate("document.documentElement.style.fontSize = ''")
    return wrong


def at(page, width, look):
    """Return what `look` finds in a window of `width`, and give the window its size back."""
    before = page.viewport_size
    page.set_viewport_size(before | {"width": width})
    wrong = look(page)
    page.set_viewport_size(before)
    return wrong


def on_paper_there_is_dark_on_light_and_nothing_to_navigate_with(page):
    page.emulate_media(media="print")
    texts = page.evaluate(TEXTS)
    wrong = [text for text in texts if luminance(text["paper"]) < 0.7 or not stands_out(text)]
    wrong += page.locator("nav:visible, .skip:visible").all_text_contents()
    page.emulate_media(media="screen")
    return wrong


def the_first_tab_leads_past_the_header(page):
    page.keyboard.press("Tab")
    reached = page.evaluate("document.activeElement.className"), page.locator(".skip").bounding_box()
    page.keyboard.press("Enter")
    then = page.evaluate("document.activeElement.localName")
    return [] if reached[0] == "skip" and reached[1]["y"] >= 0 and then == "main" else (reached, then)


def what_is_to_be_hit_is_large_enough(page):
    page.evaluate(OPEN)
    targets = page.evaluate(TARGETS)
    return [target for target in targets if min(target[1:]) < 24] if targets else "nothing to hit"


def whatever_has_the_focus_is_outlined(page):
    page.evaluate(OPEN)
    page.keyboard.press("Tab")
    return [control for control in page.evaluate(OUTLINES) if not outlined(control)]


def outlined(control):
    """Return whether a control, as OUTLINES tells of it, shows that it has the focus."""
    seen = control["focused"] and control["line"] != "none" and control["width"] >= 2
    return seen and contrast(control["colour"], control["around"]) >= 3


TOURS = {
    "at a desk": (
        {"width": 1280, "color_scheme": "light"},
        [
            every_text_stands_out_from_what_is_behind_it,
            there_are_the_landmarks_and_one_heading,
            headings_go_down_one_step_at_a_time,
            no_id_is_there_twice_and_no_list_is_empty,
            readers_get_no_cookies,
            it_does_not_scroll_sideways,
            the_first_tab_leads_past_the_header,
            what_is_to_be_hit_is_large_enough,
            whatever_has_the_focus_is_outlined,
        ],
    ),
    "in the dark": (
        {"width": 1280, "color_scheme": "dark"},
        [
            every_text_stands_out_from_what_is_behind_it,
            on_paper_there_is_dark_on_light_and_nothing_to_navigate_with,
            whatever_has_the_focus_is_outlined,
        ],
    ),
    "on a phone": (
        {"width": 360},
        [
            it_does_not_scroll_sideways,
            it_does_not_scroll_sideways_on_a_smaller_phone_or_a_tablet,
            text_can_be_twice_as_large_without_loss,
            what_is_to_be_hit_is_large_enough,
        ],
    ),
}


@pytest.mark.parametrize("name", TOURS)
def test_every_page_keeps_what_all_of_them_promise(tour, name):
    options, looks = TOURS[name]
    wrong = {
        (path, look.__name__): found
        for path, page in tour(**options)
        for look in looks
        if (found := look(page))
    }
    assert wrong == {}


def test_the_dark_pages_are_dark(visit):
    page = visit("/", color_scheme="dark")
    [paper] = [text["paper"] for text in page.evaluate(TEXTS) if text["text"] == "The chart"]
    assert sum(paper[:3]) < 200


def test_everything_can_be_reached_by_keyboard_and_shows_where_one_is(visit):
    page = visit("/")
    reached = set()
    for _ in range(page.locator("a").count()):
        page.keyboard.press("Tab")
        html, outline = page.evaluate(
            "(e => [e.outerHTML, getComputedStyle(e).outline])(document.activeElement)"
        )
        assert "solid 3px" in outline, html
        reached.add(html)
    assert len(reached) > 20


def test_a_source_mark_leads_to_its_source_and_shows_it(visit):
    page = visit("/units/ai-safety/", 360)
    mark = page.locator(".mark").first
    target = mark.get_attribute("href")
    # In the middle of what is drawn: playwright would take the unseen word inside the mark for its middle.
    box = mark.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(f"**{target}", timeout=5_000)
    assert page.locator(target).evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


def test_a_page_says_the_same_without_scripts_and_every_link_to_a_place_in_a_page_finds_it(tour, address):
    said, ids, anchors = {}, {}, set()
    for path, page in tour():
        said[path] = page.inner_text("body").split()
        ids[address + path] = page.evaluate(IDS)
        anchors |= {(path, target, place) for target, place in page.evaluate(ANCHORS)}
    ours = [anchor for anchor in anchors if anchor[1] in ids]
    assert len(ours) > 100
    assert [anchor for anchor in ours if anchor[2].removeprefix("#") not in ids[anchor[1]]] == []
    assert said == {path: page.inner_text("body").split() for path, page in tour(java_script_enabled=False)}


def test_a_reader_finds_who_handles_something_in_two_clicks(visit):
    page = visit("/", 360)
    page.click("main >> text=Regulation and Compliance Unit")
    assert "Contributes to investigations" in page.inner_text("main")
    page.click("nav >> text=AI Office")
    assert page.inner_text("h1").startswith("AI Office")


def test_on_paper_the_addresses_of_the_sources_are_written_out(visit):
    page = visit("/units/ai-safety/")
    page.emulate_media(media="print")
    after = "e => getComputedStyle(e, '::after').content"
    assert "presscorner" in page.locator(".footnotes a[rel~=external]").first.evaluate(after)
