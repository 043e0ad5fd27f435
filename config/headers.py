"""What every answer tells browsers, whoever made it: pages, files, redirects and faults."""

from csp.utils import build_policy
from django.conf import settings

# None of these is used here, nor may a video from elsewhere use it.
UNUSED = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
PERMISSIONS = ", ".join(f"{feature}=()" for feature in UNUSED)
# Feed readers on the web show our pictures in their pages; anything else is read here or by whoever fetches it openly.
FOR_ALL = ("image/", "audio/", "video/", "font/", "text/css")


class HeadersMiddleware:
    """Stands before all others, so that what they refuse has these headers as well."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = build_policy()  # the same for all: nothing that one page alone may do

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        if response.status_code == 304:
            # Browsers let its headers take the place of those they kept, and a file's policy is its own.
            response.headers.pop("Content-Security-Policy", None)
        else:
            response.headers.setdefault("Cross-Origin-Resource-Policy", readable_by(response))
            if not is_for_developers(response):
                response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


def readable_by(response):
    return "cross-origin" if response.get("Content-Type", "").startswith(FOR_ALL) else "same-origin"


def is_for_developers(response):
    """Django's own pages about a fault, whose style and script stand in the page itself."""
    return settings.DEBUG and response.status_code in (404, 500)
