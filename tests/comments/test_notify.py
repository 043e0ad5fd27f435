"""Who gets which letter, when it leaves, and what happens when it cannot."""

import re
import smtplib
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments import letters, services
from comments.models import Act, Comment, Letter, Opinion, Subscription
from comments.worker import PostOffice, work_off
from tests.factories import make_comment, make_editor, make_page, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_site(settings):
    settings.COMMENT_RULES = {"least_seconds": 0, "flood_seconds": 0}
    settings.SITE_URL = "https://site.example"


@pytest.fixture
def moderator():
    return make_editor(email="Mod@site.example")


def write(target, *, parent=None, user=None, **words):
    given = {"author_name": "Ada", "author_email": "ada@example.org", "author_url": "", "body": "A thought."}
    given |= {"honeypot": "", "seconds_taken": 9, "body": f"Thought {Comment.objects.count()}."}
    return services.submit(target, given | words, parent=parent, user=user, address="")


def follow(comment, email="ada@example.org"):
    return Subscription.objects.create(comment=comment, email=email, confirmed_at=timezone.now())


def sent():
    """What is in the letters that went out, by address; the box is empty afterwards."""
    work_off()
    found = [(message.to[0], message.subject) for message in mail.outbox]
    mail.outbox.clear()
    return found


def link_in(message, about):
    return re.search(rf"https://site\.example(/comments/mail/{about}/\S+)", message.body)[1]


def test_moderators_hear_of_a_comment_that_waits_with_the_way_to_decide(moderator):
    helper = make_user(is_staff=True, email="helper@site.example")
    helper.user_permissions.add(Permission.objects.get(codename="change_comment"))
    make_user(is_staff=True, email="writer@site.example")
    comment = write(make_post("On keeping", discussion="moderated"), body="Let *me* in.")
    assert mail.outbox == []
    work_off()
    assert sorted(message.to[0] for message in mail.outbox) == ["helper@site.example", "mod@site.example"]
    message = mail.outbox[0]
    assert message.subject == "A comment waits: Ada on “On keeping”"
    assert "Let *me* in." in message.body and "every comment is held here" in message.body
    assert f"https://site.example/admin/comments/comment/{comment.pk}/decide/" in message.body


def test_nobody_hears_of_spam(moderator):
    write(make_post(discussion="moderated"), honeypot="x")
    assert sent() == []


def test_authors_hear_of_what_is_published_below_their_texts_but_not_of_their_own(moderator):
    author = make_user(email="author@site.example")
    post = make_post("On keeping", authors=[author, moderator], discussion="open")
    write(post)
    assert sorted(sent()) == [
        ("author@site.example", "Ada on “On keeping”"),
        ("mod@site.example", "Ada on “On keeping”"),
    ]
    write(post, user=author, author_email=author.email)
    assert [to for to, _ in sent()] == ["mod@site.example"]


def test_one_person_gets_one_letter_about_one_comment(moderator):
    post = make_post(authors=[moderator], discussion="moderated")
    parent = make_comment(post)
    follow(parent, "mod@site.example")
    comment = write(post, parent=parent)
    assert len(sent()) == 1
    services.approve(Comment.objects.filter(pk=comment.pk))
    assert sent() == []
    for _ in range(3):
        services.hold(Comment.objects.filter(pk=comment.pk))
        services.approve(Comment.objects.filter(pk=comment.pk))
    assert sent() == []


def test_who_asked_hears_of_replies_at_any_depth_once_they_are_public():
    post = make_post(discussion="open")
    root = make_comment(post, author_email="ada@example.org")
    follow(root)
    middle = make_comment(parent=root, author_email="tom@example.org")
    follow(middle, "tom@example.org")
    reply = write(post, parent=middle, author_name="Eve", author_email="eve@example.org")
    assert sorted(to for to, _ in sent()) == ["ada@example.org", "tom@example.org"]
    write(post, author_name="Eve", author_email="eve@example.org")
    write(post, parent=reply, author_email="ada@example.org")
    assert [to for to, _ in sent()] == ["tom@example.org"]


