"""The formats of the answers. A further one is a class here and a place in REST_FRAMEWORK (settings.py)."""

from rest_framework.renderers import JSONRenderer


class Json(JSONRenderer):
    """JSON without spaces, in UTF-8."""

    def get_indent(self, accepted_media_type, renderer_context):
        """Return None: one form only, so that one ETag is enough."""
        return None
