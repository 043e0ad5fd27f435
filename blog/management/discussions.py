"""Which text a discussion from elsewhere belongs to."""

from django.core.management.base import CommandError
from django.db.models import Q

from blog.management.output import counted
from blog.models import Alias, Page, Post
from comments.importers import disqus
from comments.importers.records import Problem


def find_post(name):
    posts = Post.objects.filter(Q(slug=name) | Q(path__in=[name, f"/{name.strip('/')}/"]))[:2]
    if not posts:
        raise CommandError(f"There is no post “{name}”: give its slug or its path.", returncode=2)
    if len(posts) > 1:
        raise CommandError(f"Several posts are called “{name}”: give the path of one.", returncode=2)
    return posts[0]


def disqus_discussions(source, post_name):
    """(text, its comments) for each thread of an export whose text is known here, and the problem of each other.

    With a post's name: only that post's thread. If no thread names it and there is only one, that is the one.
    """
    threads = disqus.read_threads(source)
    if post_name:
        return _for_post(threads, find_post(post_name), source), []
    placed, homeless = [], []
    for thread in threads:
        target = next(filter(None, map(find_by_path, thread.names)), None)
        if target:
            placed.append((target, thread.found))
        else:
            homeless.append(_homeless(thread))
    return placed, homeless


def _for_post(threads, post, source):
    own = [thread for thread in threads if any(find_by_path(name) == post for name in thread.names)]
    own = own or (threads if len(threads) == 1 else [])
    if not own:
        reason = f"None of the {len(threads)} threads in {source} belongs to “{post}” by its address."
        raise CommandError(reason, returncode=2)
    return [(post, [item for thread in own for item in thread.found])]


def _homeless(thread):
    count, where = counted(len(thread.found), "comment"), thread.link or thread.identifier or "no address"
    return Problem(f"thread {thread.id}", f"{count} on “{thread.title}” ({where}): no such text here")


def find_by_path(path):
    """The entry at a path, or that was there once; however its ends are written. None if there is none."""
    bare = f"/{path.strip('/')}".removesuffix("/index.html").removesuffix(".html")
    spellings = [bare, f"{bare}/", f"{bare}.html", path]
    for model in (Post, Page):
        if found := model.objects.filter(path__in=spellings).first():
            return found
    alias = Alias.objects.filter(path__in=spellings).select_related("post", "page").first()
    if alias and alias.entry:
        return alias.entry
    return Post.objects.filter(slug=bare[1:]).first() if "/" not in bare[1:] else None