def test_a_subscription_counts_when_the_address_has_confirmed_it(client):
    post = make_post(discussion="open")
    comment = write(post, notify=True)
    write(post, parent=comment, author_email="eve@example.org")
    work_off()
    [asking] = mail.outbox
    assert asking.to == ["ada@example.org"] and asking.subject.startswith("Please confirm")
    url = link_in(asking, "confirm")
    mail.outbox.clear()
    assert client.get(url).status_code == 200
    assert not Subscription.objects.exclude(confirmed_at=None)
    page = client.post(url).content.decode()
    assert "that is confirmed" in page
    write(post, parent=comment, author_email="eve@example.org", body="Later.")
    assert [to for to, _ in sent()] == ["ada@example.org"]


def test_a_member_who_asked_needs_not_confirm():
    user = make_user(email="ada@example.org")
    comment = write(make_post(discussion="open"), user=user, notify=True)
    assert Subscription.objects.get(comment=comment).is_active
    assert sent() == []


def test_nobody_is_asked_to_confirm_for_a_comment_that_is_not_shown():
    write(make_post(discussion="moderated"), notify=True)
    assert sent() == []
    services.approve(Comment.objects.all())
    assert [to for to, _ in sent()] == ["ada@example.org"]


def test_a_stranger_cannot_have_somebody_flooded_with_requests_to_confirm():
    post = make_post(discussion="open")
    for _ in range(6):
        write(post, notify=True)
    assert len(sent()) == 3


def test_one_button_ends_the_letters_for_mail_programs_too(client):
    post = make_post(discussion="open")
    root = make_comment(post)
    follow(root)
    write(post, parent=root, author_email="eve@example.org")
    work_off()
    [message] = mail.outbox
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = link_in(message, "stop")
    assert message.extra_headers["List-Unsubscribe"] == f"<https://site.example{url}>"
    assert client.get(url).status_code == 200
    assert Subscription.objects.get().is_active
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.get().is_active
    mail.outbox.clear()
    write(post, parent=root, author_email="eve@example.org")
    assert sent() == []


@pytest.mark.parametrize("about", ["confirm", "stop"])
@pytest.mark.parametrize("text", ["post", "page"])
def test_the_link_of_an_old_letter_gives_no_draft_away(client, about, text):
    target = {"post": make_post, "page": make_page}[text](discussion="open")
    follow(make_comment(target))
    url = f"/comments/mail/{about}/{letters.token(s=Subscription.objects.get().pk)}/"
    assert target.title in client.get(url).content.decode()
    target.title, target.draft = "Nobody knows", True
    target.save()
    for answer in (client.get(url), client.post(url), client.get(url)):
        page = answer.content.decode()
        assert answer.status_code == 200
        assert target.title not in page and target.path not in page and "removed" not in page
    assert Subscription.objects.get().is_active is (about == "confirm")


def test_nobody_is_asked_to_confirm_what_was_written_below_a_draft():
    post = make_post(discussion="confirmed")
    comment = write(post)
    services.tasks.tell.func(comment.pk)
    post.unpublish()
    assert sent() == []


@pytest.mark.parametrize("about", ["confirm", "stop"])
def test_a_link_that_was_not_made_here_leads_nowhere(client, about):
    for token in ("x", letters.token(s=999), letters.token(c=999)):
        assert client.get(f"/comments/mail/{about}/{token}/").status_code == 404
        assert client.post(f"/comments/mail/{about}/{token}/").status_code == 404


def test_a_comment_is_shown_when_its_author_has_confirmed_the_address(client, moderator):
    post = make_post(discussion="confirmed")
    comment = write(post, notify=True)
    assert comment.status == "pending"
    work_off()
    [message] = mail.outbox
    assert message.to == ["ada@example.org"]
    url = link_in(message, "confirm")
    client.get(url)
    comment.refresh_from_db()
    assert comment.status == "pending"
    client.post(url)
    comment.refresh_from_db()
    assert (comment.status, comment.status_reason) == ("approved", "")
    assert Subscription.objects.get().is_active
    mail.outbox.clear()
    assert write(post).status == "approved"


