import hashlib
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model

from blog import rendering
from blog.importers.load import load
from blog.importers.records import ImportedEntry, ImportedSite
from blog.models import Alias, Category, File, MenuItem, Page, Post, SiteProfile, Tag
from tests.blog.sites import CONFIG, POST, bring, post_source, write, write_site
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db


def reasons(report):
    return [str(problem) for problem in report.problems]


# What comes in


def test_a_post_comes_in_with_everything_its_file_says(tmp_path):
    report = bring(write_site(tmp_path))
    post = Post.objects.get()
    assert report.ok and report.entries == {"created": 1}
    assert (post.title, post.path, post.draft) == ("First Light", "/posts/first/", False)
    assert post.published_at == post.public_at == datetime(2021, 5, 4, 10, tzinfo=UTC)
    assert post.front_matter + post.body == POST
    assert post.source_path == "posts/first.md"
    assert {tag.name: tag.slug for tag in post.tags.all()} == {"Morning": "morning", "C++": "c++"}
    assert [(c.taxonomy, c.name) for c in post.categories.all()] == [("categories", "Days")]
    assert post.series.name == "Hours"
    assert [alias.path for alias in post.aliases.all()] == ["/old/first/"]


def test_html_text_and_word_count_are_stored(tmp_path):
    bring(write_site(tmp_path))
    post = Post.objects.get()
    assert post.body_html.strip() == "<p>The sun came <em>up</em>.</p>"
    assert (post.text, post.word_count, post.rendered_by) == ("The sun came up.", 4, rendering.VERSION)


def test_rendering_follows_the_options_of_the_site(tmp_path):
    files = {"content/posts/a.md": post_source(body="<b>raw</b>\n")}
    bring(write_site(tmp_path, files, CONFIG + "[markup.goldmark.renderer]\nunsafe = true\n"))
    assert "<b>raw</b>" in Post.objects.get().body_html
    assert SiteProfile.load().markup["unsafe"] is True


def test_links_by_ref_lead_to_the_other_post(tmp_path):
    files = {
        "content/posts/a.md": post_source(body='[on]({{< relref "b.md" >}})\n'),
        "content/posts/b.md": post_source("B", slug="bee"),
    }
    bring(write_site(tmp_path, files))
    assert 'href="/posts/bee/"' in Post.objects.get(title="A Post").body_html


def test_a_feed_reader_sees_the_identity_it_knows(tmp_path):
    bring(write_site(tmp_path))
    assert Post.objects.get().guid == "https://old.example.net/posts/first/"


def test_without_an_old_address_the_identity_is_the_address_here(tmp_path, settings):
    bring(write_site(tmp_path, config='title = "No address"'))
    assert Post.objects.get().guid == f"{settings.SITE_URL}/posts/first/"


def test_a_taxonomy_of_the_site_s_own_is_kept_apart(tmp_path):
    config = CONFIG + '[taxonomies]\ntag = "tags"\ntopic = "topics"\n'
    bring(write_site(tmp_path, {"content/posts/a.md": post_source(topics="[Paper]")}, config))
    category = Category.objects.get()
    assert (category.taxonomy, category.slug) == ("topics", "paper")
    assert list(category.posts.all()) == [Post.objects.get()]


def test_spellings_of_a_tag_with_one_address_are_one_tag(tmp_path):
    files = {
        "content/posts/a.md": post_source(tags="[Go, web]"),
        "content/posts/b.md": post_source("B", tags="[go, Go]"),
    }
    assert bring(write_site(tmp_path, files)).ok
    assert sorted(Tag.objects.values_list("slug", flat=True)) == ["go", "web"]
    assert Tag.objects.get(slug="go").taggings.count() == 2


def test_a_tag_renamed_here_is_found_again_by_its_name(tmp_path):
    tag = Tag.objects.create(name="Golang", slug="go")
    bring(write_site(tmp_path, {"content/posts/a.md": post_source(tags="[golang]")}))
    assert list(Post.objects.get().tags.all()) == [tag]


