"""Author, editor, moderator: what each may open and do, at every address of the admin that is ours."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from blog.models import (
    Alias,
    Category,
    FeedReader,
    File,
    MissingPath,
    Page,
    Picture,
    Post,
    Series,
    SiteProfile,
    Tag,
)
from blog.roles import ROLES
from comments.models import Act, Comment, Letter, Rule
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db
OPEN, SENT_ON = 200, 302

# Addresses of no model's own, and who may open them. What is not named here is nobody's but a superuser's.
PLACES = {
    "index": {"author", "editor", "moderator"},
    "password_change": {"author", "editor", "moderator"},
    "password_change_done": {"author", "editor", "moderator"},
    "jsi18n": {"author", "editor", "moderator"},
    "blog_tag_names": {"author", "editor"},
    "blog_siteprofile_move": {"editor"},
    "blog_picture_list": {"author", "editor"},
    "blog_picture_follow": {"author", "editor"},
    "comments_comment_paste": {"editor", "moderator"},
    "comments_comment_decide": {"editor", "moderator"},
}
# The lists, forms and pages of a model: who may open which.
EDITOR, MODERATORS = {"editor"}, {"editor", "moderator"}
WRITING = ("changelist", "add", "change", "delete", "history", "links", "autosave", "put_away", "logged_in")
MODELS = {
    "post": dict.fromkeys(WRITING, {"author", "editor"}),
    "page": dict.fromkeys(WRITING, EDITOR),
    "tag": dict.fromkeys(("changelist", "add", "change", "delete", "history"), EDITOR),
    "category": dict.fromkeys(("changelist", "add", "change", "delete", "history"), EDITOR),
    "series": dict.fromkeys(("changelist", "add", "change", "delete", "history"), EDITOR),
    "alias": dict.fromkeys(("changelist", "add", "change", "delete", "history"), EDITOR),
    "missingpath": dict.fromkeys(("changelist", "change", "delete", "history"), EDITOR),
    "picture": dict.fromkeys(("changelist", "add", "change", "delete", "history"), {"author", "editor"}),
    "file": dict.fromkeys(("changelist", "change", "delete", "history"), EDITOR),
    "feedreader": dict.fromkeys(("changelist", "change", "delete", "history"), EDITOR),
    "siteprofile": dict.fromkeys(("changelist", "change", "history"), EDITOR),
    "comment": dict.fromkeys(("changelist", "change", "delete", "history"), MODERATORS),
    "rule": dict.fromkeys(("changelist", "add", "change", "delete", "history"), MODERATORS),
    "act": dict.fromkeys(("changelist", "change", "history"), MODERATORS),
    "letter": dict.fromkeys(("changelist", "change", "history"), MODERATORS),
}


def make_person(role):
    person = make_user(is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    return person


@pytest.fixture
def person(request, client):
    person = make_person(request.param)
    client.force_login(person)
    return person


def things(author):
    """One row of each kind; the post is the author's."""
    post = make_post(authors=[author])
    comment = make_comment(post)
    made = {
        Post: post,
        Page: make_page(),
        Tag: Tag.objects.create(name="A"),
        Category: Category.objects.create(name="A"),
        Series: Series.objects.create(name="A"),
        Alias: Alias.objects.create(path="/old/", post=post),
        MissingPath: MissingPath.objects.create(path="/gone/", count=1, seen_at=timezone.now()),
        File: File.objects.create(path="/a.txt", file=ContentFile(b"a", "a.txt")),
        Picture: Picture.objects.create(
            address="/media/a.png", name="a.png", digest="a", width=1, height=1, size=1, added_by=author
        ),
        FeedReader: FeedReader.objects.create(name="A", path="/feed/", subscribers=1, seen_at=timezone.now()),
        SiteProfile: SiteProfile.objects.get_or_create(pk=1)[0],
        Comment: comment,
        Rule: Rule.objects.create(kind=Rule.Kind.NAME, value="a"),
        Act: Act.objects.create(comment=comment, deed=Act.Deed.APPROVE, after="approved"),
        Letter: Letter.objects.create(
            comment=comment, kind=Letter.Kind.choices[0][0], recipient="a@example.org"
        ),
    }
    return {model._meta.model_name: thing.pk for model, thing in made.items()}


def addresses(rows):
    """Every address of the admin below blog/ and comments/: (name, address)."""
    for model, site in admin.site._registry.items():
        if model._meta.app_label not in ("blog", "comments"):
            continue
        for pattern in site.urls:
            if pattern.name:
                yield pattern.name, reverse_any(pattern.name, rows[model._meta.model_name])


def reverse_any(name, pk):
    for arguments in ([], [pk]):
        try:
            return reverse(f"admin:{name}", args=arguments)
        except NoReverseMatch:
            continue
    return None


def may_open(role, name):
    app, _underscore, rest = name.partition("_")
    model, _underscore, page = rest.partition("_")
    return role in PLACES.get(name, MODELS.get(model, {}).get(page, ()))


@pytest.mark.parametrize("person", ROLES, indirect=True)
def test_each_role_opens_what_its_name_says_and_nothing_else(client, person):
    role = person.groups.get().name
    asked = 0
    for name, address in addresses(things(person)):
        if address is None:
            continue
        status = client.get(address).status_code
        expected = {OPEN, SENT_ON} if may_open(role, name) else {403, 405}  # one list leads to its only form
        assert status in expected, f"{role}: {address} answers {status}"
        asked += 1
    assert asked > 60