def test_a_comment_that_is_held_for_more_stays_held_and_moderators_hear_of_it(client, moderator):
    comment = write(make_post(discussion="confirmed"), body="https://a.example " * 3)
    work_off()
    client.post(link_in(mail.outbox.pop(), "confirm"))
    comment.refresh_from_db()
    assert (comment.status, comment.status_reason) == ("pending", "has more than 2 links")
    assert [to for to, _ in sent()] == ["mod@site.example"]


def test_a_moderator_can_remove_what_its_author_has_not_confirmed_yet(client, moderator):
    comment = write(make_post(discussion="confirmed"))
    work_off()
    url = link_in(mail.outbox[0], "confirm")
    services.remove(Comment.objects.all())
    assert "removed meanwhile" in client.post(url).content.decode()
    comment.refresh_from_db()
    assert comment.status == "removed"


def test_when_a_thread_runs_hot_letters_are_collected(time_machine):
    time_machine.move_to("2026-03-01 12:00Z", tick=False)
    post = make_post(discussion="open")
    root = make_comment(post)
    follow(root)
    for _ in range(7):
        write(post, parent=root, author_email="eve@example.org")
    assert len(sent()) == 1  # three that were due at once, together
    assert Letter.objects.waiting().count() == 4
    time_machine.move_to("2026-03-01 12:59Z", tick=False)
    assert sent() == []
    time_machine.move_to("2026-03-01 13:01Z", tick=False)
    work_off()
    [digest] = mail.outbox
    assert digest.subject == f"4 new comments on “{post}”"
    assert digest.body.count("Thought") == 4
    assert not Letter.objects.waiting().exists()


def test_what_changed_while_a_letter_waited_is_not_told(moderator):
    post = make_post(discussion="moderated")
    comment = write(post)
    services.tasks.tell.func(comment.pk)
    services.remove(Comment.objects.filter(pk=comment.pk))
    assert sent() == []
    assert Letter.objects.get().given_up_at


class Broken:
    """A mail server that fails as many times as it is told to."""

    def __init__(self, monkeypatch, times, error):
        self.left, self.error = times, error
        monkeypatch.setattr("comments.letters.EmailMessage.send", self.send)

    def send(self, *args, **kwargs):
        if self.left:
            self.left -= 1
            raise self.error
        mail.outbox.append(self)
        return 1


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError("no"), smtplib.SMTPServerDisconnected("bye"), TimeoutError()]
)
def test_a_letter_that_cannot_be_sent_is_tried_again_and_not_lost(
    moderator, monkeypatch, time_machine, error
):
    time_machine.move_to("2026-03-01 12:00Z", tick=False)
    Broken(monkeypatch, 2, error)
    comment = write(make_post(discussion="moderated"))
    assert comment.pk
    work_off()
    letter = Letter.objects.get()
    assert (letter.attempts, letter.sent_at) == (1, None)
    assert type(error).__name__ in letter.error
    work_off()
    assert Letter.objects.get().attempts == 1  # not before its time
    time_machine.move_to("2026-03-01 12:02Z", tick=False)
    work_off()
    assert Letter.objects.get().attempts == 2
    time_machine.move_to("2026-03-01 12:08Z", tick=False)
    work_off()
    assert Letter.objects.get().sent_at and len(mail.outbox) == 1


def test_a_server_that_is_not_there_costs_one_attempt_for_all(moderator, monkeypatch):
    make_editor("second", email="second@site.example")
    post = make_post(discussion="moderated")
    write(post)
    opened = []

    def refuse(self):
        opened.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", refuse)
    work_off()
    assert opened == [1]
    assert [letter.attempts for letter in Letter.objects.all()] == [1, 1]


