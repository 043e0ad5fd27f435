"""Blocks that say which line they come from: for the preview, which must be the page in everything else."""

import re

import pytest

from blog.rendering import Options, render
from tests.blog import rendering_samples as samples

MARK = re.compile(r' data-line="\d+"')
SHORTCODES = """\
First.

{{< details summary="More" >}}
one

two
{{< /details >}}

After *it*.

- a
- b

{{< unknown >}}

Last.
"""


def lines(source, tag):
    html = render(source, options=Options(unsafe=True), lines=True).html
    return [int(number) for number in re.findall(rf'<{tag} data-line="(\d+)"', html)]


def test_blocks_know_their_line():
    source = "# A\n\nText\nof two lines.\n\n## B\n\n- one\n- two\n\n> said\n"
    assert lines(source, "p") == [2, 10]
    assert lines(source, "li") == [7, 8]
    assert lines(source, "blockquote") == [10]
    assert 'data-line="5"' in render(source, lines=True).html


def test_lines_are_those_of_the_source_whatever_shortcodes_stand_before():
    assert lines(SHORTCODES, "p") == [0, 8, 15]
    assert lines(SHORTCODES, "li") == [10, 11]


def test_nothing_is_marked_unless_asked_for():
    assert "data-line" not in render(SHORTCODES).html


@pytest.mark.parametrize("name", samples.sets())
def test_marks_are_all_that_is_different(name):
    options = Options.from_hugo(samples.config(name))
    for source in samples.sources(name):
        text = source.read_text()
        marked = render(text, options=options, lines=True)
        assert MARK.sub("", marked.html) == render(text, options=options).html, source.name
