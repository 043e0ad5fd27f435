"""Whatever a Hugo build answers is answered here, at the same path or by one redirect that leads to something."""

import pytest

from blog.models import Alias, Post
from tests.blog.sites import CONFIG, bring, post_source, write_site
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db

TOPICS = CONFIG + '[taxonomies]\ntag = "tags"\ntopic = "topics"\nmood = "moods"\n'


def where(client, path):
    """Where a reader ends up; a second redirect or a missing page is a failure."""
    answer = client.get(path)
    if answer.status_code == 301:
        target = answer["Location"]
        assert client.get(target).status_code == 200, target
        return target
    assert answer.status_code == 200, f"{path} answers {answer.status_code}"
    return path


@pytest.fixture
def moved(tmp_path, client):
    """A Hugo site brought in; asking it for a path tells where it leads."""

    def move(config=TOPICS, **files):
        site = {"content/posts/a.md": post_source(tags="[C++, Two Words]", topics="[Paper]"), **files}
        bring(write_site(tmp_path, site, config))
        return lambda path: where(client, path)

    return move


def test_feeds_of_home_sections_and_terms_lead_to_ours(moved):
    lead = moved()
    assert lead("/index.xml") == "/feed/"
    assert lead("/posts/index.xml") == "/posts/feed/"
    assert lead("/tags/c++/index.xml") == "/tags/c++/feed/"
    assert lead("/tags/two-words/index.xml") == "/tags/two-words/feed/"
    assert lead("/topics/paper/index.xml") == "/topics/paper/feed/"
    assert lead("/tags/index.xml") == "/feed/"


def test_sections_of_nothing_but_sections_are_found_at_addresses_of_authors_too(moved):
    lead = moved(**{"content/authors/admin/_index.md": "---\ntitle: Me\n---\n", "content/a/b/_index.md": ""})
    assert lead("/authors/admin/") == lead("/a/") == lead("/a/b/") == "/archive/"
    assert lead("/authors/index.xml") == lead("/authors/admin/index.xml") == lead("/a/index.xml") == "/feed/"


def test_feeds_of_sections_are_feeds_with_the_identities_they_had(moved, client):
    moved()
    for path in ("/posts/feed/", "/topics/paper/feed/"):
        answer = client.get(path)
        assert answer["Content-Type"].startswith("application/xml")
        assert b"https://old.example.net/posts/a/</guid>" in answer.content
    assert client.get("/posts/feed/json/").json()["items"][0]["id"] == "https://old.example.net/posts/a/"
    assert client.get("/nothing/feed/").status_code == 404


def test_own_taxonomies_have_their_lists(moved, client):
    lead = moved()
    assert lead("/topics/") == "/topics/" and lead("/topics/paper/") == "/topics/paper/"
    assert "Paper" in client.get("/topics/").text and "A Post" in client.get("/topics/paper/").text
    assert lead("/moods/") == "/archive/"
    assert client.get("/topics/other/").status_code == 404


def test_pages_of_lists_that_are_shorter_here_lead_to_the_list(moved):
    lead = moved()
    assert lead("/page/7/") == "/"
    assert lead("/posts/page/1/") == lead("/posts/page/3/") == "/posts/"
    assert lead("/tags/c++/page/2/") == "/tags/c++/"
    assert lead("/topics/paper/page/2/") == "/topics/paper/"


def test_spellings_of_an_address_lead_to_it(moved):
    lead = moved(**{"content/posts/höhe.md": post_source("H", slug="höhe")})
    assert (
        lead("/posts/a")
        == lead("/Posts/A/")
        == lead("/posts/a/index.html")
        == lead("/posts/a.html")
        == "/posts/a/"
    )
    assert lead("/posts/ho\u0308he/").startswith("/posts/h")
    assert lead("/posts/HÖHE/").startswith("/posts/h")
    assert lead("/404.html") == lead("/index.html") == "/"


