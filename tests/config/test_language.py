"""The site speaks the language of its profile, all of it: no sentence on a reader's page is left behind in English."""

import ast
import errno
import gettext
import io
import re
import shutil
import subprocess
from datetime import UTC, datetime
from fnmatch import fnmatch

import pytest
from django.conf import settings
from django.core import mail
from django.utils.translation import get_language
from django.utils.translation.template import templatize

from blog.models import SiteProfile
from comments import letters, moderation
from comments.models import CommentPolicy, Letter
from config.language import spoken
from tests.factories import make_comment, make_editor, make_page, make_post, make_user

BASE = settings.BASE_DIR
LANGUAGES = sorted(folder.name for folder in (BASE / "locale").iterdir())
DAY = datetime(2026, 3, 14, 10, 12, tzinfo=UTC)
# What of the code speaks to readers; the rest speaks to whoever writes and looks after the site.
CODE = ["blog/feeds.py", "blog/page_html.py", "blog/sections.py", "blog/search/hits.py", "blog/views.py"]
CODE += ["comments/discussion.py", "comments/feeds.py", "comments/forms.py", "comments/letters.py"]
CODE += ["comments/templatetags/comments.py", "config/faults.py", "config/login.py"]
# Names that are the same everywhere.
NAMES = {"RSS", "Atom", "JSON"}


def templates(*endings):
    ignored = re.search(r"NOT_FOR_READERS :=((?:.*\\\n)*.*)", (BASE / "Makefile").read_text())[1]
    patterns = ignored.replace("\\", " ").split()
    for path in sorted((BASE / "templates").rglob("*")):
        name = path.relative_to(BASE).as_posix()
        if path.suffix in endings and not any(fnmatch(name, pattern) for pattern in patterns):
            yield name, path.read_text()