def test_what_never_goes_out_is_given_up_and_can_be_sent_from_the_admin(
    editor_client, monkeypatch, time_machine
):
    start = timezone.now()
    make_editor("mod", email="mod@site.example")
    broken = Broken(monkeypatch, 10**6, OSError("no"))
    write(make_post(discussion="moderated"))
    for day in range(30):
        time_machine.move_to(start + timedelta(days=day), tick=False)
        work_off()
    letter = Letter.objects.get()
    assert letter.given_up_at and not letter.sent_at
    broken.left = 0
    data = {"action": "send_again", "_selected_action": [letter.pk]}
    editor_client.force_login(make_editor("third"))
    editor_client.post("/admin/comments/letter/", data)
    work_off()
    assert Letter.objects.get().sent_at


def test_what_a_worker_had_in_hand_when_it_died_is_taken_up_again(moderator, time_machine):
    start = timezone.now()
    write(make_post(discussion="moderated"))
    task = DBTaskResult.objects.get()
    task.claim("a worker that dies")
    office = PostOffice()
    office.tidy()
    office.work()
    assert mail.outbox == []
    time_machine.move_to(start + timedelta(minutes=3), tick=False)
    office.tidy()
    office.work()
    assert len(mail.outbox) == 1


def test_a_letter_that_was_claimed_by_a_worker_that_died_goes_out_later(moderator, time_machine):
    start = timezone.now()
    comment = write(make_post(discussion="moderated"))
    services.tasks.tell.func(comment.pk)
    assert letters._claim(Letter.objects.get(), timezone.now())
    assert not letters._claim(Letter.objects.get(), timezone.now())
    assert letters.post_due() == 0
    time_machine.move_to(start + timedelta(minutes=11), tick=False)
    assert letters.post_due() == 1


def test_finished_tasks_are_forgotten_after_a_day(time_machine):
    start = timezone.now()
    write(make_post(discussion="open"))
    work_off()
    PostOffice().tidy()
    assert DBTaskResult.objects.count() == 1
    time_machine.move_to(start + timedelta(days=2), tick=False)
    PostOffice().tidy()
    assert DBTaskResult.objects.count() == 0


def test_a_title_or_name_with_a_line_break_makes_no_header(moderator):
    post = make_post("On keeping\r\nBcc: all@example.org", discussion="moderated")
    write(post)
    work_off()
    [message] = mail.outbox
    assert message.message()["Bcc"] is None
    assert "\n" not in message.subject


def test_the_queue_looks_with_two_reads_when_nothing_is_to_be_done(django_assert_num_queries):
    with django_assert_num_queries(2):
        work_off()


def test_akismet_decides_later_and_the_visitor_does_not_wait(settings, monkeypatch, moderator):
    settings.AKISMET_KEY = "key"
    answers = iter([False, True, OSError("down")])

    def answer(*args):
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr("comments.akismet.takes_for_spam", answer)
    post = make_post(discussion="open")
    seen = []
    for _ in range(3):
        comment = write(post)
        assert (comment.status, comment.status_reason) == ("pending", "waits for the opinion of Akismet")
        work_off()
        comment.refresh_from_db()
        seen.append((comment.status, comment.status_reason))
    assert seen == [
        ("approved", ""),
        ("spam", "Akismet takes it for spam"),
        ("pending", "Akismet did not answer: down"),
    ]
    assert [to for to, _ in [(m.to[0], 0) for m in mail.outbox]] == ["mod@site.example"]


class Akismet:
    """Takes for spam what says so, is told of its mistakes, and can be down."""

    def __init__(self):
        self.told, self.is_down = [], False

    def comment_check(self, **told):
        return "spam" in told["comment_content"]

    def submit_spam(self, **told):
        self.tell("spam", told)

    def submit_ham(self, **told):
        self.tell("ham", told)

    def tell(self, what, told):
        if self.is_down:
            raise OSError("down")
        self.told.append((what, told["comment_content"], told["user_ip"], told["user_agent"]))


