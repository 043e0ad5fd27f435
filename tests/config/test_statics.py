import re

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from config import statics


def test_style_sheets_are_collected_into_one_in_their_order(tmp_path, settings):
    storage = statics.BundledStaticFilesStorage(location=tmp_path, base_url="/static/")
    paths = {}
    for name in statics.parts():
        with open(finders.find(name), "rb") as file:
            storage._save(name, ContentFile(file.read()))
        paths[name] = (storage, name)
    list(storage.post_process(paths))
    together = (tmp_path / statics.BUNDLE).read_text()
    places = [together.index((tmp_path / name).read_text()) for name in statics.parts()]
    assert places == sorted(places)
    assert storage.stored_name(statics.BUNDLE) != statics.BUNDLE


def test_no_script_has_a_text_of_several_lines_whose_indents_would_be_taken_away(settings):
    for script in (settings.BASE_DIR / "static/js").rglob("*.js"):
        code = re.sub(r"/.*`.*/|['\"]`['\"]", "", script.read_text())
        assert not any("\n" in text for text in re.findall(r"`([^`]*)`", code)), script


def test_scripts_are_sent_without_their_comments_and_indents(tmp_path, settings):
    storage = statics.BundledStaticFilesStorage(location=tmp_path, base_url="/static/")
    source = FileSystemStorage(settings.BASE_DIR / "static")
    themes = FileSystemStorage(tmp_path / "theme")
    script = b'// Why.\nconst far = "https://example.org/";\n  // And so.\n  far.at(0); // end\n'
    for name in ("js/ours.js", "js/theirs.js"):
        storage._save(name, ContentFile(script))
        themes._save(name, ContentFile(script))
    list(
        storage.post_process({"js/ours.js": (source, "js/ours.js"), "js/theirs.js": (themes, "js/theirs.js")})
    )
    ours = (tmp_path / storage.stored_name("js/ours.js")).read_text()
    assert ours == 'const far = "https://example.org/";\nfar.at(0); // end\n'
    assert (tmp_path / storage.stored_name("js/theirs.js")).read_bytes() == script
