"""Rendering gives what Hugo gives: held against answers recorded from the real program."""

import json

import pytest

from blog.rendering import Context, Options, render
from tests.blog import rendering_samples as samples
from tests.blog.hugo_program import find_program

SOURCES = [(name, source) for name in samples.sets() for source in samples.sources(name)]
EACH = pytest.mark.parametrize(
    ("name", "source"), SOURCES, ids=[f"{name}/{source.stem}" for name, source in SOURCES]
)


def lower_keys(value):
    if isinstance(value, dict):
        return {key.lower(): lower_keys(item) for key, item in value.items()}
    return value


def render_sample(name, source):
    config = lower_keys(samples.config(name))
    context = Context(path="/x/", base_url="https://example.org/", site_params=config.get("params", {}))
    return render(source.read_bytes().decode(), options=Options.from_hugo(config), context=context)


def answer(source):
    return json.loads(source.with_suffix(".json").read_text())


@EACH
def test_content_is_hugos(name, source):
    assert samples.outline(render_sample(name, source).html) == samples.outline(answer(source)["html"])


@EACH
def test_table_of_contents_is_hugos(name, source):
    assert samples.outline(render_sample(name, source).toc) == samples.outline(answer(source)["toc"])


@EACH
def test_summary_is_hugos(name, source):
    assert samples.outline(render_sample(name, source).summary) == samples.outline(answer(source)["summary"])


@EACH
def test_words_are_counted_as_hugo_counts(name, source):
    assert render_sample(name, source).word_count == answer(source)["words"]


@pytest.mark.hugo
@pytest.mark.skipif(not find_program(), reason="needs the hugo package")
@pytest.mark.parametrize("name", samples.sets())
def test_recorded_answers_still_are_what_hugo_gives(name):
    recorded = {source.stem: answer(source) for source in samples.sources(name)}
    assert samples.hugo_answers(find_program(), name) == recorded
