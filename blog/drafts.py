"""What somebody with a draft link reads, logged in or not: the newest state, until readers have it as well.

Files that lie beside the entry are as private as the entry, so that they are shown below the link's own address.
"""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.generic import View

from blog.entries import all_visible, folders_of, send_file
from blog.models import DraftLink, File
from blog.revisions import preview
from blog.revisions.work import take_up
from blog.views import page_not_found

GONE = 410  # which no list of addresses not found counts: a secret must not end up in one


class DraftView(View):
    def get(self, request, token):
        link = find_link(token)
        if link is None:
            return gone(request)
        entry = link.entry
        path, was_public = entry.path, entry.is_public and _was_public(entry, link.made_at)
        is_public = entry.is_public
        work = take_up(entry).work
        if is_public and not (was_public and work.pending):
            return preview.private(HttpResponseRedirect(path))
        files_at = "" if is_public else link.get_absolute_url()
        return preview.show(request, entry, work.state, _("Draft, not public"), files_at)


class DraftFileView(View):
    def get(self, request, token, path):
        link = find_link(token)
        file = link and _file_beside(link.entry, path)
        if not file:
            return gone(request)
        try:
            return preview.private(send_file(file))
        except Http404:
            return gone(request)


def find_link(token):
    links = DraftLink.objects.usable().select_related("post__series", "page")
    return links.filter(token=token).first()


def gone(request):
    return preview.private(page_not_found(request, status=GONE))


def _file_beside(entry, path):
    """The file with this path below the entry's, unless it lies beside something else that this reader may not see."""
    if not entry.path.endswith("/"):
        return None
    file = File.objects.select_related("picture").filter(path=entry.path + path).first()
    if file is None:
        return None
    others = [folder for folder in folders_of(file.path) if folder != entry.path]
    return file if all_visible(others, AnonymousUser()) else None


def _was_public(entry, at):
    """Whether the link was made to show changes of what was public already."""
    return entry.public_at is None or entry.public_at <= at
