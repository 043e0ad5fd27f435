"""What all pages share is kept ready; nobody must notice that, except by the time it takes."""

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template, TemplateSyntaxError

from blog.models import MenuItem, SiteProfile
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db


def shown(client, address="/"):
    return BeautifulSoup(client.get(address).content, "html.parser")


def marked(page):
    return [link["href"] for link in page.select("header.site-header [aria-current=page]")]


def test_a_changed_site_profile_is_on_the_next_page(client):
    profile = SiteProfile(title="Before")
    profile.save()
    assert shown(client).header.a.text == "Before"
    for changes in ({"title": "After"}, {"tagline": "Said"}, {"footer": "At the end"}, {"accent": "#aa0011"}):
        SiteProfile.objects.filter(pk=1).update(**changes)
        assert next(iter(changes.values())).lstrip("#") in str(shown(client))


def test_the_place_in_the_menu_is_that_of_the_page(client):
    make_post("One")
    assert marked(shown(client, "/archive/")) == ["/archive/"]
    assert marked(shown(client, "/tags/")) == ["/tags/"]
    assert marked(shown(client, "/")) == []


def test_a_page_that_is_taken_back_leaves_the_menu_at_once(client):
    SiteProfile().save()
    page = make_page("About", path="/about/")
    MenuItem.objects.create(page=page)
    assert "/about/" in str(shown(client).header)
    page.unpublish()
    assert "/about/" not in str(shown(client).header)


def test_each_language_has_its_own(client):
    SiteProfile(language="de").save()
    assert "Schlagwörter" in shown(client).header.text
    SiteProfile.objects.update(language="en")
    assert "Tags" in shown(client).header.text


def test_a_block_in_what_is_the_same_everywhere_is_refused():
    with pytest.raises(TemplateSyntaxError, match="between everywhere"):
        Template("{% load chrome %}{% everywhere %}{% block a %}{% endblock %}{% endeverywhere %}")


def test_where_there_is_no_site_it_is_rendered_anew():
    template = Template("{% load chrome %}{% everywhere %}{{ word }}{% endeverywhere %}")
    assert [template.render(Context({"word": word})) for word in ("one", "two")] == ["one", "two"]
