from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils.timezone import now

from blog.models import Category
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db

SITE = "https://blog.example"


@pytest.fixture(autouse=True)
def public_address(settings):
    settings.SITE_URL = SITE


def locations(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    entries = ElementTree.fromstring(response.content)
    return {entry[0].text: entry[1].text if len(entry) > 1 else None for entry in entries}


def crawl(client):
    maps = locations(client, "/sitemap.xml")
    return {url for map_url in maps for url in locations(client, map_url.removeprefix(SITE))}


def test_every_kind_of_page_is_named_by_its_public_address(client):
    make_post("Plain", tags=["C++"], categories=["Notes"], series="Slow", authors=[make_user("ann")])
    make_page("About")
    assert crawl(client) == {
        f"{SITE}{path}"
        for path in (
            "/",
            "/archive/",
            "/posts/plain/",
            "/about/",
            "/tags/c++/",
            "/categories/notes/",
            "/series/slow/",
            "/authors/ann/",
        )
    }


def test_address_with_other_letters_is_escaped(client):
    make_post("Überall")
    assert f"{SITE}/posts/%C3%BCberall/" in crawl(client)


def test_what_is_not_public_and_its_terms_are_not_named(client):
    tomorrow, yesterday = now() + timedelta(days=1), now() - timedelta(days=1)
    for fields in (
        {"draft": True},
        {"published_at": tomorrow},
        {"expires_at": yesterday},
        {"listed": False},
    ):
        make_post(tags=["hidden"], categories=["hidden"], series="hidden", authors=[make_user()], **fields)
    make_page(draft=True)
    assert crawl(client) == {f"{SITE}/", f"{SITE}/archive/"}


def test_own_taxonomy_is_not_among_the_categories(client):
    post = make_post()
    post.categories.add(Category.objects.create(name="Gardens", taxonomy="topics"))
    assert f"{SITE}/sitemap-categories.xml" not in locations(client, "/sitemap.xml")


def test_last_change_is_the_true_one(client):
    day = datetime(2020, 5, 1, 12, tzinfo=UTC)
    make_post("Old", tags=["t"], published_at=day)
    make_post("Edited", tags=["t"], published_at=day, modified_at=day + timedelta(days=40))
    assert set(locations(client, "/sitemap-posts.xml").values()) == {"2020-05-01", "2020-06-10"}
    assert set(locations(client, "/sitemap-tags.xml").values()) == {"2020-06-10"}
    assert locations(client, "/sitemap.xml")[f"{SITE}/sitemap-posts.xml"].startswith("2020-06-10T12:00")


def test_request_host_has_no_say(client):
    make_post()
    assert b"127.0.0.1" not in client.get("/sitemap.xml", headers={"host": "127.0.0.1"}).content
    assert b"127.0.0.1" not in client.get("/sitemap-posts.xml", headers={"host": "127.0.0.1"}).content


def test_map_takes_as_many_queries_for_many_posts_as_for_one(client, django_assert_max_num_queries):
    for number in range(30):
        make_post(tags=[f"t{number}"])
    with django_assert_max_num_queries(4):
        client.get("/sitemap-posts.xml")
    with django_assert_max_num_queries(4):
        client.get("/sitemap-tags.xml")


def test_pictures_are_named_by_their_full_addresses(client):
    make_post(path="/notes/one/", cover="red.png", body="![a](/b.png) ![c](c&d.png) ![again](red.png)")
    assert [url.text for url in images(client, "/sitemap-posts.xml")] == [
        f"{SITE}/notes/one/red.png",
        f"{SITE}/b.png",
        f"{SITE}/notes/one/c&d.png",
    ]


def images(client, path):
    urls = ElementTree.fromstring(client.get(path).content)
    return urls.iter("{http://www.google.com/schemas/sitemap-image/1.1}loc")


def test_entry_behind_a_page_of_the_site_is_not_named(client):
    make_page("Old archive", path="/archive/")
    make_page("About")
    assert list(locations(client, "/sitemap-pages.xml")) == [f"{SITE}/about/"]


def test_unknown_map_is_not_found(client):
    assert client.get("/sitemap-nothing.xml").status_code == 404