def test_addresses_below_a_base_path_lead_to_the_lists_here(moved):
    config = TOPICS.replace("old.example.net/", "old.example.net/blog/")
    files = {"static/img/a.png": b"a", "content/posts/c.md": post_source("C", cover="/img/a.png")}
    lead = moved(config=config, **files)
    assert Post.objects.get(title="C").cover == "/blog/img/a.png"
    assert (
        lead("/img/a.png") == "/blog/img/a.png" and lead("/posts/a/") == lead("/posts/a") == "/blog/posts/a/"
    )
    assert lead("/blog/posts/a/") == "/blog/posts/a/"
    assert lead("/blog/tags/c++/") == "/tags/c++/"
    assert lead("/blog/index.xml") == "/blog/feed/"
    assert lead("/blog/tags/index.xml") == "/feed/"
    assert lead("/blog/") == "/blog/" and lead("/blog/page/2/")


def test_addresses_below_a_language_lead_to_the_lists_here(moved):
    config = (
        'defaultContentLanguage = "en"\n'
        + TOPICS
        + "[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n"
    )
    lead = moved(config=config, **{"content/posts/b.de.md": post_source("B", tags="[Rot]")})
    assert lead("/de/posts/b/") == lead("/de/posts/b/")
    assert lead("/de/tags/rot/") == "/tags/rot/"
    assert lead("/de/index.xml") in ("/de/feed/", "/feed/")
    assert lead("/de/") == "/de/"


def test_a_language_without_pages_of_its_own_leads_to_what_is_here(moved):
    config = 'defaultContentLanguage = "en"\n[languages.en]\nweight = 1\n[languages.nl]\nweight = 2\n'
    lead = moved(config=TOPICS.replace("[taxonomies]", f"{config}[taxonomies]"))
    assert lead("/nl/") == "/"
    assert lead("/nl/index.xml") == "/feed/"


def test_marks_of_an_address_are_escaped_when_it_leads_on(moved, client):
    moved(**{"content/posts/b.md": post_source("B", tags='["C#"]')})
    assert client.get("/tags/c%23/index.xml")["Location"] == "/tags/c%23/feed/"
    assert client.get("/tags/c%23/feed/").status_code == 200


def test_terms_that_had_another_address_lead_to_theirs(moved):
    config = TOPICS + '[permalinks.term]\ntags = "/label/:slug/"\n'
    lead = moved(config=config)
    assert lead("/label/two-words/") == "/tags/two-words/"


def test_aliases_of_lists_lead_to_the_lists(moved):
    head = "---\ntitle: Them\naliases: [/before/, beside]\n---\n"
    lead = moved(
        **{
            "content/posts/_index.md": head,
            "content/tags/c++/_index.md": head.replace("before", "cpp"),
            "content/notes/_index.md": head.replace("before", "old-notes").replace(", beside", "")
            + "Text.\n",
            "content/notes/n.md": post_source(),
        }
    )
    assert lead("/before/") == lead("/posts/") == lead("/beside/")
    assert lead("/cpp/") == lead("/tags/beside/") == "/tags/c++/"
    assert lead("/old-notes/") == lead("/notes/")


def test_terms_of_lists_alone_lead_to_all_terms(moved):
    section = "---\ntitle: Them\ntags: [Only Here]\ntopics: [Rare]\n---\n"
    lead = moved(**{"content/posts/_index.md": section})
    assert lead("/tags/only-here/") == "/tags/" and lead("/topics/rare/") == "/archive/"


def test_terms_that_are_only_described_lead_to_all_terms(moved):
    lead = moved(**{"content/tags/coming/_index.md": "---\ntitle: Soon to come\n---\n"})
    assert lead("/tags/coming/") == "/tags/"
    assert lead("/tags/coming/index.xml")


def test_terms_of_posts_that_no_list_shows_lead_to_all_terms(moved):
    lead = moved(**{"content/posts/b.md": post_source(tags="[Rare]", build="{list: never}")})
    assert lead("/tags/rare/") == "/tags/"
    assert lead("/tags/two-words/") == "/tags/two-words/"


