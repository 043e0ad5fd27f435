"""Mail by a real SMTP server: what arrives there, and what happens while it refuses or is not there."""

import socket
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.test import Client

from comments.models import Comment, Letter
from comments.worker import work_off
from tests.comments.test_notify import follow, write
from tests.factories import make_comment, make_editor, make_post

pytestmark = pytest.mark.django_db(transaction=True)


class Server:
    """Takes mail; ``refusals`` are the answers it gives first to whom it names."""

    def __init__(self):
        self.arrived, self.refusals, self.hangs_up_on, self.controller = [], {}, "", None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        if self.controller:
            self.controller.stop()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802, the library's name
        if waiting := self.refusals.get(address):
            return waiting.pop()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802, the library's name
        if self.hangs_up_on in envelope.rcpt_tos:
            server.transport.close()
            return "421 Bye"
        self.arrived += [
            (to, message_from_bytes(envelope.content, policy=policy.default)) for to in envelope.rcpt_tos
        ]
        return "250 OK"

    @property
    def recipients(self):
        return [to for to, _message in self.arrived]


@pytest.fixture
def server(settings):
    server = Server()
    settings.COMMENT_RULES = {"least_seconds": 0, "flood_seconds": 0}
    settings.SITE_URL = "https://site.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.stop()


def test_a_letter_about_a_reply_can_be_ended_with_one_click_of_a_mail_program(server):
    server.start()
    mine = make_comment(make_post("Über das Aufheben", discussion="open"), author_email="ada@example.org")
    subscription = follow(mine)
    reply = write(mine.target, parent=mine, author_name="Zoë 🐝", author_email="zoe@example.org")
    work_off()
    [(to, message)] = server.arrived
    assert to == "ada@example.org" and message["To"] == to
    assert "Zoë 🐝" in message["Subject"] and "Über das Aufheben" in message["Subject"]
    assert reply.body in message.get_content()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message["List-Unsubscribe"].strip(" <>")
    assert address.startswith("https://site.example/")
    path = address.removeprefix("https://site.example")
    program = Client(enforce_csrf_checks=True)
    assert program.get(path).status_code == 200
    subscription.refresh_from_db()
    assert subscription.is_active
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    subscription.refresh_from_db()
    assert not subscription.is_active
    write(mine.target, parent=mine, author_name="Tom", author_email="tom@example.org")
    work_off()
    assert len(server.arrived) == 1


def test_who_is_refused_for_now_is_written_to_later_and_once_and_nobody_else_waits(server, time_machine):
    for name in ("one", "two", "three"):
        make_editor(name, email=f"{name}@site.example")
    server.refusals = {"two@site.example": ["451 Try again", "450 Greylisted"]}
    server.start()
    time_machine.move_to("2026-03-01 12:00Z", tick=False)
    write(make_post(discussion="moderated"))
    work_off()
    assert sorted(server.recipients) == ["one@site.example", "three@site.example"]
    waiting = Letter.objects.get(sent_at=None)
    assert waiting.attempts == 1 and "Greylisted" in waiting.error
    for minute in (2, 8, 60, 600):
        time_machine.move_to(f"2026-03-01 {12 + minute // 60:02}:{minute % 60:02}Z", tick=False)
        work_off()
    assert sorted(server.recipients) == ["one@site.example", "three@site.example", "two@site.example"]
    assert not Letter.objects.filter(sent_at=None).exists()


@pytest.mark.parametrize("how", ["hangs up", "says goodbye"])
def test_a_mail_at_which_the_server_hangs_up_takes_no_other_with_it(server, how):
    for name in ("one", "two", "three"):
        make_editor(name, email=f"{name}@site.example")
    if how == "hangs up":
        server.hangs_up_on = "two@site.example"
    else:
        server.refusals = {"two@site.example": ["421 Too many errors, goodbye"]}
    server.start()
    write(make_post(discussion="moderated"))
    work_off()
    work_off()
    assert sorted(server.recipients) == ["one@site.example", "three@site.example"]
    assert {letter.recipient: letter.attempts for letter in Letter.objects.all()} == {
        "one@site.example": 0,
        "two@site.example": 1,
        "three@site.example": 0,
    }


def test_a_visitor_notices_nothing_of_a_mail_server_that_is_not_there(server, client, time_machine):
    time_machine.move_to("2026-03-01 12:00Z", tick=False)
    make_editor(email="mod@site.example")
    post = make_post(discussion="moderated")
    page = f"{post.path}comment/"
    stamp = client.get(page).context["form"]["stamp"].value()
    words = {"author_name": "Ada", "body": "Is anybody there?", "stamp": stamp}
    assert client.post(page, words).status_code == 302
    assert Comment.objects.get().body == "Is anybody there?"
    work_off()
    assert Letter.objects.get().sent_at is None
    server.start()
    time_machine.move_to("2026-03-01 12:03Z", tick=False)
    work_off()
    assert server.recipients == ["mod@site.example"]
