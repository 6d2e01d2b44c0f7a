"""Every kind of page and every state that it can be in: a site that has them all, and how to get there."""

import json
from contextlib import contextmanager
from types import SimpleNamespace

from scripts.screenshot import PAGES
from scripts.site import manage, running_site
from tests.browser.test_editing import ACCOUNT, press
from tests.conftest import SMALL

EARLIER = "2023-01-01"
PUBLIC = {name: path for name, path in PAGES.items() if name != "admin"} | {
    "gone": "/units/left/",
    "changes": f"/editions/{EARLIER}/diff/2024-06-16/",
    "changes-side": f"/editions/{EARLIER}/diff/2024-06-16/?layout=side-by-side",
    "chart-compared": f"/chart/?compare={EARLIER}",
    "chart-closed": "/chart/?depth=1",
    "chart-none": "/chart/?find=nothing",
    "search-kind": "/search/?q=sandboxes&kind=unit",
}
ADMIN = {
    "admin": "/admin/",
    "editions": "/admin/units/edition/",
    "draft": "/admin/units/edition/3/change/",
    "draft-changes": "/admin/units/edition/3/changes/",
    "publish": "/admin/units/edition/3/publish/",
    "discard": "/admin/units/edition/3/discard/",
    "draft-history": "/admin/units/edition/3/history/",
    "tree": "/admin/units/unit/tree/?at=ai-safety",
    "tree-move": "/admin/units/unit/tree/?at=ai-safety&ask=move",
    "tree-remove": "/admin/units/unit/tree/?at=ai-safety&ask=remove",
    "units": "/admin/units/unit/",
    "unit": "/admin/units/unit/ai-safety/edit/",
    "unit-add": "/admin/units/unit/add/",
    "statements": "/admin/units/statement/",
    "statement-add": "/admin/units/statement/add/",
    "source-add": "/admin/units/source/add/",
    "history": "/admin/units/history/",
    "people": "/admin/units/person/",
    "appointment-add": "/admin/units/appointment/add/",
    "synonym": "/admin/units/synonym/1/change/",
    "nothing": "/admin/nothing/",
}
# What WCAG 1.4.12 lets a reader set.
SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }"""
# How a page is shown: size of the window, media, a style of the reader's own, all that folds unfolded. 320 by
# 256 pixels is what is left of 1280 by 1024 at 400 %.
STATES = {
    "light": {"width": 1280, "color_scheme": "light"},
    "dark": {"width": 1280, "color_scheme": "dark", "unfold": True},
    "phone": {"width": 320, "color_scheme": "light", "unfold": True},
    "forced colours": {"width": 1280, "forced_colors": "active"},
    "400 %": {"width": 320, "height": 256, "color_scheme": "dark"},
    "text spacing": {"width": 360, "style": SPACING, "unfold": True},
    "print": {"width": 720, "media": "print", "unfold": True},
    "reduced motion": {"width": 768, "reduced_motion": "reduce", "style": SPACING},
}
MEDIA = {
    "media": "screen",
    "color_scheme": "light",
    "forced_colors": "none",
    "reduced_motion": "no-preference",
}
DRESS = """([style, unfold]) => {
  const made = () => document.head.appendChild(document.createElement('style'));
  const sheet = document.getElementById('of-the-reader') || made();
  sheet.id = 'of-the-reader';
  sheet.textContent = style;
  document.querySelectorAll('details').forEach(e => { e.open = unfold });
}"""


@contextmanager
def site_with_everything(filled_site, folder):
    """Start a site with two editions, a draft and an account; give its address and its environment."""
    document = folder / "small.json"
    document.write_text(json.dumps(SMALL | {"effective_on": EARLIER}))
    with running_site(filled_site) as (address, environment):
        manage(environment, "load_edition", str(document))
        manage(environment, "shell", "-c", ACCOUNT)
        yield SimpleNamespace(address=address, environment=environment)


def sign_in(context):
    """Sign the editor in, in a new tab of `context`, and start a draft."""
    tab = context.new_page()
    tab.goto("/admin/")
    tab.get_by_label("Username").fill("editor")
    tab.get_by_label("Password").fill("only-for-this-test")
    press(tab, "Log in")
    tab.goto("/admin/units/edition/")
    press(tab, "Start a draft from the chart in force")
    tab.close()


def enter(tab, name):
    """Put the page that `tab` shows into the state `name` of STATES."""
    state = STATES[name]
    tab.set_viewport_size({"width": state["width"], "height": state.get("height", 800)})
    tab.emulate_media(**MEDIA | {key: state[key] for key in MEDIA if key in state})
    tab.evaluate(DRESS, [state.get("style", ""), state.get("unfold", False)])
