from .entry import Entry
from .files import File, SourceFile
from .history import Alias, MissingPath
from .pictures import Picture, PictureUse
from .post import Page, Post
from .readers import FeedReader
from .revision import DraftLink, Revision
from .site import MenuItem, SiteProfile
from .taxonomy import Category, Series, Tag, Tagging

__all__ = [
    "Alias",
    "Category",
    "DraftLink",
    "Entry",
    "FeedReader",
    "File",
    "MenuItem",
    "MissingPath",
    "Page",
    "Picture",
    "PictureUse",
    "Post",
    "Revision",
    "Series",
    "SiteProfile",
    "SourceFile",
    "Tag",
    "Tagging",
]
