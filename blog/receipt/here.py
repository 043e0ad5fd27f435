"""What this site has in the place of what the old one had: entries by their files, and answers to paths."""

import logging
from collections import deque
from contextlib import contextmanager
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.test import Client, override_settings

from blog.models import Page, Post


class Here:
    def __init__(self):
        site = urlsplit(settings.SITE_URL)
        self.client = Client(raise_request_exception=False)
        self.extra = {"SERVER_NAME": site.hostname, "secure": site.scheme == "https"}
        self.names = {site.netloc, site.hostname}

    def entry(self, source_path, language=""):
        """The entry of a file, with its tags; None if it did not come in."""
        for model in (Post, Page):
            entries = model.objects.filter(source_path=source_path).defer("body", "text")
            found = list(entries.prefetch_related("tags") if model is Post else entries)
            exact = [entry for entry in found if entry.language == language]
            if exact or len(found) == 1:
                return (exact or found)[0]
        return None

    def answer(self, path):
        """ "" if a reader finds something at a path or behind one redirect, else what happens instead."""
        response = self._get(path)
        if response.status_code == 200:
            return ""
        if response.status_code not in (301, 308):
            return f"answers {response.status_code}"
        target = urlsplit(response["Location"])
        if target.netloc and target.netloc not in self.names:
            return f"leads to another site, {response['Location']}"
        behind = self._get(unquote(target.path))
        return (
            "" if behind.status_code == 200 else f"leads to {target.path}, which answers {behind.status_code}"
        )

    def _get(self, path):
        response = self.client.get(quote(path, safe="/"), **self.extra)
        if response.streaming:  # a file stays open until it was read
            deque(response, maxlen=0)
        return response

    def has_guid(self, guid):
        return any(model.objects.filter(guid=guid).exists() for model in (Post, Page))


@contextmanager
def quiet():
    """Thousands of requests are asked; none of them belongs in the log, nor do they need collected static files."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    logging.disable(logging.ERROR)
    try:
        with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
            yield
    finally:
        logging.disable(logging.NOTSET)