def test_authors_of_posts_that_no_list_shows_lead_to_the_archive(moved):
    hidden = post_source(authors="[Ida Marrow]", build="{list: never}")
    files = {"content/posts/b.md": hidden, "content/posts/c.md": post_source("C", authors="[Jo Fell]")}
    lead = moved(config=TOPICS + 'author = "authors"\n', **files)
    assert lead("/authors/ida-marrow/") == "/archive/"
    assert lead("/authors/jo-fell/") == "/authors/jo-fell/"
    assert lead("/authors/") == "/archive/"


LANGUAGES = "[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/blog/de/tags/Rot/index.xml", "/tags/rot/feed/"),
        ("/blog/de/tags/rot/page/1/", "/tags/rot/"),
        ("/blog/de/tags/page/1/", "/archive/"),
        ("/blog/de/posts/page/1/", "/blog/de/posts/"),
        ("/blog/de/posts/b.html", "/blog/de/posts/b/"),
        ("/blog/de/moods/index.xml", "/feed/"),
        ("/blog/de/404.html", "/"),
    ],
)
def test_below_a_base_path_and_a_language_all_is_found_by_one_redirect(moved, old, new):
    config = TOPICS.replace("example.net/", "example.net/blog/").replace(
        "[taxonomies]", f"{LANGUAGES}[taxonomies]"
    )
    lead = moved(config=config, **{"content/posts/b.de.md": post_source("B", tags="[Rot]")})
    assert lead(old) == new


def test_the_first_page_of_no_list_is_not_found(client):
    for path in ("/nothing/page/1/", "/tags/none/page/1/"):
        assert client.get(path).status_code == 404


def test_sections_of_pages_are_listed(moved, client):
    lead = moved(
        **{
            "content/docs/_index.md": "---\ntitle: Docs\n---\n",
            "content/docs/one.md": "---\ntitle: Chapter One\n---\nText",
            "content/docs/two.md": "---\ntitle: Chapter Two\n---\nText",
        }
    )
    assert lead("/docs/") == "/docs/"
    assert "Chapter One" in client.get("/docs/").text
    assert lead("/docs/index.xml")


def test_a_redirect_is_never_one_of_two(client):
    post = make_post("A", path="/posts/a/")
    Alias.objects.create(path="/old/a/", post=post)
    assert (
        where(client, "/old/a")
        == where(client, "/OLD/A/")
        == where(client, "/old/a/index.html")
        == "/posts/a/"
    )


def test_nothing_hidden_is_told(client):
    draft = make_post("D", path="/posts/d/", draft=True)
    Alias.objects.create(path="/old/d/", post=draft)
    for path in (
        "/old/d/",
        "/posts/d",
        "/POSTS/D/",
        "/posts/d/index.html",
        "/posts/feed/",
        "/posts/index.xml",
    ):
        assert client.get(path).status_code == 404


def test_no_address_leads_off_this_site(client):
    make_page("P", path="/evil.example/x/")
    for path in ("//evil.example/x", "//evil.example/x/index.html", "/%2F/evil.example/index.xml"):
        answer = client.get(path)
        assert answer.status_code == 404 or answer["Location"].startswith("/evil"), path


def test_what_nobody_ever_had_stays_missing(client):
    make_post("A")
    for path in ("/wp-login.php", "/nothing/", "/nothing/index.xml", "/page/x/", "/tags/none/", "/.env"):
        assert client.get(path).status_code == 404


def test_a_query_string_goes_along(client):
    make_post("A", path="/posts/a/")
    assert client.get("/posts/a?x=1")["Location"] == "/posts/a/?x=1"


def test_an_old_path_whose_target_is_gone_leads_nowhere(client):
    Alias.objects.create(path="/label/x/", target="/tags/x/")
    assert client.get("/label/x/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/a%00b/", "/a%00b", "/tags/a%00b/", "/posts/a%00b/comment/", "/a%00/feed/"]
)
def test_an_address_that_no_database_could_hold_is_not_found(client, path):
    assert client.get(path).status_code == 404
