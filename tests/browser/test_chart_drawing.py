"""The drawing of the chart: legible in every state, on paper, and in a frame of another site."""

import http.server
import threading

import pytest

from tests.browser.test_chart import violations
from tests.browser.test_pages import contrast

# Each text of the drawing that sticks out of the rectangle that it is in.
STICKING_OUT = """[...document.querySelectorAll('#canvas .node, #canvas .body-node')].flatMap(node => {
  const faces = [...node.querySelectorAll('.face')].map(face => face.getBBox());
  return [...node.querySelectorAll('text')].filter(text => {
    const box = text.getBBox();
    return text.closest('a') && !faces.some(face => box.x >= face.x && box.y >= face.y
      && box.x + box.width <= face.x + face.width && box.y + box.height <= face.y + face.height);
  }).map(text => text.textContent);
})"""
# The colour of each text of the drawing, and that of what it is written on.
COLOURS = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const read = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const paper = getComputedStyle(document.getElementById('canvas')).backgroundColor;
  return [...document.querySelectorAll('#canvas text')].map(text => {
    const face = text.closest('.node, .body-node')?.querySelector('.face');
    const inside = text.closest('a') && face;
    return [read(getComputedStyle(text).fill), read(inside ? getComputedStyle(face).fill : paper)];
  });
}"""


STATES = ["", "?close=ai-office", "?find=safety", "?root=ai-safety", "?find=nothing", "?zoom=50"]
OTHERS = ["/chart/embed/", "/chart/table/", "/units/ai-office/"]
MEDIA = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}]


@pytest.mark.parametrize(
    ("width", "scheme", "paths"),
    [
        (1280, "light", [*(f"/chart/{state}" for state in STATES), *OTHERS]),
        (360, "dark", [f"/chart/{state}" for state in STATES[:3]]),
    ],
)
def test_axe_finds_nothing_in_any_state(open_tab, address, width, scheme, paths):
    page = open_tab(width, color_scheme=scheme, bypass_csp=True)
    for path in paths:
        page.goto(address + path)
        if path == "/chart/":
            page.focus("#fold-ai-office")
        assert violations(page) == [], path


@pytest.mark.parametrize("path", ["/chart/", "/chart/?find=safety", "/chart/?compare=2024-06-16.1"])
def test_no_text_leaves_its_box(visit, path):
    assert visit(path).evaluate(STICKING_OUT) == []


@pytest.mark.parametrize("options", MEDIA)
def test_every_text_of_the_drawing_stands_out(visit, options):
    page = visit("/chart/?find=safety", **options)
    colours = page.evaluate(COLOURS)
    assert len(colours) > 20
    assert [pair for pair in colours if contrast(*pair) < 4.5] == []


def test_on_paper_there_are_the_drawing_and_the_list_and_no_tools(visit):
    page = visit("/chart/", 800)
    page.emulate_media(media="print")
    assert page.locator(".tools:visible, .files:visible").count() == 0
    drawing = page.locator("#canvas > svg").bounding_box()
    assert drawing["x"] + drawing["width"] <= 800
    assert page.locator(".nested a:visible").count() >= 7


@pytest.fixture
def elsewhere(address):
    """The address of a page of another origin that frames the page to embed, and the chart itself."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            frames = "".join(
                f'<iframe name="{name}" src="{address}{path}" width="900" height="500"></iframe>'
                for name, path in [("embed", "/chart/embed/"), ("refused", "/chart/")]
            )
            body = f'<!doctype html><title>x</title>{frames}<img alt="" src="{address}/chart.svg">'.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_another_site_frames_the_page_to_embed_and_shows_the_drawing_and_nothing_else(chrome, elsewhere):
    page = chrome.new_page()
    page.goto(elsewhere)
    drawn = page.frame("embed").locator("#box-ai-office").bounding_box()
    assert drawn["width"] > 100
    assert page.frame("refused").locator("#canvas").count() == 0
    assert page.evaluate("document.images[0].naturalWidth") > 500
    with page.context.expect_page() as opened:
        page.frame("embed").click("#box-ai-office .name")
    assert opened.value.url.endswith("/units/ai-office/")
    page.context.close()
