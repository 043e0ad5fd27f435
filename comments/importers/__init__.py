"""Discussions from elsewhere: a module for each format reads, one loader writes."""

from comments.importers import disqus, hackernews

READERS = {"disqus": disqus.read, "hackernews": hackernews.read}
