"""That scripts of other sites may read the API."""

from units.api.problems import is_for_the_api

EXPOSED = "Allow, Content-Disposition, Deprecation, ETag, Last-Modified, Link, Retry-After, Sunset"


def open_to_all(get_response):
    """Let any site read the API's answers, refusals too, and answer the question before it (CORS)."""

    def middleware(request):
        response = get_response(request)
        if is_for_the_api(request):
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
                response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
                response.headers["Access-Control-Allow-Headers"] = "Accept, If-Modified-Since, If-None-Match"
                response.headers["Access-Control-Max-Age"] = "86400"
        return response

    return middleware
