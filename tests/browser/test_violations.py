"""A browser finds nothing on any kind of page that our content security policy or other headers forbid."""

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from scripts.site import manage
from tests.browser.test_editing import ACCOUNT, press

# Said by the page to its console, where the fixture hears it.
LISTEN = """document.addEventListener("securitypolicyviolation",
  event => console.error("forbidden: " + event.violatedDirective + " " + event.blockedURI))"""
PUBLIC = """
    / /units/ai-safety/ /chart/?find=safety /chart/embed/ /chart.svg /chart/table/ /posts/ /tasks/ /timeline/
    /sources/ip-24-2982/ /search/?q=sandboxes /data/ /about/ /api/v1/docs/ /nothing/ /?on=nonsense
    /units/nothing/ /vocabulary /units.json /initiatives/ /bodies/ /editions/ /admin/login/
    """
KINDS = ["unit", "post", "body", "initiative", "statement", "milestone", "source", "passage"]
ADMIN = """
    / /password_change/ /auth/user/ /auth/user/add/ /auth/user/1/change/ /auth/user/1/password/
    /auth/user/1/history/ /auth/group/ /auth/group/add/ /nothing/ /units/ /units/edition/
    /units/edition/start/
    /units/edition/2/change/ /units/edition/2/changes/ /units/edition/2/publish/ /units/edition/2/discard/
    /units/edition/2/history/ /units/unit/add/ /units/post/add/ /units/statement/add/ /units/milestone/add/
    /units/source/add/ /units/unit/?q=safety /units/milestone/?e=1 /units/unit/ai-safety/edit/
    /units/unit/tree/?at=ai-safety&ask=move /units/unit/tree/?at=ai-safety&ask=remove /units/citation/
    /units/history/ /units/person/ /units/person/add/ /units/appointment/ /units/appointment/add/
    /units/postpublicity/add/ /units/synonym/ /units/synonym/add/ /units/synonym/1/change/
    /units/synonym/1/delete/
    """


@pytest.fixture
def tab(chrome, site):
    """A tab whose console and requests are listened to; what they say goes wrong fails the test."""
    address, environment = site
    manage(environment, "shell", "-c", ACCOUNT)
    context, wrong = chrome.new_context(base_url=address), []
    context.add_init_script(LISTEN)
    tab = context.new_page()

    def said(message):
        is_a_page = re.search(r"Failed to load resource: .* status of 4\d\d", message.text)
        if message.type in ("error", "warning") and not is_a_page:
            wrong.append(f"{tab.url}: {message.text}")

    tab.on("console", said)
    tab.on("pageerror", lambda error: wrong.append(f"{tab.url}: {error}"))
    tab.on(
        "request", lambda asked: asked.url.startswith(address + "/") or wrong.append(f"asks for {asked.url}")
    )
    tab.on("response", lambda answer: answer.status >= 500 and wrong.append(f"{answer.url}: {answer.status}"))
    yield tab
    context.close()
    assert wrong == []


def test_no_page_holds_what_our_policy_forbids(tab, tmp_path):
    for path in PUBLIC.split():
        tab.goto(path)
    assert not [each for each in tab.context.cookies() if each["name"] != "csrftoken"]
    for password in ("wrong", "only-for-this-test"):
        tab.get_by_label("Username").fill("editor")
        tab.get_by_label("Password").fill(password)
        press(tab, "Log in")
    tab.goto("/admin/units/edition/")
    press(tab, "Start a draft from the chart in force")
    for path in ADMIN.split():
        tab.goto(f"/admin{path}")
    for kind in KINDS:
        tab.goto(f"/admin/units/{kind}/")
        tab.locator("#result_list th a").first.click()
    file = tmp_path / "document.json"
    file.write_text("[[[")
    tab.goto("/admin/units/edition/")
    tab.locator('input[name="document"]').set_input_files(file)
    with tab.expect_navigation():
        press(tab, "Check it")
    assert "Nothing was stored" in tab.text_content("body")
    tab.goto("/admin/")
    assert {each["name"] for each in tab.context.cookies()} == {"csrftoken", "sessionid"}
    press(tab, "Log out")


def test_what_is_forbidden_would_be_heard(chrome, address):
    context, heard = chrome.new_context(), []
    context.add_init_script(LISTEN)
    tab = context.new_page()
    tab.on("console", lambda message: heard.append(message.text))
    tab.goto(f"{address}/about/")
    tab.evaluate("document.body.setAttribute('style', 'color: red')")
    tab.wait_for_timeout(50)
    assert any("forbidden: style-src" in text for text in heard)
    context.close()


@pytest.fixture
def elsewhere(address):
    """The address of another site, which is cut off from all others unless they let it in.

    Its page frames two pages of ours and draws two images.
    """
    page = "".join(f'<iframe src="{address}{path}"></iframe>' for path in ("/chart/embed/", "/about/"))
    page += "".join(f'<img src="{address}{path}">' for path in ("/chart.svg", "/static/units/mark.svg"))

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_another_site_may_frame_and_draw_the_chart_and_read_the_api_and_nothing_else(
    chrome, address, elsewhere
):
    context = chrome.new_context()
    tab = context.new_page()
    tab.goto(elsewhere)
    framed, refused = tab.frames[1:]
    assert framed.locator("svg").count() == 1
    assert refused.url == "chrome-error://chromewebdata/"
    assert tab.evaluate("[...document.images].map(image => image.naturalWidth > 0)") == [True, False]
    reads = "path => fetch(path).then(answer => answer.status, () => 0)"
    assert tab.evaluate(reads, f"{address}/api/v1/units/") == 200
    assert tab.evaluate(reads, f"{address}/units/") == 0
    context.close()
