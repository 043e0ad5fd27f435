"""The library as the editor looks through it."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from blog import library, variants
from blog.admin.editor import for_writers
from blog.models import Picture

A_LIST = 40


@method_decorator([never_cache, for_writers], "dispatch")
class PictureListView(View):
    """The library as JSON, for the editor: the newest first, q searches, page turns the pages."""

    def get(self, request):
        found = Picture.objects.open_to(request.user).filter(replaced_by=None)
        for word in request.GET.get("q", "")[:200].split():
            named = Q(given_name__icontains=word) | Q(alt__icontains=word) | Q(address__icontains=word)
            found = found.filter(named)
        page = Paginator(found, A_LIST).get_page(request.GET.get("page"))
        listed = [_in_list(picture) for picture in page]
        more = page.next_page_number() if page.has_next() else None
        return JsonResponse({"pictures": listed, "next": more, "count": page.paginator.count})


def _in_list(picture):
    return {
        "address": picture.address,
        "thumbnail": small(picture),
        "markdown": library.markdown_of(picture),
        "name": str(picture),
        "alt": picture.alt,
        "width": picture.width,
        "height": picture.height,
    }


def small(picture):
    sizes = variants.widths(picture.width, picture.height, picture.is_animated)
    return variants.address(picture.digest, sizes[0]) if sizes else picture.address