@pytest.mark.parametrize("person", ["moderator", "author"], indirect=True)
def test_what_may_not_be_opened_takes_no_post_either(client, person):
    role = person.groups.get().name
    for name, address in addresses(things(person)):
        if address is None or may_open(role, name) or name in ("blog_upload", "blog_preview"):
            continue
        status = client.post(address, {"post": "yes", "action": "delete_selected"}).status_code
        assert status in (403, 405), f"{role}: {address} answers {status}"


def test_visitors_are_sent_to_the_login_from_everywhere(client):
    for _name, address in addresses(things(make_user())):
        answer = address and client.get(address)
        assert not answer or answer.status_code in (403, 405) or "/login/" in answer["Location"], address


@pytest.mark.parametrize("person", ROLES, indirect=True)
def test_nobody_but_a_superuser_looks_after_people(client, person):
    for address in ("/admin/auth/user/", "/admin/auth/group/", f"/admin/auth/user/{person.pk}/change/"):
        assert client.get(address).status_code == 403


def test_every_model_of_the_admin_is_in_the_table():
    ours = {m._meta.model_name for m in admin.site._registry if m._meta.app_label in ("blog", "comments")}
    assert ours == set(MODELS)


# An author's own, and others'


@pytest.fixture
def author(client):
    author = make_person("author")
    client.force_login(author)
    return author


def test_an_author_finds_their_own_posts_only(client, author):
    make_post("Mine", authors=[author], draft=True)
    make_post("Hers", authors=[make_user()], draft=True)
    for page in (client.get("/admin/blog/post/"), client.get("/admin/")):
        assert "Mine" in page.text and "Hers" not in page.text


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_another_s_post_is_closed_to_an_author(client, author, page):
    hers = make_post(authors=[make_user()])
    address = f"/admin/blog/post/{hers.pk}/{page}/"
    assert client.get(address).status_code == 403
    assert client.post(address, {"title": "Mine", "post": "yes"}).status_code == 403
    assert Post.objects.get(pk=hers.pk).title == hers.title


@pytest.mark.parametrize("action", ["publish", "unpublish", "close_discussion", "delete_selected"])
def test_no_action_of_an_author_reaches_another_s_post(client, author, action):
    hers = make_post(authors=[make_user()], draft=action == "publish")
    before = Post.objects.filter(pk=hers.pk).values().get()
    client.post("/admin/blog/post/", {"action": action, "_selected_action": [hers.pk], "post": "yes"})
    assert Post.objects.filter(pk=hers.pk).values().get() == before


def test_another_s_draft_is_not_shown_to_an_author_and_their_own_is(client, author):
    mine, hers = make_post(authors=[author], draft=True), make_post(authors=[make_user()], draft=True)
    assert client.get(mine.path).status_code == 200
    assert client.get(hers.path).status_code == 404


def test_what_an_author_writes_is_theirs_whatever_the_form_says(client, author):
    other = make_user(is_staff=True)
    client.post(
        "/admin/blog/post/add/",
        {"title": "New", "body": "x", "markup": "markdown", "authors": [other.pk], "draft": "on"},
    )
    assert list(Post.objects.get().authors.all()) == [author]


def test_an_author_cannot_give_a_post_to_others(client, author):
    mine = make_post("Mine", authors=[author])
    page = client.get(f"/admin/blog/post/{mine.pk}/change/").text
    assert 'name="authors"' not in page


def test_an_author_deletes_their_own_post_with_its_discussion(client, author):
    mine = make_post(authors=[author])
    make_comment(mine)
    Alias.objects.create(path="/older/", post=mine)
    assert client.post(f"/admin/blog/post/{mine.pk}/delete/", {"post": "yes"}).status_code == SENT_ON
    assert not Post.objects.exists() and not Comment.objects.exists()


def test_the_preview_knows_nothing_of_another_s_post(client, author):
    hers = make_post(authors=[make_user()], path="/hers/")
    answer = client.post("/admin/blog/post/preview/", {"content": "[x](y)", "entry": f"post:{hers.pk}"})
    assert "hers" not in answer.json()["html"]


def test_an_editor_edits_everybody_s(client):
    client.force_login(make_person("editor"))
    post = make_post("Hers", authors=[make_user()])
    page = client.get(f"/admin/blog/post/{post.pk}/change/")
    assert page.status_code == OPEN and 'name="authors"' in page.text


def test_the_groups_are_given_their_rights_again(django_user_model):
    from blog import roles

    group = Group.objects.get(name="moderator")
    before = set(group.permissions.values_list("codename", flat=True))
    group.permissions.clear()
    roles.keep()
    assert set(group.permissions.values_list("codename", flat=True)) == before
    assert "change_comment" in before and not any("post" in name for name in before)


def test_a_moderator_is_not_offered_what_is_not_public_yet(client):
    client.force_login(make_person("moderator"))
    make_post("Secret plans", draft=True), make_post("Known to all")
    page = client.get("/admin/comments/comment/paste/").text
    assert "Known to all" in page and "Secret plans" not in page
