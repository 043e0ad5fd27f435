"""The site profile and its menu, from the source. What an editor has changed since the last import stays."""

from django.core.exceptions import ValidationError

from blog import rendering
from blog.models import MenuItem, Page, SiteProfile
from blog.models.site import check_time_zone
from blog.paths import check_pattern

FIELDS = {
    "title": "title",
    "tagline": "tagline",
    "author": "author_name",
    "language": "language",
    "time_zone": "time_zone",
    "post_pattern": "post_pattern",
    "base_url": "base_url",
}
CHECKS = {"time_zone": check_time_zone, "post_pattern": check_pattern}


def options_for(site):
    """How to render: as the source says, else as the site is set here."""
    if site.has_config:
        return rendering.Options.from_dict(site.options)
    return rendering.Options.from_dict(_stored_profile().markup)


def load_site(site, menu, report):
    """Set what the source says about the site; menu is for the entries' own items: (label, path, weight)."""
    if not site.has_config:
        return
    profile = _stored_profile()
    for name, column in FIELDS.items():
        _set(profile, column, getattr(site, name), report)
    profile.markup, profile.params = dict(site.options), dict(site.params)
    profile.save()
    _set_menu(profile, [*site.menu, *menu])


def _stored_profile():
    return SiteProfile.objects.filter(pk=1).first() or SiteProfile(pk=1)


def _set(profile, column, value, report):
    """Set one column, if its value is the default or what an earlier import has set."""
    field = SiteProfile._meta.get_field(column)
    current = getattr(profile, column)
    if not value or current not in (field.get_default(), profile.imported.get(column)):
        return
    try:
        CHECKS.get(column, lambda value: None)(value)
    except ValidationError as error:
        report.problem("(site)", " ".join(error.messages))
        return
    value = value[: field.max_length]
    setattr(profile, column, value)
    profile.imported[column] = value


def _set_menu(profile, wanted):
    items = profile.menu_items.select_related("page")
    current = [[item.label, item.page.path if item.page else item.url, item.weight] for item in items]
    in_order = sorted(
        wanted, key=lambda item: (item[2] == 0, item[2])
    )  # Hugo puts items without a weight last
    wanted = [[label[:100], path, place] for place, (label, path, _weight) in enumerate(in_order, start=1)]
    if current == wanted or current not in ([], profile.imported.get("menu", [])):
        return
    profile.menu_items.all().delete()
    pages = dict(
        Page.objects.filter(path__in=[path for _label, path, _place in wanted]).values_list("path", "pk")
    )
    for label, path, place in wanted:
        url = "" if path in pages else path
        MenuItem.objects.create(profile=profile, label=label, weight=place, page_id=pages.get(path), url=url)
    profile.imported["menu"] = wanted
    profile.save()
