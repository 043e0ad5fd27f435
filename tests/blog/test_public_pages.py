import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType

from blog.models import Alias, Post, SiteProfile
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db


def soup(response):
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content, "html.parser")


def warm_up():
    """Content types are read once a process; that is no query of the page."""
    for model in (Post,):
        ContentType.objects.get_for_model(model)


def test_post_page_says_what_it_is(client):
    ada = make_user("ada", first_name="Ada", last_name="Moreau")
    post = make_post("On links", tags=["Web", "C++"], categories=["Essays"], series="Moving", authors=[ada])
    page = soup(client.get(post.path))
    entry = page.select_one("article.h-entry")
    assert [h1.text for h1 in page.find_all("h1")] == ["On links"]
    assert entry.select_one(".e-content").get_text(strip=True) == "The text of On links."
    assert sorted(tag.text for tag in entry.select(".p-category")) == ["C++", "Web"]
    assert entry.select_one('a[href="/tags/c++/"]')
    assert entry.select_one('a[href="/categories/essays/"]')
    assert entry.select_one('a[href="/series/moving/"]')
    assert entry.select_one('a.p-author[href="/authors/ada/"]').text == "Ada Moreau"
    assert page.select_one('link[rel="canonical"]')["href"] == f"http://127.0.0.1:8000{post.path}"


def test_first_level_headings_go_one_lower_and_keep_their_ids(client):
    post = make_post("Two parts", body="# One\n\ntext\n\n## Two\n\ntext", show_toc=True)
    page = soup(client.get(post.path))
    content = page.select_one(".e-content")
    assert [(h.name, h["id"]) for h in content.find_all(["h1", "h2", "h3"])] == [("h2", "one"), ("h3", "two")]
    assert [a["href"] for a in page.select("nav.toc-list a")] == ["#one", "#two"]
    assert "<h1" in post.body_html


def test_neighbours_and_related_posts(client):
    from datetime import timedelta

    from django.utils import timezone

    now = timezone.now()
    posts = [
        make_post(f"Day {day}", published_at=now - timedelta(days=day), tags=["diary"]) for day in range(1, 6)
    ]
    page = soup(client.get(posts[2].path))
    assert page.select_one('.nextprev [rel="prev"]')["href"] == posts[3].path
    assert page.select_one('.nextprev [rel="next"]')["href"] == posts[1].path
    assert {a["href"] for a in page.select(".related a")} == {posts[0].path, posts[4].path}


def test_post_page_takes_five_queries_however_much_is_on_it(client, django_assert_max_num_queries):
    SiteProfile().save()
    author = make_user("ada")
    post = make_post("Busy", tags=["a", "b"], categories=["c"], series="s", authors=[author])
    for _ in range(3):
        make_post(tags=["a", "b"])
    comment = make_comment(post)
    for _ in range(30):
        comment = make_comment(parent=comment, user=author)
    warm_up()
    with django_assert_max_num_queries(5):
        soup(client.get(post.path))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/page/2/",
        "/tags/a/",
        "/archive/",
        "/tags/",
        "/categories/c/",
        "/series/s/",
        "/authors/ada/",
        "/posts/",
    ],
)
def test_lists_take_six_queries_however_many_posts(client, django_assert_max_num_queries, path):
    profile = SiteProfile(posts_per_page=5)
    profile.save()
    author = make_user("ada")
    for _ in range(12):
        post = make_post(tags=["a", "b"], categories=["c"], series="s", authors=[author])
        make_comment(post)
    warm_up()
    with django_assert_max_num_queries(6):
        soup(client.get(path))


def test_lists_are_paged(client):
    SiteProfile(posts_per_page=2).save()
    for _ in range(5):
        make_post(tags=["a"])
    assert soup(client.get("/")).select_one('a[rel="next"]')["href"] == "/page/2/"
    assert soup(client.get("/tags/a/")).select_one('a[rel="next"]')["href"] == "/tags/a/page/2/"
    assert soup(client.get("/page/2/")).select_one('a[rel="prev"]')["href"] == "/"
    assert client.get("/page/4/").status_code == 404
    assert client.get("/page/1/").status_code == 301