def test_terms_are_described_by_their_own_pages(tmp_path):
    files = {
        "content/posts/a.md": post_source(tags="[go]"),
        "content/tags/go/_index.md": "---\ntitle: Go\ndescription: A language.\n---\n",
    }
    bring(write_site(tmp_path, files))
    assert Tag.objects.get().description == "A language."


# Authors


def test_an_author_becomes_somebody_who_cannot_log_in(tmp_path):
    bring(write_site(tmp_path))
    author = Post.objects.get().authors.get()
    assert (author.username, author.get_full_name(), author.is_active) == ("ida-marrow", "Ida Marrow", False)
    assert not author.has_usable_password()


@pytest.mark.parametrize("name", [{"username": "Ida Marrow"}, {"first_name": "Ida", "last_name": "Marrow"}])
def test_somebody_of_that_name_is_taken_as_the_author(tmp_path, name):
    user = make_user(**name)
    bring(write_site(tmp_path))
    assert list(Post.objects.get().authors.all()) == [user]
    assert get_user_model().objects.count() == 1


# Running it again


def test_a_second_run_changes_nothing_and_says_so(tmp_path):
    files = {"content/posts/first.md": POST, "content/about.md": "---\ntitle: About\n---\nUs.\n"}
    site = write_site(
        tmp_path, files | {"static/pic.png": b"picture", "content/posts/b/index.md": post_source()}
    )
    bring(site)
    before = (
        list(Post.objects.order_by("pk").values()),
        list(Page.objects.values()),
        list(File.objects.values()),
    )
    report = bring(site)
    assert report.entries == {"unchanged": 3} and report.files == {"unchanged": 1}
    after = (
        list(Post.objects.order_by("pk").values()),
        list(Page.objects.values()),
        list(File.objects.values()),
    )
    assert after == before


def test_a_changed_file_updates_its_post_alone(tmp_path):
    site = write_site(tmp_path, {"content/posts/first.md": POST, "content/posts/b.md": post_source()})
    bring(site)
    old = Post.objects.get(title="First Light")
    changed = (
        POST.replace("First Light", "Second Light").replace('"Morning", ', "").replace("/old/", "/older/")
    )
    write(site / "content/posts/first.md", changed.replace("*up*", "down"))
    report = bring(site)
    post = Post.objects.get(pk=old.pk)
    assert report.entries == {"updated": 1, "unchanged": 1}
    assert (post.title, post.text, post.guid) == ("Second Light", "The sun came down.", old.guid)
    assert [tag.name for tag in post.tags.all()] == ["C++"]
    assert [alias.path for alias in post.aliases.all()] == ["/older/first/"]


def test_a_post_whose_address_changed_is_still_found_at_the_old_one(tmp_path):
    site = write_site(tmp_path)
    bring(site)
    write(site / "content/posts/first.md", POST.replace("+++\nThe", 'slug = "dawn"\n+++\nThe'))
    bring(site)
    assert Post.objects.get().path == "/posts/dawn/"
    assert Alias.objects.filter(path="/posts/first/", post=Post.objects.get()).exists()


def test_another_configuration_renders_again(tmp_path):
    site = write_site(tmp_path, {"content/posts/a.md": post_source(body="<b>raw</b>\n")})
    bring(site)
    write(site / "hugo.toml", CONFIG + "[markup.goldmark.renderer]\nunsafe = true\n")
    assert bring(site).entries == {"updated": 1}
    assert "<b>raw</b>" in Post.objects.get().body_html


def test_a_newer_renderer_renders_again(tmp_path, monkeypatch):
    site = write_site(tmp_path)
    bring(site)
    monkeypatch.setattr(rendering, "VERSION", rendering.VERSION + 1)
    assert bring(site).entries == {"updated": 1}
    assert Post.objects.get().rendered_by == rendering.VERSION


def test_what_was_deleted_here_comes_in_again(tmp_path):
    site = write_site(tmp_path)
    bring(site)
    Post.objects.all().delete()
    assert bring(site).entries == {"created": 1}


