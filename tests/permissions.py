"""Who gets which answer where: the one table of every address, role and method.

Each line has an address, then the status that GET (and HEAD) gets as nobody signed in, staff without a
role, Viewer, Editor, Publisher and superuser, then the same for an empty POST. One number stands for all six,
`-` for 405 to all. OPTIONS gets 204 everywhere, other methods 405. `*` at the start stands for the edition in
force today, for one by its name, and for a draft, which only whoever may see drafts gets; `(.json)` for both
forms; `{fact}` and `{people}` for each of FACTS and PEOPLE, other braces for keys of rows.
"""

import re

ROLES = [None, "nobody", "Viewer", "Editor", "Publisher", "superuser"]
FACTS = ["unit", "post", "body", "initiative", "statement", "milestone", "source", "passage"]
PEOPLE = ["person", "appointment", "postpublicity"]
NAMED, DRAFT = "/editions/2025-01-01.1", "/editions/{draft}"
PREVIEW = "404 404 200 200 200 200"

TABLE = """
*/                                               200                      -
*/chart/                                         200                      -
*/chart/table/                                   200                      -
*/chart/embed/                                   200                      -
*/chart.svg                                      200                      -
*/chart-{digest}.svg                             200                      -
*/chart.md                                       200                      -
*/chart.png                                      200                      -
*/chart.pdf                                      200                      -
*/card.png                                       200                      -
*/units/                                         200                      -
*/units/left/                                    200                      -
*/units/left/chart.svg                           200                      -
*/units/left/chart.png                           200                      -
*/units/left/chart.pdf                           200                      -
*/units/left/card.png                            200                      -
*/posts/                                         200                      -
*/posts/head/                                    200                      -
*/people/                                        200                      -
*/bodies/                                        200                      -
*/bodies/panel/                                  200                      -
*/tasks/                                         200                      -
*/initiatives/                                   200                      -
*/initiatives/rain-year/                         200                      -
*/timeline/                                      200                      -
*/timeline.ics                                   200                      -
*/sources/                                       200                      -
*/sources/charter/                               200                      -
*/search/                                        200                      -
+/units.json                                     200                      -
+/units/left.json                                200                      -
+/units/left.jsonld                              200                      -
+/units/left.ttl                                 200                      -
+/units.csv                                      200                      -
+/units/left.xlsx                                200                      -
+/people.csv                                     404                      -
+/people.ttl                                     404                      -
+/posts.json                                     200                      -
+/posts/head.json                                200                      -
+/people.json                                    200                      -
+/bodies.json                                    200                      -
+/bodies/panel.json                              200                      -
+/tasks.json                                     200                      -
+/initiatives.json                               200                      -
+/initiatives/rain-year.json                     200                      -
+/timeline.json                                  200                      -
+/sources.json                                   200                      -
+/sources/charter.json                           200                      -
+/search.json?q=rain                             200                      -

/editions/                                       200                      -
/opensearch.xml                                  200                      -
/changes.atom                                    200                      -
/data/                                           200                      -
/about/                                          200                      -
/accessibility/                                  200                      -
/privacy/                                        200                      -
/editions/2025-01-01/diff/2025-01-01.1/          200                      -
/editions/2025-01-01.1/document.json             200                      -
/editions/{draft}/document.json                  404                      -
/editions/2025-01-01.1/document.jsonld           200                      -
/editions/2025-01-01.1/document.ttl              200                      -
/editions/{draft}/document.ttl                   404                      -
/editions/2025-01-01.1/document.csv.zip          200                      -
/editions/2025-01-01.1/document.xlsx             200                      -
/editions/2025-01-01.1/document.pdf              200                      -
/editions/{draft}/document.xlsx                  404                      -
/vocabulary                                      200                      -
/vocabulary.ttl                                  200                      -
/context.jsonld                                  200                      -
/shapes.ttl                                      200                      -
/robots.txt                                      200                      -
/sitemap.xml                                     200                      -
/sitemap-units-1.xml                             200                      -
/site.webmanifest                                200                      -
/favicon.ico                                     200                      -
/health/live/                                    200                      -
/health/ready/                                   200                      -
/.well-known/security.txt                        200                      -

/api/v1/                                         200                      -
/api/v1/openapi.json                             200                      -
/api/v1/docs/                                    200                      -
/api/v1/editions(.json)                          200                      -
/api/v1/editions/2025-01-01(.json)               200                      -
/api/v1/editions/2025-01-01/document(.json)      200                      -
/api/v1/changes(.json)                           200                      -
/api/v1/changes/2025-01-01(.json)                200                      -
/api/v1/tree(.json)                              200                      -
/api/v1/units(.json)                             200                      -
/api/v1/units/left(.json)                        200                      -
/api/v1/units/left.ttl                           200                      -
/api/v1/units.csv                                200                      -
/api/v1/tree.xlsx                                200                      -
/api/v1/units/left/ancestors(.json)              200                      -
/api/v1/units/left/children(.json)               200                      -
/api/v1/units/left/descendants(.json)            200                      -
/api/v1/posts(.json)                             200                      -
/api/v1/posts/head(.json)                        200                      -
/api/v1/people(.json)                            200                      -
/api/v1/tasks(.json)                             200                      -
/api/v1/tasks/measure-rain(.json)                200                      -
/api/v1/statements(.json)                        200                      -
/api/v1/statements/measure-rain(.json)           200                      -
/api/v1/bodies(.json)                            200                      -
/api/v1/bodies/panel(.json)                      200                      -
/api/v1/initiatives(.json)                       200                      -
/api/v1/initiatives/rain-year(.json)             200                      -
/api/v1/legal-acts(.json)                        200                      -
/api/v1/legal-acts/rain-act(.json)               200                      -
/api/v1/milestones(.json)                        200                      -
/api/v1/milestones/rain-begins(.json)            200                      -
/api/v1/sources(.json)                           200                      -
/api/v1/sources/charter(.json)                   200                      -
/api/v1/sources/charter/passages(.json)          200                      -
/api/v1/search(.json)?q=rain                     200                      -

/admin/                                          302 200 200 200 200 200  302 200 200 200 200 200
/admin/login/                                    200 302 302 302 302 302  200
/admin/logout/                                   302 405 405 405 405 405  302 200 200 200 200 200
/admin/password_change/                          302 200 200 200 200 200  302 200 200 200 200 200
/admin/password_change/done/                     302 200 200 200 200 200  302 405 405 405 405 405
/admin/autocomplete/                             302 403 403 403 403 403  302 405 405 405 405 405
/admin/jsi18n/                                   302 200 200 200 200 200  302 405 405 405 405 405
/admin/r/1/1/                                    302 404 404 404 404 404  302 404 404 404 404 404
/admin/units/                                    302 404 200 200 200 200  302 404 200 200 200 200
/admin/nothing/                                  302 404 404 404 404 404  302 404 404 404 404 404

/admin/auth/group/                               302 403 403 403 403 200  302 403 403 403 403 200
/admin/auth/group/add/                           302 403 403 403 403 200  302 403 403 403 403 200
/admin/auth/group/{group}/                       302                      302
/admin/auth/group/{group}/change/                302 403 403 403 403 200  302 403 403 403 403 200
/admin/auth/group/{group}/history/               302 403 403 403 403 200  302 403 403 403 403 200
/admin/auth/group/{group}/delete/                302 403 403 403 403 200  302 403 403 403 403 200
/admin/auth/user/                                302 403 403 403 403 200  302 403 403 403 403 200
/admin/auth/user/add/                            302 403 403 403 403 200  302 403 403 403 403 200
/admin/auth/user/{user}/                         302                      302
/admin/auth/user/{user}/change/                  302 403 403 403 403 200  302 403 403 403 403 200
/admin/auth/user/{user}/password/                302 403 403 403 403 200  302 403 403 403 403 200
/admin/auth/user/{user}/history/                 302 403 403 403 403 200  302 403 403 403 403 200
/admin/auth/user/{user}/delete/                  302 403 403 403 403 403  302 403 403 403 403 403

/admin/units/edition/                            302 403 200 200 200 200  302 403 200 200 200 200
/admin/units/edition/add/                        302 403 403 403 403 403  302 403 403 403 403 403
/admin/units/edition/start/                      302 405 405 405 405 405  302 403 403 400 400 400
/admin/units/edition/check/                      302 405 405 405 405 405  302 403 403 400 400 400
/admin/units/edition/upload/                     302 403 403 302 302 302  302 403 403 302 302 302
/admin/units/edition/{key}/                      302                      302
/admin/units/edition/{key}/change/               302 403 200 200 200 200  302 403 200 200 200 200
/admin/units/edition/{key}/history/              302 403 200 200 200 200  302 403 200 200 200 200
/admin/units/edition/{key}/delete/               302 403 403 403 403 403  302 403 403 403 403 403
/admin/units/edition/{key}/copy/                 302 403 403 302 302 302  302 403 403 302 302 302
/admin/units/edition/{key}/discard/              302 403 403 200 200 200  302 403 403 302 302 302
/admin/units/edition/{key}/use/                  302 403 403 405 405 405  302 403 403 302 302 302
/admin/units/edition/{key}/details/              302 403 403 405 405 405  302 403 403 302 302 302
/admin/units/edition/{key}/changes/              302 403 403 200 200 200  302 403 403 200 200 200
/admin/units/edition/{key}/publish/              302 403 403 403 200 200  302 403 403 403 200 200
/admin/units/edition/{key}/rebase/               302 403 403 302 302 302  302 403 403 404 404 404
/admin/units/edition/{key}/table/                302 403 200 200 200 200  302 403 403 400 400 400
/admin/units/edition/{key}/document/             302 403 200 200 200 200  302 403 200 200 200 200

/admin/units/unit/tree/                          302 403 200 200 200 200  302 403 403 400 400 400
/admin/units/unit/{unit}/delete/                 302 403 403 302 302 302  302 403 403 302 302 302
/admin/units/unit/left/edit/                     302 403 302 302 302 302  302 403 302 302 302 302
/admin/units/post/head/edit/                     302 403 302 302 302 302  302 403 302 302 302 302
/admin/units/body/panel/edit/                    302 403 302 302 302 302  302 403 302 302 302 302
/admin/units/initiative/rain-year/edit/          302 403 302 302 302 302  302 403 302 302 302 302
/admin/units/statement/measure-rain/edit/        302 403 302 302 302 302  302 403 302 302 302 302
/admin/units/milestone/rain-begins/edit/         302 403 302 302 302 302  302 403 302 302 302 302
/admin/units/source/charter/edit/                302 403 302 302 302 302  302 403 302 302 302 302
/admin/units/passage/charter/1/edit/             302 403 302 302 302 302  302 403 302 302 302 302
/admin/units/{fact}/                             302 403 200 200 200 200  302 403 200 200 200 200
/admin/units/{fact}/add/                         302 403 403 200 200 200  302 403 403 200 200 200
/admin/units/{fact}/suggestions/                 302 403 200 200 200 200  302 403 200 200 200 200
/admin/units/{fact}/{its_key}/                   302                      302
/admin/units/{fact}/{its_key}/change/            302 403 200 200 200 200  302 403 403 200 200 200
/admin/units/{fact}/{its_key}/history/           302 403 200 200 200 200  302 403 200 200 200 200
/admin/units/{fact}/{its_key}/delete/            302 403 403 200 200 200  302 403 403 302 302 302

/admin/units/citation/                           302 403 200 200 200 200  302 403 200 200 200 200
/admin/units/citation/add/                       302 403 403 403 403 403  302 403 403 403 403 403
/admin/units/citation/{citation}/                302                      302
/admin/units/citation/{citation}/change/         302 403 200 200 200 200  302 403 403 403 403 403
/admin/units/citation/{citation}/history/        302 403 200 200 200 200  302 403 200 200 200 200
/admin/units/citation/{citation}/delete/         302 403 403 403 403 403  302 403 403 403 403 403
/admin/units/history/                            302 403 200 200 200 200  302 403 200 200 200 200
/admin/units/history/add/                        302 403 403 403 403 403  302 403 403 403 403 403
/admin/units/history/{history}/                  302                      302
/admin/units/history/{history}/change/           302 403 200 200 200 200  302 403 403 403 403 403
/admin/units/history/{history}/history/          302 403 200 200 200 200  302 403 200 200 200 200
/admin/units/history/{history}/delete/           302 403 403 403 403 403  302 403 403 403 403 403
/admin/units/synonym/                            302 403 200 200 200 200  302 403 200 200 200 200
/admin/units/synonym/add/                        302 403 403 403 200 200  302 403 403 403 200 200
/admin/units/synonym/{synonym}/                  302                      302
/admin/units/synonym/{synonym}/change/           302 403 200 200 200 200  302 403 403 403 200 200
/admin/units/synonym/{synonym}/history/          302 403 200 200 200 200  302 403 200 200 200 200
/admin/units/synonym/{synonym}/delete/           302 403 403 403 200 200  302 403 403 403 200 200
/admin/units/{people}/                           302 403 403 200 200 200  302 403 403 200 200 200
/admin/units/{people}/add/                       302 403 403 403 200 200  302 403 403 403 200 200
/admin/units/{people}/{its_key}/                 302                      302
/admin/units/{people}/{its_key}/change/          302 403 403 200 200 200  302 403 403 403 200 200
/admin/units/{people}/{its_key}/history/         302 403 403 200 200 200  302 403 403 200 200 200
/admin/units/{people}/{its_key}/delete/          302 403 403 403 200 200  302 403 403 403 200 200
"""


