"""The public pages as people use them: on a phone, by keyboard, without scripts, in the dark, on paper."""

from itertools import pairwise

import pytest

PAGES = [
    *("/", "/units/ai-office/", "/units/regulation-and-compliance/", "/sources/ip-24-2982/"),
    *("/sources/otto-schmidt-2024-06-03/", "/editions/2024-06-16.1/", "/?on=2024-06-15"),
    *("/units/nothing/", "/?on=2024-13-45"),
]
# Every text of the page with its colour, the colour behind it, its size in px and its weight.
TEXTS = """() => {
  const seen = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = colour => {
    paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
    if (!text || element.closest('.unseen')) continue;
    let behind = element;
    while (behind && rgb(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
    const style = getComputedStyle(element);
    const paper = behind ? rgb(getComputedStyle(behind).backgroundColor) : null;
    seen.push({text, paper, ink: rgb(style.color),
      size: parseFloat(style.fontSize), bold: style.fontWeight >= 700});
  }
  return seen;
}"""
# Links and buttons that stand on their own, that is not within a line of running text, with their sizes.
TARGETS = """() => [...document.querySelectorAll('a, button, input, select, summary')]
  .filter(e => !e.closest('.skip') && getComputedStyle(e).display !== 'inline')
  .map(e => [e.outerHTML, e.getBoundingClientRect().width, e.getBoundingClientRect().height])"""


def contrast(one, other):
    """Return the contrast of two colours ([r, g, b, …], 0 to 255) as WCAG 2.2 defines it."""

    def luminance(colour):
        parts = [part / 255 for part in colour[:3]]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_page_scrolls_sideways(visit, width):
    for path in PAGES:
        page = visit(path, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(visit, scheme):
    for path in PAGES:
        page = visit(path, color_scheme=scheme)
        texts = page.evaluate(TEXTS)
        assert texts
        for text in texts:
            assert text["paper"], (path, text)
            large = text["size"] >= 24 or (text["bold"] and text["size"] >= 18.66)
            assert contrast(text["ink"], text["paper"]) >= (3 if large else 4.5), (path, text)


def test_the_dark_pages_are_dark(visit):
    page = visit("/", color_scheme="dark")
    [paper] = [text["paper"] for text in page.evaluate(TEXTS) if text["text"] == "The chart"]
    assert sum(paper[:3]) < 200


@pytest.mark.parametrize("path", PAGES)
def test_the_landmarks_and_the_one_heading_are_there(visit, path):
    page = visit(path)
    assert page.locator("h1").count() == 1
    for landmark in ("header", "main", "footer"):
        assert page.locator(f"body > {landmark}").count() == 1
    assert page.locator("nav:not([aria-label])").count() == 0
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("path", PAGES)
def test_headings_go_down_one_step_at_a_time(visit, path):
    levels = visit(path).evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("path", PAGES)
def test_no_id_is_there_twice_and_no_list_is_empty(visit, path):
    page = visit(path)
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    assert page.locator("ul:empty, ol:empty, dl:not(:has(dt))").count() == 0


def test_the_first_tab_leads_past_the_header(visit):
    page = visit("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


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
    mark.click()
    assert page.url.endswith(target)
    assert page.locator(target).evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


@pytest.mark.parametrize("width", [360, 1280])
def test_what_is_to_be_hit_is_large_enough(visit, width):
    for path in PAGES:
        for html, wide, high in visit(path, width).evaluate(TARGETS):
            assert min(wide, high) >= 24, (path, html)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_the_same_without_scripts(visit, path):
    assert visit(path, java_script_enabled=False).inner_text("main") == visit(path).inner_text("main")


def test_readers_get_no_cookies(visit):
    page = visit("/")
    page.click("text=Unit on AI safety")
    assert page.context.cookies() == []


def test_a_reader_finds_who_handles_something_in_two_clicks(visit):
    page = visit("/", 360)
    page.click("text=Regulation and Compliance Unit")
    assert "Contributes to investigations" in page.inner_text("main")
    page.click("nav >> text=AI Office")
    assert page.inner_text("h1").startswith("AI Office")


def test_on_paper_there_is_black_on_white_and_the_addresses_of_the_sources(visit):
    page = visit("/units/ai-safety/", color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not page.locator(".crumbs, .skip").first.is_visible()
    after = "e => getComputedStyle(e, '::after').content"
    assert "presscorner" in page.locator(".footnotes a[rel~=external]").first.evaluate(after)


def test_text_can_be_twice_as_large_without_loss(visit):
    page = visit("/units/ai-office/", 640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