def test_a_run_that_broke_off_is_completed_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr("blog.importers.load.BATCH", 2)
    site = write_site(
        tmp_path, {f"content/posts/p{n}.md": post_source(f"P{n}", tags="[x]") for n in range(6)}
    )

    def break_off(path, outcome):
        if path == "posts/p3.md":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(site, progress=break_off)
    assert Post.objects.count() == 4
    assert bring(site).entries == {"unchanged": 4, "created": 2}
    assert bring(site).entries == {"unchanged": 6}


# Edited here


def test_an_entry_edited_here_and_changed_in_its_file_is_not_overwritten(tmp_path):
    site = write_site(tmp_path)
    bring(site)
    post = Post.objects.get()
    post.body = "Written here.\n"
    post.save()
    write(site / "content/posts/first.md", POST.replace("sun", "moon"))
    for _run in range(2):
        report = bring(site)
        assert report.entries == {"left out": 1}
        assert reasons(report) == [
            "posts/first.md: It was changed in this file and edited here (body) since the last import; ours stays."
        ]
    assert Post.objects.get().body == "Written here.\n"


def test_a_tag_added_here_counts_as_an_edit(tmp_path):
    site = write_site(tmp_path)
    bring(site)
    Post.objects.get().tags.add("Ours")
    write(site / "content/posts/first.md", POST.replace("sun", "moon"))
    assert "(tags)" in reasons(bring(site))[0]


def test_an_entry_edited_here_alone_is_left_alone(tmp_path):
    site = write_site(tmp_path)
    bring(site)
    Post.objects.update(title="Ours")
    report = bring(site)
    assert report.ok and report.entries == {"unchanged": 1}
    write(site / "hugo.toml", CONFIG + "[markup.goldmark.renderer]\nunsafe = true\n")
    assert bring(site).entries == {"unchanged": 1}
    assert Post.objects.get().title == "Ours"


def test_the_same_edit_on_both_sides_is_no_conflict(tmp_path):
    site = write_site(tmp_path)
    bring(site)
    Post.objects.update(title="Second Light")
    write(site / "content/posts/first.md", POST.replace("First Light", "Second Light"))
    report = bring(site)
    assert report.ok and report.entries == {"unchanged": 1}
    post = Post.objects.get()
    assert "Second Light" in post.front_matter
    assert (
        post.source_digest
        == hashlib.sha256((site / post.source_root / post.source_path).read_bytes()).hexdigest()
    )


def test_saving_in_a_form_without_an_edit_is_no_edit(tmp_path):
    site = write_site(tmp_path)
    bring(site)
    post = Post.objects.get()
    post.body = post.body.strip().replace("\n", "\r\n")  # what a browser makes of it
    post.save()
    write(site / "content/posts/first.md", POST.replace("sun", "moon"))
    assert bring(site).entries == {"updated": 1}


def test_a_post_moved_here_stays_where_it_is(tmp_path):
    site = write_site(tmp_path)
    bring(site)
    Post.objects.update(path="/elsewhere/")
    make_page(path="/posts/first/")
    report = bring(site)
    assert report.ok and report.entries == {"unchanged": 1}
    assert Post.objects.get().path == "/elsewhere/"


# Addresses


def test_no_post_is_lost_when_an_entry_written_here_has_its_address(tmp_path):
    make_post(path="/posts/first/")
    site = write_site(tmp_path)
    for _run in range(2):
        report = bring(site)
        assert reasons(report) == [
            "posts/first.md: /posts/first/ is the address of a post written here; this is at /posts/first-2/."
        ]
    assert report.entries == {"unchanged": 1}


def test_a_post_gets_its_address_back_when_it_is_free(tmp_path):
    other = make_page(path="/posts/first/")
    site = write_site(tmp_path)
    bring(site)
    other.delete()
    assert bring(site).ok
    assert Post.objects.get().path == "/posts/first/"


@pytest.mark.parametrize(
    ("url", "path"), [("/search/", "/search-2/"), ("/tags/x/", "/tags-2/x/"), ("/", "/home-2/")]
)
def test_an_entry_at_an_address_of_the_site_itself_comes_in_beside_it(tmp_path, url, path):
    report = bring(write_site(tmp_path, {"content/a.md": f"---\ntitle: A\nurl: {url}\n---\nText.\n"}))
    assert Page.objects.get().path == path
    assert reasons(report) == [f"a.md: The site itself answers at {url}; this is at {path}."]


