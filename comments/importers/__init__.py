"""Discussions from elsewhere: a module for each format reads, one loader writes."""

from comments.importers import hackernews

READERS = {"hackernews": hackernews.read}
