"""HTML in a text is a right of its own: whoever has it not can neither bring a tag in nor change what a script says."""

import pytest
from django.contrib.auth.models import Group
from hypothesis import given
from hypothesis import strategies as st

from blog.models import Post, SiteProfile
from blog.raw_html import added
from blog.rendering import Options
from tests.blog.test_admin import change, send
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
    SiteProfile(markup={"unsafe": True}).save()


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


def test_markdown_is_no_html():
    assert added(PLAIN, "markdown", [], TRUSTING) is None
    assert added("{{< youtube abc >}}\n\n```html\n<script>\n```\n", "markdown", [], TRUSTING) is None


def test_where_the_site_omits_html_anyway_nobody_is_refused():
    assert added(SCRIPT, "markdown", [], CAUTIOUS) is None
    assert added(SCRIPT, "html", [], CAUTIOUS) == SCRIPT


@given(st.text(alphabet="<>/ab\"'=! -\n`[]()&;:*_", max_size=60))
def test_what_is_said_to_have_no_tags_is_the_same_to_a_cautious_site(text):
    from blog.rendering import render

    if added(text, "markdown", [], TRUSTING) is None and "<!" not in text:
        assert render(text, options=TRUSTING).html == render(text, options=CAUTIOUS).html
