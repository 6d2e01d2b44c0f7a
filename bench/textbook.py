"""What a textbook makes of the same tables: a ModelViewSet of Django REST framework over django-mptt's tree.

Its serializers are nested as our answer is, without a thought for queries, and tell the same facts.
"""

from django.shortcuts import get_object_or_404
from rest_framework import serializers, viewsets
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from units.models import Citation, Passage, Post, Source, Unit


def short(of, *names):
    """Return the serializer of the model `of` that tells only what is called `names`."""

    class Short(serializers.ModelSerializer):
        class Meta:
            model, fields = of, names

    return Short


class PassageSerializer(serializers.ModelSerializer):
    source = short(Source, "slug", "title")()

    class Meta:
        model = Passage
        fields = ["number", "source", "address"]


class CitationSerializer(serializers.ModelSerializer):
    passage = PassageSerializer()

    class Meta:
        model = Citation
        fields = ["passage", "field", "note"]


class UnitSerializer(serializers.ModelSerializer):
    parent = short(Unit, "slug", "name")()
    posts = short(Post, "slug", "name")(many=True)
    citations = CitationSerializer(many=True)

    class Meta:
        model = Unit
        fields = ["slug", "name", "kind", "purpose", "aliases", "replaces"]
        fields += ["parent", "posts", "units_below", "citations"]


class NodeSerializer(serializers.ModelSerializer):
    """A unit of a tree with those below it; it tells what an item of our tree tells."""

    citations = CitationSerializer(many=True)
    children = serializers.SerializerMethodField()

    class Meta:
        model = Unit
        fields = ["slug", "name", "kind", "level", "citations", "children"]

    def get_children(self, unit):
        return NodeSerializer(unit.get_children(), many=True).data


class Textbook(viewsets.ModelViewSet):
    queryset = Unit.objects.order_by("lft")
    serializer_class = UnitSerializer
    pagination_class = LimitOffsetPagination
    renderer_classes = [JSONRenderer]
    throttle_classes = []
    content_negotiation_class = DefaultContentNegotiation
    lookup_field = "slug"


class Trees(viewsets.ViewSet):
    renderer_classes = [JSONRenderer]
    throttle_classes = []
    content_negotiation_class = DefaultContentNegotiation

    def retrieve(self, request, slug):
        return Response(NodeSerializer(get_object_or_404(Unit, slug=slug)).data)
