"""Brings a discussion from elsewhere below one post."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from blog.models import Post
from comments.importers import READERS
from comments.importers.load import load
from comments.importers.records import SourceError


class Command(BaseCommand):
    help = "Brings a discussion to a post. Run again, it changes only what changed at the origin."

    def add_arguments(self, parser):
        parser.add_argument("format", choices=sorted(READERS))
        parser.add_argument("source", type=Path, metavar="FILE")
        parser.add_argument(
            "--post", required=True, metavar="SLUG", help="the post's slug, or its path on the site"
        )

    def handle(self, *, format, source, post, verbosity, **options):
        target = find_post(post)
        try:
            report = load(READERS[format](source), target, origin=format)
        except SourceError as error:
            raise CommandError(str(error), returncode=2) from error
        if verbosity:
            self.tell(report, target)
        if report.problems:
            raise CommandError(f"Left out: {len(report.problems)}.", returncode=1)

    def tell(self, report, target):
        for problem in [*report.problems, *report.moved_up]:
            self.stderr.write(str(problem))
        self.stdout.write(
            f"“{target}”: {report.created} comments created, {report.updated} updated, {report.unchanged} unchanged,"
            f" {len(report.moved_up)} moved to the top level, {len(report.problems)} left out."
        )


def find_post(name):
    posts = Post.objects.filter(Q(slug=name) | Q(path__in=[name, f"/{name.strip('/')}/"]))[:2]
    if not posts:
        raise CommandError(f"There is no post “{name}”: give its slug or its path.", returncode=2)
    if len(posts) > 1:
        raise CommandError(f"Several posts are called “{name}”: give the path of one.", returncode=2)
    return posts[0]
