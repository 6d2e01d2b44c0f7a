"""The sources of an edition, and each of them sentence by sentence."""

from itertools import groupby

from django.shortcuts import render

from units.models import Citation, Passage, Source
from units.views.frame import footnotes_of, not_here, of_an_edition, part_of

FACTS_PER_PASSAGE = 20


@of_an_edition
def sources(request, moment):
    part = part_of(request, Source.objects.of(moment.edition).for_list())
    context = {"moment": moment, "part": part, "footnotes": footnotes_of(part.rows)}
    return render(request, "units/sources.html", context)


@of_an_edition
def source(request, moment, slug):
    source = Source.objects.named(moment.edition, slug)
    if source is None:
        return not_here(request, moment, Source, slug)
    passages = list(Passage.objects.of_source(source))
    citations, totals = Citation.objects.of_passages(passages, FACTS_PER_PASSAGE)
    facts = {
        passage: list(group)
        for passage, group in groupby(citations, key=lambda citation: citation.passage_id)
    }
    for passage in passages:
        passage.source = source
        passage.facts = facts.get(passage.pk, [])
        passage.facts_total = totals.get(passage.pk, 0)
    context = {
        "moment": moment,
        "source": source,
        "passages": passages,
        "footnotes": footnotes_of([source]),
    }
    return render(request, "units/source.html", context)
