"""HTML in a text is a right of its own: whoever has it not can neither bring a tag in nor change what a script says."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group
from hypothesis import given
from hypothesis import strategies as st

from blog.models import Post, Revision, SiteProfile
from blog.raw_html import added
from blog.rendering import Options
from tests.blog.test_admin import ADD, change, form_of, send
from tests.factories import make_post, make_user

TRUSTING, CAUTIOUS = Options(unsafe=True), Options()
SCRIPT = "<script>alert(1)</script>"
PLAIN = "# A walk\n\n*Wide* [moor](https://example.org/?a=1&b=2) <https://example.org> `<b>`\n\n- [x] done\n\n> a < b\n"


def member(name):
    person = make_user(is_staff=True)
    person.groups.add(Group.objects.get(name=name))
    return person


@pytest.fixture
def site(db):
    SiteProfile(markup={"unsafe": True, "passthrough": True, "passthrough_block": [["$$", "$$"]]}).save()


@pytest.fixture(params=["author", "editor"])
def person(request, site, client):
    person = member(request.param)
    client.force_login(person)
    return person


@pytest.mark.parametrize(
    "fields",
    [
        {"body": f"Words.\n\n{SCRIPT}\n"},
        {"body": "Words <b onclick=alert(1)>here</b>."},
        {"body": "[Here](javascript:alert(1))"},
        {"body": "{{% details %}}<iframe src=//example.org></iframe>{{% /details %}}"},
        {"body": "{{< mine >}}<b onclick=alert(1)>Words.</b>{{< /mine >}}"},
        {"body": "{{< one >}}{{% two %}}<b>Words.</b>{{% /two %}}{{< /one >}}"},
        {"body": '[Here]({{< mine >}}" onclick="alert(1){{< /mine >}})'},
        {"body": "[Here]({{< mine >}}javascript:alert(1){{< /mine >}})"},
        {"body": "$$<b onclick=alert(1)>$$"},
        {"body": "<p>Words.</p>", "markup": "html"},
    ],
)
def test_tags_are_an_editor_s_and_not_an_author_s(client, person, fields):
    post = make_post(body="Old.", authors=[person])
    response = send(client, change(post), **fields, _update="")
    post.refresh_from_db()
    if person.groups.get().name == "editor":
        assert (response.status_code, post.body) == (302, fields["body"])
    else:
        assert "HTML takes a right that you do not have: &lt;" in response.content.decode()
        assert response.context["adminform"].form["body"].value() == fields["body"]
        assert post.body == "Old."


def test_an_author_changes_the_words_around_tags_that_are_there(client, site):
    author = member("author")
    client.force_login(author)
    post = make_post(body=f"Old.\n\n{SCRIPT}\n\n<kbd>A</kbd>\n", authors=[author])
    assert (
        send(client, change(post), body=f"New.\n\n{SCRIPT}\n\n<kbd>B</kbd>\n", _save_draft="").status_code
        == 302
    )
    later = send(client, change(post), body=f"New.\n\n{SCRIPT}\n\n<kbd>B</kbd> <kbd>C</kbd>\n", _update="")
    assert "&lt;kbd&gt;" in later.content.decode()
    other = send(client, change(post), body=SCRIPT.replace("1", "2"), _update="")
    assert "&lt;script&gt;alert(2)" in other.content.decode()


def test_a_first_draft_is_looked_at_too(client, site):
    client.force_login(member("author"))
    response = send(client, "/admin/blog/post/add/", title="A", body=SCRIPT, _save_draft="")
    assert response.status_code == 200
    assert not Post.objects.exists()


def test_an_old_state_with_tags_is_restored_by_an_editor_and_not_by_an_author(client, site):
    author, editor = member("author"), member("editor")
    post = make_post(body="Old.", authors=[author])
    for person, body in ((editor, SCRIPT), (author, "Without."), (author, "Words alone.")):
        client.force_login(person)
        assert send(client, change(post), body=body, _update="").status_code == 302
    with_tags, without = post.revisions.get(state__body=SCRIPT), post.revisions.get(state__body="Without.")
    refused = client.post(f"/admin/blog/post/{post.pk}/history/", {"restore": with_tags.pk}, follow=True)
    assert "Nothing is restored. HTML takes a right that you do not have: &lt;script&gt;" in refused.text
    client.post(f"/admin/blog/post/{post.pk}/history/", {"restore": without.pk})
    assert post.revisions.get(is_pending=True).state["body"] == "Without."
    client.force_login(editor)
    client.post(f"/admin/blog/post/{post.pk}/history/", {"restore": with_tags.pk})
    assert post.revisions.get(is_pending=True).state["body"] == SCRIPT
    client.force_login(author)  # whom it is no longer new to
    assert send(client, change(post), body=f"More.\n\n{SCRIPT}", _update="").status_code == 302


@pytest.mark.parametrize("is_new", [True, False])
def test_while_it_is_typed_it_is_kept_for_its_writer_and_seen_by_nobody_else(client, site, is_new):
    author = member("author")
    client.force_login(author)
    post = None if is_new else make_post(body="Old.", authors=[author])
    answer = client.post(
        "/admin/blog/post/autosave/",
        {
            **form_of(client, change(post) if post else ADD),
            "body": f"Many words. {SCRIPT}",
            "entry": post.pk if post else "",
        },
    ).json()
    assert "HTML takes a right" in answer["newer"]
    kept = Revision.objects.get(kind="autosave")
    assert kept.typed["body"] == [f"Many words. {SCRIPT}"]
    assert SCRIPT not in kept.state["body"]
    page = client.get(change(post) if post else ADD)
    assert "Many words. &lt;script&gt;" in page.text
    again = form_of(client, (change(post) if post else ADD) + f"?autosave={kept.pk}")
    assert again["body"].strip() == f"Many words. {SCRIPT}"


def test_what_is_refused_is_not_said_to_be_saved_because_somebody_else_saved(client, site):
    author = member("author")
    client.force_login(author)
    post = make_post(body="Old.", authors=[author])
    form = form_of(client, change(post))
    assert send(client, change(post), body="Newer.", _update="").status_code == 302
    answer = client.post(change(post), {**form, "body": f"Mine. {SCRIPT}", "_update": ""})
    assert answer.status_code != 302
    assert "Mine. &lt;script&gt;" in answer.content.decode()


def test_markdown_is_no_html():
    assert added(PLAIN, "markdown", [], TRUSTING) is None
    assert added("{{< youtube abc >}}\n\n```html\n<script>\n```\n", "markdown", [], TRUSTING) is None
    of_shortcodes = (
        "{{< mine >}}Words{{< /mine >}} {{% details %}}*Words*{{% /details %}}\n\n[x]({{< ref `a` >}})\n"
    )
    assert added(of_shortcodes, "markdown", [], TRUSTING) is None
    formulas = replace(TRUSTING, passthrough=True, passthrough_block=(("$$", "$$"),))
    assert added("$$a < b > c$$", "markdown", [], formulas) is None


def test_what_a_shortcode_lets_through_counts_where_the_site_omits_html():
    assert added("{{< mine >}}<b>Words.</b>{{< /mine >}}", "markdown", [], CAUTIOUS) == "<b>"


def test_where_the_site_omits_html_anyway_nobody_is_refused():
    assert added(SCRIPT, "markdown", [], CAUTIOUS) is None
    assert added(SCRIPT, "html", [], CAUTIOUS) == SCRIPT


@given(st.text(alphabet="<>/ab\"'=! -\n`[]()&;:*_", max_size=60))
def test_what_is_said_to_have_no_tags_is_the_same_to_a_cautious_site(text):
    from blog.rendering import render

    if added(text, "markdown", [], TRUSTING) is None and "<!" not in text:
        assert render(text, options=TRUSTING).html == render(text, options=CAUTIOUS).html
