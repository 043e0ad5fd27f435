"""What somebody with a draft link reads, logged in or not: the newest state, until readers have it as well."""

from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.generic import View

from blog.models import DraftLink
from blog.revisions import preview
from blog.revisions.work import take_up
from blog.views import page_not_found

GONE = 410  # which no list of addresses not found counts: a secret must not end up in one


class DraftView(View):
    def get(self, request, token):
        links = DraftLink.objects.usable().select_related("post__series", "page")
        link = links.filter(token=token).first()
        if link is None:
            return preview.private(page_not_found(request, status=GONE))
        entry = link.entry
        path, was_public = entry.path, entry.is_public and _was_public(entry, link.made_at)
        is_public = entry.is_public
        work = take_up(entry).work
        if is_public and not (was_public and work.pending):
            return preview.private(HttpResponseRedirect(path))
        return preview.show(request, entry, work.state, _("Draft, not public"))


def _was_public(entry, at):
    """Whether the link was made to show changes of what was public already."""
    return entry.public_at is None or entry.public_at <= at