def rows(keys):
    """Return {address: (statuses of GET, statuses of POST)} of the table; `keys` fill the braces."""
    found = {}
    for line in filter(None, TABLE.splitlines()):
        address, *statuses = re.split(" {2,}", line)
        got, sent = (list(map(int, words.replace("-", "405").split())) for words in statuses)
        kinds = FACTS if "{fact}" in address else PEOPLE if "{people}" in address else [""]
        for written, answers in _meant(address, got):
            for kind in kinds:
                whole = written.format(**keys, fact=kind, people=kind, its_key=keys.get(kind))
                # A line of its own counts before one for all facts.
                found.setdefault(whole, (answers * (6 // len(answers)), sent * (6 // len(sent))))
    return found


def _meant(address, got):
    """Yield (address, statuses of GET) of all that an address of the table stands for."""
    if address.startswith("+"):
        yield address.replace("+", DRAFT), [404]
        yield address.replace("+", NAMED), [404] if "people" in address else got
        yield address.replace("+", ""), got
    elif address.startswith("*"):
        is_for_others = any(word in address for word in ("embed", "digest"))
        yield address.replace("*", DRAFT), [404] if is_for_others else list(map(int, PREVIEW.split()))
        yield address.replace("*", NAMED), got
        yield address.replace("*", ""), got
    elif "(.json)" in address:
        yield address.replace("(.json)", "/"), got
        yield address.replace("(.json)", ".json"), got
    else:
        yield address, got