def words_of_code(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name, texts = node.func.id, [each.value for each in node.args if isinstance(each, ast.Constant)]
            if name in ("_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"):
                yield texts[0]
            elif name in ("pgettext", "pgettext_lazy", "npgettext"):
                yield f"{texts[0]}\x04{texts[1]}"


def words_of_template(source):
    for found in re.finditer(
        r"""\bn?gettext\(u?(['"])(.*?)(?<!\\)\1\s*[,)]""", templatize(source), re.DOTALL
    ):
        yield ast.literal_eval(f'"""{found[2]}"""' if found[1] == '"' else f"'''{found[2]}'''")


def readers_words():
    for name in CODE:
        yield from ((name, text) for text in words_of_code((BASE / name).read_text()))
    for name, source in templates(".html", ".txt", ".css", ".xml"):
        yield from ((name, text) for text in words_of_template(source))


def catalogue(language):
    with open(BASE / "locale" / language / "LC_MESSAGES" / "django.mo", "rb") as file:
        return gettext.GNUTranslations(file)._catalog


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_for_readers_is_translated(language):
    """Mend with ``make messages``, which collects what is new, and a translation of it."""
    known = catalogue(language)
    missing = [(name, text) for name, text in readers_words() if text not in known and (text, 0) not in known]
    assert not missing


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_the_translators(language):
    source = BASE / "locale" / language / "LC_MESSAGES" / "django.po"
    command = ["msgfmt", "--check", "--output-file=-", str(source)]
    compiled = subprocess.run(command, capture_output=True, check=True).stdout
    assert gettext.GNUTranslations(io.BytesIO(compiled))._catalog == catalogue(language), "run make messages"


def test_no_template_for_readers_has_words_of_its_own():
    found = {}
    for name, source in templates(".html", ".txt"):
        left = re.sub(r"{% (blocktranslate|comment)\b.*?{% end\1 %}", "", source, flags=re.DOTALL)
        left = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", left, flags=re.DOTALL)
        said = re.findall(r"""\b(?:alt|aria-label|placeholder|title|value)="([^"]*)\"""", left)
        left = re.sub(r"<[^>]*>|&\w+;|\bdata-\w+=", " ", left)
        words = set(re.findall(r"[^\W\d_]{2,}", " ".join([left, *said]))) - NAMES
        if words:
            found[name] = words
    assert not found


# What a reader gets


@pytest.fixture
def german(db):
    SiteProfile(title="Ränder", language="de-AT", comment_policy=CommentPolicy.CONFIRMED).save()
    ada = make_user("ada", first_name="Ada")
    post = make_post(
        "Am Rand", slug="am-rand", tags=["eins"], authors=[ada], published_at=DAY, body="Erst.\n\n## Zwei"
    )
    make_page("Über", path="/ueber/")
    make_comment(parent=make_comment(post, author_name="Tom"), author_name="Lin")
    return post


PAGES = {
    "/": "Weiterlesen",
    "/posts/am-rand/": "Diskussion",
    "/tags/": "Schlagwörter",
    "/tags/eins/": "1 Beitrag",
    "/archive/": "Archiv",
    "/authors/ada/": "Autor",
    "/search/?q=rand": "1 Treffer",
    "/subscribe/": "In drei Schritten",
    "/posts/am-rand/comment/": "Ihre Website",
    "/not/here/": "Unter dieser Adresse ist nichts",
    "/login/": "Anmelden",
    "/comments/feed/": "Die neuesten Kommentare",
    "/feed.css": "Dies ist ein Feed",
}


def test_pages_that_say_what_went_wrong_do_too_even_when_the_profile_cannot_be_read(
    client, german, monkeypatch
):
    def fails(error):
        def load(*_arguments):
            raise error

        return load

    client.raise_request_exception = False
    assert client.get("/subscribe/").status_code == 200
    monkeypatch.setattr("config.views.absolute", fails(ZeroDivisionError()))
    page = client.get("/robots.txt")
    assert (page.status_code, '<html lang="de">' in page.content.decode()) == (500, True)
    assert "Bei uns ist etwas schiefgegangen" in page.content.decode()
    monkeypatch.setattr(SiteProfile, "load", fails(OSError(errno.ENOSPC, "")))
    page = client.get("/subscribe/")
    assert (page.status_code, '<html lang="de">' in page.content.decode()) == (503, True)
    assert "Zur Startseite" in page.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_site_speaks_its_language(client, german, path):
    page = client.get(path).content.decode()
    assert PAGES[path] in page
    assert "<html" not in page or '<html lang="de-AT"' in page
    assert get_language() == "en", "the next request may be for the admin"


def test_dates_are_written_as_the_language_does(client, german):
    assert "14. März 2026" in client.get("/posts/am-rand/").content.decode()
    assert "14. März" in client.get("/archive/").content.decode()
    SiteProfile.objects.update(language="fr")
    assert "14 mars 2026" in client.get("/posts/am-rand/").content.decode()
    SiteProfile.objects.update(language="en")
    assert "14 March 2026" in client.get("/posts/am-rand/").content.decode()


def test_form_complains_in_the_language_of_the_site(client, german):
    page = client.post("/posts/am-rand/comment/", {"body": "", "author_name": ""}).content.decode()
    assert "Hier steht noch nichts." in page
    assert "Bitte geben Sie einen Namen an" in page


def test_mails_are_written_in_the_language_of_the_site(german):
    letters.post_due()
    comment = make_comment(german, author_name="Tom", author_email="tom@example.org", status="pending")
    Letter.objects.create(kind=Letter.Kind.CONFIRM, comment=comment, recipient="tom@example.org", event="x")
    comment.status_reason = moderation.UNCONFIRMED
    comment.save()
    letters.post_due()
    sent = mail.outbox[-1]
    assert sent.subject == "Bitte bestätigen: Ihr Kommentar zu „Am Rand“"
    assert "Wenn Sie das waren" in sent.body


def test_admin_keeps_its_own_language(client, german):
    client.force_login(make_editor())
    page = client.get("/admin/").content.decode()
    assert "Log out" in page
    assert "Abmelden" not in page


@pytest.mark.parametrize(
    ("tag", "code"),
    [("de", "de"), ("de-AT", "de"), ("pt-BR", "pt-br"), ("zh-Hant-TW", "zh-hant"), ("tlh", "en"), ("", "en")],
)
def test_language_that_nobody_speaks_is_answered_in_english(tag, code):
    assert spoken(tag) == code