@pytest.fixture
def service(settings, monkeypatch):
    settings.AKISMET_KEY = "key"
    service = Akismet()
    service.comment_check = lambda **told: SimpleNamespace(value=Akismet.comment_check(service, **told))
    monkeypatch.setattr("comments.akismet._client", lambda: service)
    return service


def asked(words):
    comment = write(make_post(discussion="open"))
    Comment.objects.filter(pk=comment.pk).update(body=words)
    DBTaskResult.objects.update(args_kwargs={"args": [comment.pk, "192.0.2.7", "Browser"], "kwargs": {}})
    work_off()
    DBTaskResult.objects.all().delete()
    return Comment.objects.filter(pk=comment.pk)


def test_akismet_is_told_where_a_moderator_decides_otherwise(service, moderator):
    good, bad, right = asked("Buy spam"), asked("Buy it"), asked("spam")
    assert [found.get().status for found in (good, bad, right)] == ["spam", "approved", "spam"]
    assert service.told == []
    services.approve(good, by=moderator)
    services.spam(bad, by=moderator)
    services.remove(right, by=moderator)
    assert service.told == []  # nobody waits for it
    work_off()
    work_off()
    assert sorted(service.told) == [
        ("ham", "Buy spam", "192.0.2.7", "Browser"),
        ("spam", "Buy it", "192.0.2.7", "Browser"),
    ]


def test_akismet_is_told_when_that_is_undone(service, moderator):
    bad = asked("Buy it")
    services.spam(bad, by=moderator)
    work_off()
    services.undo(Act.objects.filter(user=moderator).latest("pk").batch, by=moderator)
    work_off()
    assert [what for what, *_ in service.told] == ["spam", "ham"]


def test_akismet_is_told_later_when_it_does_not_answer(service, moderator):
    bad = asked("Buy it")
    services.spam(bad, by=moderator)
    service.is_down = True
    work_off()
    service.is_down = False
    work_off()
    assert service.told == []  # not yet
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        work_off()
    assert [what for what, *_ in service.told] == ["spam"]


def test_what_akismet_was_told_is_forgotten_after_a_month(service):
    asked("Buy it")
    office = PostOffice()
    office.tidy()
    assert Opinion.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        office.tidy()
    assert not Opinion.objects.exists()


# In the form


def form_page(client, post, **words):
    from bs4 import BeautifulSoup

    url = f"{post.get_absolute_url()}comment/"
    page = BeautifulSoup(client.get(url).content, "html.parser").find("form", class_="comment-form")
    stamp = page.find("input", {"name": "stamp"})["value"]
    data = {"author_name": "Ada", "author_email": "", "body": "Words.", "stamp": stamp} | words
    return page, client.post(url, data)


def test_the_box_in_the_form_subscribes(client):
    form_page(client, make_post(discussion="open"), author_email="Ada@example.org", notify="on")
    subscription = Subscription.objects.get()
    assert (subscription.email, subscription.is_active) == ("ada@example.org", False)


def test_without_an_address_there_is_nobody_to_tell(client):
    _page, response = form_page(client, make_post(discussion="open"), notify="on")
    assert "an e-mail address is needed" in response.content.decode()
    assert not Comment.objects.exists()


def test_where_addresses_are_confirmed_the_form_asks_for_one(client):
    page, response = form_page(client, make_post(discussion="confirmed"))
    assert page.find("input", {"name": "author_email"}).has_attr("required")
    assert not Comment.objects.exists()
    _page, response = form_page(client, make_post(discussion="confirmed"), author_email="ada@example.org")
    assert "a letter is on its way" in client.get(response.url).content.decode()


def test_a_member_without_address_is_not_offered_letters(client):
    client.force_login(make_user())
    page, _response = form_page(client, make_post(discussion="open"))
    assert page.find("input", {"name": "notify"}) is None
