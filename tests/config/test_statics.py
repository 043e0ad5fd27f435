from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile

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