def test_a_page_that_is_nothing_but_a_layout_leaves_its_address_to_the_site(tmp_path):
    report = bring(write_site(tmp_path, {"content/search.md": "---\ntitle: Search\nlayout: search\n---\n"}))
    assert report.ok
    assert [str(remark) for remark in report.remarks] == [
        "search.md: It has no text, and the site's own page is at /search/."
    ]


def test_an_alias_goes_to_the_first_who_asks(tmp_path):
    files = {
        "content/posts/a.md": post_source(aliases="[/old/]"),
        "content/posts/b.md": post_source("B", aliases="[/old/, /posts/a/]"),
    }
    report = bring(write_site(tmp_path, files))
    assert Alias.objects.get(path="/old/").post.title == "A Post"
    assert reasons(report) == [
        "posts/b.md: The alias /old/ belongs to posts/a.md; it was left out.",
        "posts/b.md: The alias /posts/a/ belongs to posts/a.md; it was left out.",
    ]


@pytest.mark.parametrize("batch", [1, 200])
def test_an_entry_has_its_address_though_an_alias_asked_for_it_before(tmp_path, monkeypatch, batch):
    monkeypatch.setattr("blog.importers.load.BATCH", batch)
    files = {"content/posts/a.md": post_source(aliases="[/posts/b/]"), "content/posts/b.md": post_source("B")}
    bring(write_site(tmp_path, files))
    assert Post.objects.get(title="B").path == "/posts/b/"


# Profile and menu


def test_the_profile_is_set_from_the_configuration(tmp_path):
    bring(write_site(tmp_path, config=CONFIG + 'timeZone = "Europe/Berlin"\n'.join(["", ""])))
    profile = SiteProfile.load()
    assert (profile.title, profile.base_url) == ("The Old Place", "https://old.example.net/")


def test_what_an_editor_changed_in_the_profile_stays(tmp_path):
    site = write_site(tmp_path)
    bring(site)
    SiteProfile.objects.update(title="Ours")
    write(site / "hugo.toml", CONFIG.replace("The Old Place", "A New Name").replace("before", "then"))
    bring(site)
    assert (SiteProfile.load().title, SiteProfile.load().tagline) == ("Ours", "Where we lived then")


def test_a_content_folder_alone_does_not_touch_the_profile(tmp_path):
    bring(write_site(tmp_path / "content", {"posts/first.md": POST}, config=""))
    assert Post.objects.get().path == "/posts/first/"
    assert not SiteProfile.objects.exists()


def test_the_menu_comes_along_and_follows_its_pages(tmp_path):
    config = CONFIG + '[[menus.main]]\nname = "All"\nurl = "/archive/"\nweight = 1\n'
    page = "---\ntitle: About\nmenu:\n  main:\n    weight: 2\n---\nUs.\n"
    site = write_site(tmp_path, {"content/about.md": page}, config)
    bring(site)
    bring(site)
    assert SiteProfile.load().menu == [("All", "/archive/"), ("About", "/about/")]
    Page.objects.update(draft=True)
    assert SiteProfile.load().menu == [("All", "/archive/")]


def test_a_menu_changed_here_stays(tmp_path):
    site = write_site(tmp_path, config=CONFIG + '[[menus.main]]\nname = "All"\nurl = "/archive/"\n')
    bring(site)
    MenuItem.objects.update(label="Everything")
    bring(site)
    assert SiteProfile.load().menu == [("Everything", "/archive/")]


# When something is wrong


def test_a_broken_file_is_named_and_the_rest_comes_in(tmp_path):
    files = {"content/posts/first.md": POST, "content/posts/bad.md": "---\ntitle: [\n---\nText\n"}
    report = bring(write_site(tmp_path, files))
    assert [post.title for post in Post.objects.all()] == ["First Light"]
    assert len(report.problems) == 1 and "bad.md" in reasons(report)[0]


