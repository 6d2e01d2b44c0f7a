"""The addresses in an answer: all of the moment that the answer is of."""

from django.conf import settings
from django.urls import reverse

LIST_OF = {
    "unit": "units",
    "post": "posts",
    "body": "bodies",
    "initiative": "initiatives",
    "task": "tasks",
    "statement": "statements",
    "milestone": "milestones",
    "source": "sources",
}


class Links:
    """Makes the addresses of one answer, in the API and on the pages, which keep to its edition and day."""

    def __init__(self, moment):
        """Take the Moment of the answer; None where the answer is of all editions."""
        self.api = settings.SITE_URL + reverse("api:root")
        self.query, home = "", reverse("pages:home")
        if moment:
            self.query = moment.api_query
            home = moment.url("home").partition("?")[0]
        self.pages = settings.SITE_URL + home
        self.page_query = moment.query if moment else ""

    def url(self, kind, slug):
        """Return the API's address of the fact `slug`; `kind` is a key of LIST_OF."""
        return f"{self.api}{LIST_OF[kind]}/{slug}/{self.query}"

    def page(self, path, anchor=""):
        """Return the address of the page `path`, such as `units/ai-office/`."""
        return f"{self.pages}{path}{self.page_query}{anchor}"

    def page_of(self, fact, anchor=""):
        """Return the address of the page about `fact`, a row that may be of any kind that has one."""
        kind = fact._meta.model_name
        if kind == "milestone":
            return self.page("timeline/", f"#milestone-{fact.slug}")
        return self.page(f"{LIST_OF[kind]}/{fact.slug}/", anchor)

    def to(self, fact):
        """Return what an answer says of a related `fact`: slug, name and url; None for None."""
        return fact and self.named(fact._meta.model_name, fact.slug, str(fact))

    def named(self, kind, slug, name):
        return {"slug": slug, "name": name, "url": self.url(kind, slug)}

    def to_some(self, fact):
        """Return what to() does with the fact's kind before it, where that may be one of several."""
        return fact and {"kind": fact._meta.model_name, **self.to(fact)}

    def edition(self, edition):
        """Return how an answer names `edition`; None for None."""
        return edition and {
            "id": edition.identifier,
            "effective_on": edition.effective_on.isoformat(),
            "sha256": edition.sha256,
            "url": f"{self.api}editions/{edition.identifier}/",
        }
