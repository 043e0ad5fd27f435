"""Who is asking: the address a trusted proxy reports, and nobody else's word for it. How large the answer is: compressed.

What no page may hold: characters that HTML forbids. And what comes of a form whose writer was logged out meanwhile.
"""

import ipaddress
import re
from functools import cache

from django.conf import settings
from django.http import HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse

from config import faults
from config.views import healthz

FORWARDING = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_FORWARDED",
    "HTTP_X_REQUEST_ID",
)


class ProxyMiddleware:
    """Puts the visitor's own address into REMOTE_ADDR.

    Only what a proxy of TRUSTED_PROXIES says is believed: of X-Forwarded-For the last address that is no trusted proxy
    itself, since whatever stands before it the visitor may have made up. From anybody else forwarding headers are removed.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.trusted = networks_of(tuple(settings.TRUSTED_PROXIES))

    def __call__(self, request):
        if self.is_trusted(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = self.visitor(request)
        else:
            for name in FORWARDING:
                request.META.pop(name, None)
        return self.get_response(request)

    def visitor(self, request):
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        hops = [hop.strip() for hop in forwarded if hop.strip()]
        return next((hop for hop in reversed(hops) if not self.is_trusted(hop)), request.META["REMOTE_ADDR"])

    def is_trusted(self, address):
        return is_among(address, self.trusted)


class MethodsMiddleware:
    """Pages are asked for, and forms are sent; a method that nobody here uses is refused whatever it is aimed at."""

    KNOWN = ("GET", "HEAD", "OPTIONS", "POST")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return (
            self.get_response(request) if request.method in self.KNOWN else HttpResponseNotAllowed(self.KNOWN)
        )


class LivenessMiddleware:
    """Load balancers ask by address, whatever the site's name is, and while the database does not answer.

    Nothing in this answer depends on the name.
    """

    PATH = "/healthz"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return healthz(request) if request.path_info == self.PATH else self.get_response(request)


class CompressTextMiddleware(GZipMiddleware):
    """Pages that are not stored, compressed as they are sent; never a picture or a file that a browser asks for in parts.

    Django's adds random bytes, so that the length says nothing of a secret in the page.
    """

    TEXT = ("text/", "application/json", "application/xml", "application/feed+json", "image/svg+xml")

    def process_response(self, request, response):
        if response.streaming or not response.get("Content-Type", "").startswith(self.TEXT):
            return response
        return super().process_response(request, response)


class LegalCharactersMiddleware:
    """Whatever a title, a name or a search brings along, no page for readers has characters that HTML forbids.

    What is stored keeps them, and so do the forms of the admin, for sent back without them a text would be changed.

    https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream
    """

    CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\f\r"})
    MORE_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
    NONCHARACTERS = re.compile(
        rb"\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])|[\xf0-\xf4][\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]"
    )
    # Looked for first: an expression takes a hundred times as long.
    HINTS = (b"\xef\xb7", b"\xbf\xbe", b"\xbf\xbf")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_page = not response.streaming and response.get("Content-Type", "").startswith("text/html")
        if is_page and not request.path.startswith(reverse("admin:index")):
            response.content = self.cleaned(response.content)
        return response

    def cleaned(self, page):
        page = page.translate(None, self.CONTROLS)
        if page.isascii():
            return page
        page = self.MORE_CONTROLS.sub(b"", page)
        return self.NONCHARACTERS.sub(b"", page) if any(hint in page for hint in self.HINTS) else page


class LoggedOutMiddleware:
    """The admin leads whoever is not logged in to the login; with a form in hand that would throw the words away."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if (
            request.method == "POST"
            and response.status_code == 302
            and response["Location"].startswith(reverse("admin:login"))
            and not request.user.is_authenticated
        ):
            return faults.logged_out(request)
        return response


def is_trusted_proxy(address):
    return is_among(address, networks_of(tuple(settings.TRUSTED_PROXIES)))


def is_among(address, networks):
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in networks)


@cache
def networks_of(texts):
    return [ipaddress.ip_network(text, strict=False) for text in texts]