def test_tags_keep_their_own_addresses(client):
    make_post("Languages", tags=["C", "C++", "C#", "日本語", "Machine Learning"])
    links = [a["href"] for a in soup(client.get("/tags/")).select(".terms a")]
    assert sorted(links) == sorted(
        [
            "/tags/c/",
            "/tags/c++/",
            "/tags/c%23/",
            "/tags/%E6%97%A5%E6%9C%AC%E8%AA%9E/",
            "/tags/machine-learning/",
        ]
    )
    for link in links:
        assert "Languages" in client.get(link).content.decode()


def test_archive_lists_by_year(client):
    from datetime import UTC, datetime

    make_post("Old", published_at=datetime(2020, 5, 1, tzinfo=UTC))
    make_post("New", published_at=datetime(2024, 5, 1, tzinfo=UTC))
    page = soup(client.get("/archive/"))
    assert [h2.text for h2 in page.select("h2.year")] == ["2024", "2020"]
    assert [a.text for a in soup(client.get("/archive/2020/")).select(".index a")] == ["Old"]
    assert client.get("/archive/2019/").status_code == 404


def test_section_of_posts_answers_as_under_hugo(client):
    make_post("Changes", path="/posts/2022-06/changes/")
    assert "Changes" in client.get("/posts/").content.decode()
    assert "Changes" in client.get("/posts/2022-06/").content.decode()
    assert client.get("/posts/2021/").status_code == 404


def test_section_is_paged_like_every_list(client):
    SiteProfile(posts_per_page=2).save()
    for _ in range(3):
        make_post()
    assert soup(client.get("/posts/")).select_one('a[rel="next"]')["href"] == "/posts/page/2/"
    assert soup(client.get("/posts/page/2/")).select(".card")
    assert client.get("/posts/page/1/")["Location"] == "/posts/"
    make_page("Odd", path="/posts/page/2/")
    assert soup(client.get("/posts/page/2/")).h1.text == "Odd"


def test_page_stands_at_its_path_and_has_no_discussion(client):
    page = make_page("Colophon", path="/notes/colophon/")
    found = soup(client.get("/notes/colophon/"))
    assert found.h1.text == page.title
    assert not found.select(".thread")


def test_cover_is_shown_once(client):
    post = make_post("Covered", cover="red.png", cover_alt="A red wall", body="No picture.")
    cover = soup(client.get(post.path)).select_one("figure.cover img")
    assert (cover["src"], cover["alt"]) == (f"{post.path}red.png", "A red wall")
    post.body = "![A red wall](red.png)"
    post.save()
    assert not soup(client.get(post.path)).select("figure.cover")


def test_alias_leads_to_the_entry_where_it_is_now(client):
    post = make_post("Moved")
    Alias.objects.create(path="/2001/old.html", post=post)
    response = client.get("/2001/old.html?x=1")
    assert (response.status_code, response["Location"]) == (301, f"{post.path}?x=1")
    Post.objects.filter(pk=post.pk).update(path="/elsewhere/")
    assert client.get("/2001/old.html")["Location"] == "/elsewhere/"
    Post.objects.filter(pk=post.pk).update(draft=True)
    assert client.get("/2001/old.html").status_code == 404


def test_missing_slash_is_added_where_something_answers(client):
    post = make_post("Here")
    assert client.get(post.path.rstrip("/"))["Location"] == post.path
    assert client.get("/archive")["Location"] == "/archive/"
    assert client.get("/nowhere").status_code == 404
    assert client.get("//evil.example/nowhere").status_code == 404


def test_404_helps_on(client):
    make_post("Recent one")
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    page = BeautifulSoup(response.content, "html.parser")
    assert page.select_one('form[role="search"]')
    assert "Recent one" in page.get_text()


def test_reader_gets_no_cookie_and_no_token(client):
    post = make_post("Plain")
    make_comment(post)
    for path in ("/", post.path, "/search/?q=plain", "/tags/"):
        response = client.get(path)
        assert not response.cookies
        assert b"csrf" not in response.content


def test_policy_allows_nothing_inline(client):
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_site_speaks_the_profiles_time_zone(client):
    from datetime import UTC, datetime

    SiteProfile(time_zone="Asia/Tokyo").save()
    post = make_post("Late", published_at=datetime(2024, 5, 1, 20, tzinfo=UTC))
    assert soup(client.get(post.path)).select_one("time.dt-published").text == "2 May 2024"


def test_healthz_and_robots(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    robots = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in robots
