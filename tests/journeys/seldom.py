"""Pages that no address alone leads to: answers to forms that go wrong, and what letters and faults lead to."""

from datetime import timedelta

from bs4 import BeautifulSoup
from django.db.utils import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from blog.models import Alias, DraftLink
from comments import letters
from comments.models import Comment, Subscription
from tests.config.test_two_factor import give_password, turn_on
from tests.factories import make_comment, make_editor, make_post

WORDS = "What I wrote,\n\nin two paragraphs."
HOSTILE = "\x01\x0b\x7f\x85\ufdd0 <b>&amp; 👩‍👩‍👦 \u202eevil " + "w" * 90


def seldom_seen(settings, monkeypatch):
    """The pages as bytes, by a name for each."""
    pages = comments_pages(settings) | letter_pages() | login_pages(settings) | fault_pages(monkeypatch)
    return {name: response.content for name, response in (pages | hostile_pages()).items()}


def comments_pages(settings):
    post, client = make_post("Talked about", slug="talked-about", discussion="open"), Client()
    closed = make_post("Closed", slug="closed-too", discussion="closed")
    members = make_post("Among us", slug="members", discussion="members")
    address, said = f"{post.path}comment/", {"author_name": "Ann", "body": WORDS}
    page = BeautifulSoup(client.get(address).content, "html.parser")
    said["stamp"] = page.select_one("form.comment-form [name=stamp]")["value"]
    settings.COMMENT_RULES = {"least_seconds": 0, "flood_seconds": 60}
    own = client.post(address, said)["Location"]
    return {
        "nothing written": client.post(address, {"body": "", "author_name": ""}),
        "preview": client.post(address, said | {"preview": ""}),
        "too many comments": client.post(address, said | {"body": "Another thought."}),
        "own comment": client.get(own),
        "change it": client.get(f"{own}edit/"),
        "change it to nothing": client.post(f"{own}edit/", {"body": ""}),
        "withdraw it": client.get(f"{own}withdraw/"),
        "change it too late": Client().post(f"{own}edit/", {"body": WORDS}),
        "held": client.get(f"{address}?held=1"),
        "closed meanwhile": client.post(f"{closed.path}comment/", said),
        "members only": client.get(f"{members.path}comment/"),
    }


def letter_pages():
    comment = make_comment(status=Comment.Status.PENDING, author_email="ann@example.org")
    asked = Subscription.objects.create(comment=make_comment(), email="ann@example.org")
    confirm = reverse("comments:mail_confirm", args=[letters.token(c=comment.pk)])
    told = reverse("comments:mail_confirm", args=[letters.token(s=asked.pk)])
    stop = reverse("comments:mail_stop", args=[letters.token(s=asked.pk)])
    return {
        "confirm": Client().get(confirm),
        "confirmed": Client().post(confirm),
        "confirm letters": Client().get(told),
        "letters confirmed": Client().post(told),
        "stop": Client().get(stop),
        "stopped": Client().post(stop),
    }


def login_pages(settings):
    client = Client()
    turn_on(make_editor("guarded"))
    wrong = give_password(client, username="guarded", password="wrong")
    give_password(client, username="guarded")
    code, wrong_code = client.get("/login/code/"), client.post("/login/code/", {"otp": "12"})
    settings.AXES_ENABLED = True
    tries = [give_password(Client(), username="guarded", password="wrong") for _number in range(10)]
    settings.AXES_ENABLED = False
    return {"wrong password": wrong, "code": code, "wrong code": wrong_code, "locked out": tries[-1]}


def fault_pages(monkeypatch):
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    post = make_post("Faulty", slug="faulty", discussion="open")
    address, said = f"{post.path}comment/", {"author_name": "Ann", "body": WORDS}
    Alias.objects.create(path="/gone/")
    link = DraftLink.objects.create(
        post=make_post("Not yet", draft=True), expires_at=now() + timedelta(days=1)
    )
    pages = {
        "form of unknown origin": strict.post(address, said, HTTP_ORIGIN="http://testserver"),
        "form of elsewhere": strict.post(address, said, HTTP_ORIGIN="https://evil.example"),
        "not understood": strict.get("/", HTTP_HOST="evil.example"),
        "not found with words": Client().post("/comments/999999/reply/", said),
        "logged out": Client().post(reverse("admin:blog_post_add"), {"title": "Mine", "body": WORDS}),
        "gone": Client().get("/gone/"),
        "draft": Client().get(link.get_absolute_url()),
    }
    for name, error in {"wrong": ValueError(), "unavailable": OperationalError()}.items():
        error.__cause__ = type("Busy", (Exception,), {"sqlite_errorcode": 5})()

        def fail(*_arguments, error=error, **_named):
            raise error

        with monkeypatch.context() as patch:
            patch.setattr("comments.views.CommentCreateView.form_invalid", fail)
            pages[name] = Client(raise_request_exception=False).post(address, said)
    return pages


def hostile_pages():
    post = make_post(
        HOSTILE, slug="hostile", summary=HOSTILE, tags=[HOSTILE[:60]], categories=[HOSTILE], series=HOSTILE
    )
    comment = make_comment(post, author_name=HOSTILE[:90], body=HOSTILE)
    paths = [post.path, "/", "/tags/", "/categories/", "/series/", "/archive/", f"/search/?q={HOSTILE}"]
    paths += [f"{post.path}comment/?quote={HOSTILE}", comment.get_absolute_url(), comment.get_reply_url()]
    return {f"hostile {path.partition('?')[0]}": Client().get(path) for path in paths}
