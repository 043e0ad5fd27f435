import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count

import mf2py
import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.timezone import now
from PIL import Image

from blog import colours
from blog.models import Alias, Post, SiteProfile
from config import statics
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
    posts = [
        make_post(f"Day {day}", published_at=now() - timedelta(days=day), tags=["diary"])
        for day in range(1, 6)
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
        f"/archive/{(now() - timedelta(days=1)).year}/",
        "/subscribe/",
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


def test_home_shows_the_newest_posts_beginning_as_its_page_does(client):
    make_post("Counted", body="# First\n\n| a |\n|--:|\n| 1 |\n\n[on](#first)", path="/posts/counted/")
    page = client.get("/").text
    assert 'style="' not in page and 'class="align-right"' in page
    assert page.count("<h1") == 1 and 'href="/posts/counted/#first"' in page


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
    SiteProfile(time_zone="Asia/Tokyo").save()
    post = make_post("Late", published_at=datetime(2024, 5, 1, 20, tzinfo=UTC))
    assert soup(client.get(post.path)).select_one("time.dt-published").text == "2 May 2024"


def test_healthz_and_robots(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    robots = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in robots


def test_tags_page_names_the_tags_beside_it(client):
    for _ in range(2):
        make_post(tags=["a", "often"])
    make_post(tags=["a", "once"])
    make_post(tags=["a", "hidden"], draft=True)
    make_post(tags=["elsewhere"])
    assert [a.text for a in soup(client.get("/tags/a/")).select('[aria-labelledby="beside"] a')] == [
        "often",
        "once",
    ]


def test_counts_of_tags_are_of_what_a_reader_finds(client):
    make_post(tags=["a", "b"])
    make_post(tags=["a"])
    for fields in ({"draft": True}, {"listed": False}, {"published_at": now() + timedelta(days=1)}):
        make_post(tags=["a", "nowhere"], **fields)
    rows = [li.get_text(" ", strip=True) for li in soup(client.get("/tags/")).select(".terms li")]
    assert rows == ["a 2", "b 1"]


def test_archive_counts_years_and_months_in_the_sites_own_zone(client):
    SiteProfile(time_zone="Asia/Tokyo").save()
    make_post("New year", published_at=datetime(2019, 12, 31, 20, tzinfo=UTC))
    make_post("Spring", published_at=datetime(2020, 4, 1, tzinfo=UTC))
    make_post("Draft", published_at=datetime(2018, 4, 1, tzinfo=UTC), draft=True)
    rows = [li.get_text(" ", strip=True) for li in soup(client.get("/archive/")).select(".years li")]
    assert rows == ["2020 2"]
    page = soup(client.get("/archive/2020/"))
    assert [li.get_text(" ", strip=True) for li in page.select(".years li")] == ["January 1", "April 1"]
    january = soup(client.get("/archive/2020/1/"))
    assert [a.text for a in january.select(".index a")] == ["New year"]
    assert january.h1.text == "January 2020"
    for path in ("/archive/2019/", "/archive/2020/2/", "/archive/2020/13/", "/archive/0/", "/archive/9999/"):
        assert client.get(path).status_code == 404, path


def test_post_knows_its_place_in_its_series(client):
    first = make_post("First", series="Slow", series_order=1)
    third = make_post("Third", series="Slow", series_order=3)
    second = make_post("Second", series="Slow", series_order=2)
    make_post("Hidden", series="Slow", series_order=4, draft=True)
    last = make_post("Unnumbered", series="Slow")
    page = soup(client.get(second.path))
    assert "part 2 of 4 in Slow" in " ".join(page.select_one("header .rubric").get_text(" ").split())
    assert [a["href"] for a in page.select('nav[aria-label="Series: Slow"] a')] == [first.path, third.path]
    page = soup(client.get(last.path))
    assert [a["href"] for a in page.select('nav[aria-label="Series: Slow"] a')] == [third.path]
    assert not soup(client.get(make_post("Alone", series="Other").path)).select('nav[aria-label^="Series"]')


def test_a_rare_tag_in_common_says_more_than_a_common_one(client):
    days = count(2)

    def earlier(title, tags):
        return make_post(title, tags=tags, published_at=now() - timedelta(days=30 * next(days)))

    earlier("Neighbour", [])
    rare = earlier("Alpha", ["web", "sundials"])
    for _ in range(20):
        earlier(f"Number {next(days)}", ["web"])
    post = make_post("Omega", tags=["web", "sundials"])
    assert soup(client.get(post.path)).select(".related a")[0]["href"] == rare.path


def test_posts_without_tags_are_related_by_their_words(client):
    days = count(2)
    for title in (
        "A walk by the river",
        "Growing tomatoes on a balcony",
        "Winter in the north",
        "On maps",
        "Letters",
    ):
        make_post(title, published_at=now() - timedelta(days=next(days)))
    post = make_post("Tomatoes again, and the balcony in autumn", published_at=now() - timedelta(days=9))
    assert "Growing tomatoes on a balcony" in [
        a.text for a in soup(client.get(post.path)).select(".related a")
    ]


def test_headings_have_links_that_are_no_part_of_their_text(client):
    post = make_post(body="## One & *two*\n\ntext")
    content = soup(client.get(post.path)).select_one(".e-content")
    assert content.h2.text == "One & two"
    anchor = content.select_one("a.anchor")
    assert (anchor["href"], anchor["aria-label"], anchor.text) == (
        f"#{content.h2['id']}",
        "Link to “One & two”",
        "",
    )


def test_tables_and_code_scroll_in_boxes_of_their_own(client):
    post = make_post(body="| a |\n|---|\n| 1 |\n\n```\ncode\n```\n")
    content = soup(client.get(post.path)).select_one(".e-content")
    assert content.table.parent["tabindex"] == content.pre["tabindex"] == "0"
    assert content.table.parent["aria-label"] == "Table"


def test_page_is_described_for_machines(client):
    ada = make_user("ada", first_name="Ada", last_name="Moreau")
    SiteProfile(title="Margins").save()
    post = make_post("</script><b>", tags=["a"], authors=[ada], series="Slow")
    page = soup(client.get(post.path))
    posting, crumbs = json.loads(page.select_one('script[type="application/ld+json"]').text)
    assert posting["@type"] == "BlogPosting"
    assert posting["headline"] == "</script><b>"
    assert posting["author"] == [{"@type": "Person", "name": "Ada Moreau"}]
    assert [step["name"] for step in crumbs["itemListElement"]] == ["Margins", "Slow", "</script><b>"]
    site = json.loads(soup(client.get("/")).select_one('script[type="application/ld+json"]').text)
    assert site["potentialAction"]["target"]["urlTemplate"].endswith("/search/?q={search_term_string}")


def test_shared_links_show_a_card(client):
    SiteProfile(title="Margins").save()
    post = make_post("On sundials")
    image = soup(client.get(post.path)).select_one('meta[property="og:image"]')["content"]
    response = client.get(image.removeprefix("http://127.0.0.1:8000"))
    with Image.open(BytesIO(b"".join(response.streaming_content))) as card:
        assert (card.format, card.size) == ("PNG", (1200, 630))
    post.title = "On water clocks"
    post.save()
    assert soup(client.get(post.path)).select_one('meta[property="og:image"]')["content"] != image
    post.unpublish()
    assert client.get(image.removeprefix("http://127.0.0.1:8000")).status_code == 404


def test_microformats_say_who_wrote_what_and_when(client):
    ada = make_user("ada", first_name="Ada", last_name="Moreau")
    SiteProfile(title="Margins", author_name="Ada Moreau").save()
    post = make_post("On links", body="# A heading\n\nText.", tags=["Web"], authors=[ada])
    [entry] = mf2py.parse(doc=client.get(post.path).content.decode())["items"]
    about = entry["properties"]
    assert (entry["type"], about["name"], about["category"]) == (["h-entry"], ["On links"], ["Web"])
    assert about["author"] == ["Ada Moreau"]
    assert about["url"] == [f"http://127.0.0.1:8000{post.path}"]
    assert about["content"][0]["value"].split() == ["A", "heading", "Text."]
    [feed] = mf2py.parse(doc=client.get("/tags/web/").content.decode())["items"]
    assert [entry["properties"]["name"] for entry in feed["children"]] == [["On links"]]


def test_accent_colour_is_a_style_sheet_of_its_own(client):
    assert not soup(client.get("/")).select('link[href^="/accent"]')
    SiteProfile(accent="#0b5a3c").save()
    address = soup(client.get("/")).select_one('link[href^="/accent"]')["href"]
    assert "light-dark(#0b5a3c, #" in client.get(address).content.decode()
    assert client.get("/accent-ffffff.css").status_code == 404


@pytest.mark.parametrize("value", ["#ffffff", "#e0a030", "red", "#12345", "#12345g"])
def test_accent_colour_that_nobody_could_read_is_refused(value):
    with pytest.raises(ValidationError):
        SiteProfile(accent=value).full_clean()


def test_every_accent_colour_is_readable_on_dark_paper_too():
    for value in ("#000000", "#0000ff", "#a3271b", "#0b5a3c", "#6b006b"):
        assert min(colours.contrast(colours.for_dark(value), paper) for paper in colours.DARK_PAPERS) > 4.5


def test_language_written_from_the_right_says_so(client):
    post = make_post("مرحبا", language="ar")
    html = soup(client.get(post.path)).html
    assert (html["lang"], html["dir"]) == ("ar", "rtl")
    assert "dir" not in soup(client.get("/")).html.attrs


def test_machines_find_manifest_icons_search_and_whom_to_tell(client):
    SiteProfile(title="Margins", contact="ada@example.org").save()
    manifest = client.get("/manifest.webmanifest").json()
    assert manifest["name"] == "Margins"
    for icon in (*(icon["src"] for icon in manifest["icons"]), "/apple-touch-icon.png"):
        assert client.get(icon)["Content-Type"] == "image/png"
    search = client.get("/opensearch.xml")
    assert 'template="http://127.0.0.1:8000/search/?q={searchTerms}"' in search.content.decode()
    told = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:ada@example.org\nExpires: 2" in told
    assert client.get("/.well-known/change-password")["Location"] == "/admin/password_change/"


def test_security_txt_is_missing_where_nobody_is_named(client):
    assert client.get("/.well-known/security.txt").status_code == 404


def test_people_are_told_how_to_subscribe(client):
    make_post(tags=["Web"])
    page = soup(client.get("/subscribe/"))
    assert page.select_one('main a[href="/feed/"]').text == "http://127.0.0.1:8000/feed/"
    assert page.select_one('main a[href="/tags/web/feed/"]')


def test_login_page_is_one_of_the_family(client):
    SiteProfile(title="Margins", accent="#0b5a3c").save()
    page = soup(client.get("/login/"))
    assert page.select_one(".site-name").get_text(strip=True) == "Margins"
    assert page.select_one('link[href^="/accent"]')


@pytest.mark.parametrize(
    "address",
    [
        "/feed/?page={}",
        "/search/?q=a&year={}",
        "/search/?q=a&page={}",
        "/archive/{}/",
        "/page/{}/",
        "/posts/page/{}/",
        "/comments/{}/",
        "/posts/comment/?held={}",
        "/sitemap-posts.xml?p={}",
    ],
)
@pytest.mark.parametrize("number", ["0", "-1", "abc", "%00", "%D9%A3", "9" * 30, "9" * 5000])
def test_numbers_that_are_none_or_too_large_are_not_our_fault(client, address, number):
    assert client.get(address.format(number)).status_code in (200, 301, 404)


def test_browser_is_told_the_colours_of_the_tokens(client):
    page = client.get("/").content.decode()
    assert '<meta name="theme-color" content="#fbf9f4" media="(prefers-color-scheme: light)">' in page
    assert '<meta name="theme-color" content="#15171c" media="(prefers-color-scheme: dark)">' in page


@pytest.mark.parametrize(
    ("tokens", "papers"),
    [
        (":root { --paper: light-dark(white, #111); }", ("white", "#111")),
        (":root { --ink: red; --paper: #abc; }", ("#abc", "#abc")),
        (":root {}", ("#ffffff", "#000000")),
    ],
)
def test_a_theme_s_own_tokens_are_read(tmp_path, monkeypatch, tokens, papers):
    (tmp_path / "tokens.css").write_text(tokens)
    monkeypatch.setattr(statics.finders, "find", lambda name: str(tmp_path / "tokens.css"))
    statics.papers.cache_clear()
    assert statics.papers() == papers
    statics.papers.cache_clear()


def test_search_engines_take_all_searches_for_one_page_and_none_that_only_repeats_strange_words(client):
    make_post("Known")
    assert "noindex" in client.get("/search/?q=strange").content.decode()
    for address in ("/search/", "/search/?q=known"):
        page = soup(client.get(address))
        assert not page.select("meta[name=robots]")
        assert page.select_one("link[rel=canonical]")["href"].endswith("/search/")


def test_style_of_feeds_takes_the_site_s_tokens(client):
    SiteProfile(accent="#205080").save()
    style = client.get("/feed.css").content.decode()
    assert style.index("css/tokens.css") < style.index("accent-205080.css") < style.index("@namespace")
    assert "#fbf9f4" not in style


def test_a_post_without_date_tags_and_series_is_shown(client):
    post = make_post(published_at=None, public_at=None)
    assert client.get(post.path).status_code == 200


def test_neighbour_that_is_the_next_part_of_the_series_is_shown_once(client):
    for number in range(3):
        make_post(f"Part {number}", series="Parts", published_at=now() - timedelta(days=9 - number))
    make_post("Aside", published_at=now() - timedelta(days=1))

    def neighbours(path):
        return [link.get_text() for link in soup(client.get(path)).select(".nextprev a")]

    assert neighbours("/posts/part-1/") == ["Previous part Part 0", "Next part Part 2"]
    assert neighbours("/posts/part-2/") == ["Previous part Part 1", "Later Aside"]


@pytest.mark.parametrize(
    ("body", "teaser"),
    [
        ("# Management\n\nI got into it.[^1]\n\n[^1]: Long ago.", "I got into it."),
        ("```\ncode\n```\n\nThis prints it.", "This prints it."),
        ("## Only a heading", "Only a heading"),
        ("讀者把想法寫在空白處。" * 40, ("讀者把想法寫在空白處。" * 40)[:99] + "…"),
        ("word " * 40, " ".join(["word"] * 30) + "…"),
    ],
)
def test_what_lists_tell_of_a_post_is_its_first_sentences(client, body, teaser):
    make_post("Told", body=body)
    make_post("Newest")
    assert soup(client.get("/")).select_one(".summary").get_text() == teaser


def test_a_search_of_ten_thousand_letters_is_not_repeated_whole(client):
    assert client.get("/search/?q=" + "x" * 10_000).content.count(b"x" * 300) < 10
    assert b"x" * 301 not in client.get("/search/?q=" + "x" * 10_000).content


def test_page_that_is_not_there_gives_no_other_host_as_its_address(client):
    page = client.get("/", PATH_INFO="//evil.example/").content.decode()
    assert "https://evil.example" not in page and "http://evil.example" not in page
