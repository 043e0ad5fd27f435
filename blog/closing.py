"""When discussions close by themselves, some days after their text became public."""

from datetime import timedelta


def closes_at(entry, site_days):
    """None if it does not. What has a policy of its own does not follow the site's rule, which is asked for last."""
    days = entry.comments_close_after
    if days is None and not entry.discussion:
        days = site_days()
    return entry.public_at + timedelta(days=days) if days and entry.public_at else None


def next_closing(now):
    """When the next discussion closes, so that pages stored until then still offer the form; None if none will."""
    from blog.models import Page, Post, SiteProfile

    days = SiteProfile.objects.values_list("comments_close_after", flat=True).first()
    found = [at for model in (Post, Page) for at in _closings(model, now, days)]
    return min((at for at in found if at > now), default=None)


def _closings(model, now, days):
    for at, own in model.objects.filter(comments_close_after__gt=0).values_list(
        "public_at", "comments_close_after"
    ):
        if at:
            yield at + timedelta(days=own)
    if days:
        following = model.objects.filter(discussion="", comments_close_after=None)
        youngest = following.filter(public_at__gt=now - timedelta(days=days)).order_by("public_at")
        for at in youngest.values_list("public_at", flat=True)[:1]:
            yield at + timedelta(days=days)