def test_a_dry_run_reports_the_same_and_writes_nothing(tmp_path):
    make_post(path="/posts/first/")
    site = write_site(tmp_path, {"content/posts/first.md": POST, "static/a.png": b"a"})
    foretold = bring(site, dry_run=True)
    assert Post.objects.count() == 1 and not Tag.objects.exists() and not File.objects.exists()
    assert not SiteProfile.objects.exists()
    assert bring(site) == foretold


def test_a_text_that_cannot_be_rendered_still_comes_in(tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise RecursionError("too deep")

    monkeypatch.setattr(rendering, "render", fail)
    report = bring(write_site(tmp_path))
    assert Post.objects.get().rendered_by == 0
    assert "posts/first.md: It could not be rendered" in reasons(report)[0]


def test_unknown_shortcodes_are_counted_with_their_lines(tmp_path):
    report = bring(
        write_site(tmp_path, {"content/posts/a.md": post_source(body="One\n\n{{< carousel >}}\n")})
    )
    assert report.ok and report.shortcodes == {"carousel": ["posts/a.md:7"]}


class FakeSource:
    site = ImportedSite()

    def __init__(self, *entries):
        self.given = entries

    def entries(self):
        yield from self.given

    def terms(self):
        return []

    def static_files(self):
        return []

    def source_keys(self):
        return {(entry.source_path, entry.language) for entry in self.given}

    def list_paths(self):
        return []

    list_aliases = home_paths = list_paths

    def all_files(self):
        return []

    def discussions(self):
        return []

    def resolve_ref(self, reference, source_path, language=""):
        return None

    resolve_page = resolve_ref


def make_record(name, **fields):
    at = datetime(2020, 1, 1, tzinfo=UTC)
    values = {"kind": "post", "source_path": name, "language": "", "front_matter": "", "body": "Text.\n"}
    values |= {"markup": "markdown", "title": name, "slug": name, "path": f"/posts/{name}/", "digest": name}
    values |= {"published_at": at, "public_at": at, "modified_at": None, "expires_at": None, "draft": False}
    return ImportedEntry(**values | fields)


def test_two_records_with_one_address_both_come_in():
    report = load(FakeSource(make_record("a"), make_record("b", path="/posts/a/")))
    assert dict(Post.objects.values_list("title", "path")) == {"a": "/posts/a/", "b": "/posts/a-2/"}
    assert reasons(report) == ["b: /posts/a/ is the address of a; this is at /posts/a-2/."]


def test_two_records_never_share_an_identity_in_feeds():
    load(FakeSource(make_record("a", guid="https://old/1"), make_record("b", guid="https://old/1")))
    assert Post.objects.get(title="a").guid == "https://old/1"
    assert Post.objects.get(title="b").guid.endswith("/posts/b/")


def test_what_the_database_refuses_is_left_out_alone():
    too_big = make_record("b", series_order=10**30)
    report = load(FakeSource(make_record("a", tags=("x",)), too_big, make_record("c", tags=("x", "y"))))
    assert sorted(Post.objects.values_list("title", flat=True)) == ["a", "c"]
    assert report.entries == {"created": 2, "left out": 1}
    assert reasons(report)[0].startswith("b: It cannot be stored: ")


def test_a_title_longer_than_its_column_is_cut_and_named():
    report = load(FakeSource(make_record("a", title="x" * 600)))
    assert len(Post.objects.get().title) == 500
    assert reasons(report) == ["a: Its title is too long and was cut."]


def test_many_posts_take_the_same_number_of_statements_as_few(django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        report = load(
            FakeSource(*[make_record(f"p{n}", tags=("x", f"t{n}")) for n in range(150)]), processes=0
        )
    assert report.entries == {"created": 150}


def test_worker_processes_store_the_same_as_one_process(tmp_path):
    files = {f"content/posts/p{n}.md": post_source(f"P{n}", body=f"Number *{n}*.\n") for n in range(70)}
    site = write_site(tmp_path, files)
    from blog.importers import open_source

    load(open_source("hugo", site), processes=2)
    by_workers = dict(Post.objects.values_list("path", "body_html"))
    Post.objects.all().delete()
    bring(site)
    assert dict(Post.objects.values_list("path", "body_html")) == by_workers
