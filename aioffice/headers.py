"""What every answer tells browsers, beside what Django's own middleware and settings do."""

from django.urls import reverse

# What no page here needs, and so no script that ever got into one may use. The chart can fill the screen.
UNUSED = [
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "window-management",
    "xr-spatial-tracking",
]
HEADERS = {
    "Permissions-Policy": ", ".join([*(f"{name}=()" for name in UNUSED), "fullscreen=(self)"]),
    # Nothing from elsewhere is part of a page, and no page is part of one elsewhere. What is to be (the drawn
    # chart, the API) says so itself.
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def harden(get_response):
    """Give every answer, files and refusals too, the headers that it does not have yet."""

    def middleware(request):
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # Nor is a refusal kept by a cache for whoever asks next, when all may be well.
        if request.path.startswith(reverse("admin:index")) or response.status_code >= 400:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
