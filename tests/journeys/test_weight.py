"""What a reader's line has to carry: counted in a browser, before a site that runs as an operator runs it."""

import brotli
import pytest

KB = 1000
TEXT = "The archive of a small town keeps {number} boxes of letters, and nobody has asked for them in years. "
SETUP = """
from tests.factories import make_comment, make_post
words = {text!r}
body = "".join(f"## Part {{part}}\\n\\n" + "".join(words.format(number=part * 9 + n) for n in range(9)) + "\\n\\n"
               for part in range(9))
body += "A note.[^1]\\n\\n```python\\ndef kept(self):\\n    return True\\n```\\n\\n[^1]: Here it is.\\n"
make_post("Quiet", slug="quiet", body=body, tags=["letters", "towns"], show_toc=True)
post = make_post("Letters", slug="letters", body=body, tags=["letters", "towns"], show_toc=True)
top = None
for number in range(10):
    said = f"{{number}}: " + words.format(number=number * 31)
    comment = make_comment(post, parent=top if number % 3 else None, author_name=f"Reader {{number}}", body=said)
    top = comment if number % 3 == 0 else top
"""


@pytest.fixture(scope="module")
def site(prepared_site, tmp_path_factory):
    site = prepared_site.copy(tmp_path_factory.mktemp("weight") / "site")
    site.shell(SETUP.format(text=TEXT))
    with site.serving():
        yield site


@pytest.fixture
def fetched(site, browser):
    """The answers a browser gets with one page, by address."""

    def fetched(path):
        with browser.new_context() as context:
            page = context.new_page()
            answers = []
            page.on("response", lambda answer: answers.append(answer))
            page.goto(site.url + path, wait_until="networkidle")
            return {
                answer.url.removeprefix(site.url): (
                    answer.request.sizes()["responseBodySize"],
                    answer.all_headers(),
                )
                for answer in answers
            }

    return fetched


def weight(answers, *endings):
    return sum(size for address, (size, _head) in answers.items() if address.endswith(endings))


def test_post_page_is_light(fetched):
    answers = fetched("/posts/letters/")
    assert 0 < weight(answers, "/", ".css") <= 30 * KB, answers
    assert 0 < weight(answers, ".js") <= 5 * KB, {a: s for a, (s, _h) in answers.items()}


def test_static_files_come_compressed_and_for_good(fetched):
    found = fetched("/posts/letters/")
    files = {address: head for address, (_size, head) in found.items() if "/static/" in address}
    assert len(files) > 3
    for address, head in files.items():
        assert "immutable" in head["cache-control"], address
        assert head.get("content-encoding") in ("br", "gzip") or int(head["content-length"]) < 300, address


@pytest.mark.parametrize(
    "path", ["/", "/posts/letters/", "/search/?q=letters", "/login/", "/not/here/", "/tags/none/"]
)
def test_every_page_comes_compressed(site, path):
    answer = site.get(path, **{"Accept-Encoding": "br, gzip"})
    assert answer.headers["Content-Encoding"] in ("br", "gzip")


def test_ten_comments_weigh_little_more_than_their_words(site):
    def length(path):
        return len(brotli.compress(site.get(path).read(), quality=5))

    words = "".join(TEXT.format(number=number * 31) for number in range(10))
    more = (
        length("/posts/letters/") - length("/posts/quiet/") - len(brotli.compress(words.encode(), quality=5))
    )
    assert more <= 5 * KB
