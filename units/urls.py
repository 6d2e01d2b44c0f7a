"""The public addresses: pages of an edition twice, once for today or `?on=`, once below `/editions/{id}/`."""

from django.urls import include, path

from units.api import views as data
from units.feeds import Changes
from units.negotiation import with_data
from units.views import (
    changes,
    chart,
    chart_files,
    downloads,
    editions,
    health,
    home,
    linked_data,
    mandates,
    printed,
    search,
    sharing,
    sources,
    structure,
    timeline,
)

page_patterns = [
    path("", home.home, name="home"),
    path("chart/", chart.chart, name="chart"),
    path("chart/table/", chart.table, name="chart_table"),
    path("chart/embed/", chart_files.embed, name="chart_embed"),
    path("chart.svg", chart_files.svg, name="chart_svg"),
    path("chart-<str:digest>.svg", chart_files.cited_svg, name="chart_cited"),
    path("chart.md", chart_files.markdown, name="chart_markdown"),
    path("chart.png", printed.png, name="chart_png"),
    path("chart.pdf", printed.pdf, name="chart_pdf"),
    path("card.png", printed.card, name="card"),
    *with_data("units/", structure.units, data.Units, "units"),
    *with_data("units/<slug:slug>/", structure.unit, data.Units, "unit", "retrieve"),
    path("units/<slug:slug>/chart.svg", chart_files.svg, name="unit_chart_svg"),
    path("units/<slug:slug>/chart.png", printed.png, name="unit_chart_png"),
    path("units/<slug:slug>/chart.pdf", printed.pdf, name="unit_chart_pdf"),
    path("units/<slug:slug>/card.png", printed.card, name="unit_card"),
    *with_data("posts/", structure.posts, data.Posts, "posts"),
    *with_data("posts/<slug:slug>/", structure.post, data.Posts, "post", "retrieve"),
    *with_data("people/", structure.people, data.People, "people"),
    *with_data("bodies/", mandates.bodies, data.Bodies, "bodies"),
    *with_data("bodies/<slug:slug>/", mandates.body, data.Bodies, "body", "retrieve"),
    *with_data("tasks/", mandates.tasks, data.Tasks, "tasks"),
    *with_data("initiatives/", mandates.initiatives, data.Initiatives, "initiatives"),
    *with_data("initiatives/<slug:slug>/", mandates.initiative, data.Initiatives, "initiative", "retrieve"),
    *with_data("timeline/", timeline.timeline, data.Milestones, "timeline"),
    path("timeline.ics", timeline.calendar, name="calendar"),
    *with_data("sources/", sources.sources, data.Sources, "sources"),
    *with_data("sources/<slug:slug>/", sources.source, data.Sources, "source", "retrieve"),
    *with_data("search/", search.results, data.Search, "search"),
]

# What they show is not of one edition; names in resolve.OF_THE_SITE.
site_patterns = [
    path("editions/", editions.editions, name="editions"),
    path("opensearch.xml", search.description, name="opensearch"),
    path("changes.atom", Changes(), name="changes"),
    path("data/", downloads.data, name="data"),
    path("vocabulary", linked_data.vocabulary_preferred, name="vocabulary"),
    path("about/", editions.about, name="about"),
    path("accessibility/", editions.accessibility, name="accessibility"),
    path("privacy/", editions.privacy, name="privacy"),
]

urlpatterns = [
    path("", include((page_patterns + site_patterns, "directory"), namespace="pages")),
    path("editions/<str:before>/diff/<str:after>/", changes.changes, name="diff"),
    path("editions/<str:name>/document.json", editions.document, name="document"),
    path("editions/<str:name>/document.<whole:suffix>", downloads.document, name="document_file"),
    path("editions/<str:edition_name>/", include((page_patterns, "directory"), namespace="edition")),
    path("api/v1/", include("units.api.urls")),
    path("context.jsonld", linked_data.context, name="context"),
    path("vocabulary.ttl", linked_data.vocabulary_data, name="vocabulary_ttl"),
    path("shapes.ttl", linked_data.shapes, name="shapes"),
    path("robots.txt", sharing.robots, name="robots"),
    path("sitemap.xml", sharing.sitemap, name="sitemap"),
    path("sitemap-<slug:section>-<int:number>.xml", sharing.sitemap_part, name="sitemap_part"),
    path("site.webmanifest", sharing.manifest, name="manifest"),
    path("favicon.ico", sharing.favicon, name="favicon"),
    path("health/live/", health.live, name="live"),
    path("health/ready/", health.ready, name="ready"),
]
