"""Sites to measure: so many posts, written straight into the tables as an import leaves them."""

import random
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils.text import slugify

from blog import markup, rendering
from blog.models import Post, SiteProfile, Tag
from blog.models.taxonomy import Tagging
from comments.models import Comment
from tests.benchmarks.peers.content import START, WORDS, discussion

TAGS = 60
LONGER = {"ten": 10, "fifty": 50, "thousand": 1000}  # slugs of posts with so many comments


def fill(posts):
    """So many posts of 860 words, of which three tell by their slug how many comments they have."""
    chance = random.Random(7)
    SiteProfile(title="Bench", comment_policy="open").save()
    Tag.objects.bulk_create(Tag(name=f"Tag {n}", slug=slugify(f"Tag {n}")) for n in range(TAGS))
    tags, texts = list(Tag.objects.order_by("pk")), [_rendered(chance) for _number in range(20)]
    rows = [_post(number, texts[number % 20], posts) for number in range(posts)]
    Post.objects.bulk_create(rows, batch_size=500)
    Tagging.objects.bulk_create(
        (Tagging(content_object=row, tag=tag) for row in rows for tag in chance.sample(tags, 3)),
        batch_size=2000,
    )
    for slug, number in LONGER.items():
        _discuss(Post.objects.get(slug=slug), number, chance)


def _rendered(chance):
    body = "\n\n".join(
        [" ".join(chance.choices(WORDS, k=100)).capitalize() + "." for _paragraph in range(8)]
        + ["## A part", "- one\n- two", "> quoted", "```python\nfor word in words:\n    print(word)\n```"]
    )
    post = Post(title="x", slug="x", body=body, path="/x/")
    post.apply(
        rendering.render(body, markup="markdown", options=markup.options(), context=markup.context_for(post))
    )
    return post


def _post(number, text, posts):
    slugs = dict(zip(range(posts - 3, posts), LONGER, strict=True))
    slug = slugs.get(number, f"post-{number}")
    at = START + timedelta(hours=number * 10_000 // posts)  # as many years, however many posts there are
    made = {name: getattr(text, name) for name in (*Post.RENDERED, "body")}
    if number % (posts // 20) == 3:  # as many, however many posts there are
        made["text"] += " zebrafish"
    dates = {"published_at": at, "public_at": at, "modified_at": at}
    return Post(title=f"Post {number}", slug=slug, path=f"/posts/{slug}/", draft=False, **dates, **made)


def _discuss(post, number, chance):
    kind = ContentType.objects.get_for_model(Post)
    comments = []
    for nth in range(number):
        body = " ".join(chance.choices(WORDS, k=40))
        comment = Comment(content_type=kind, object_id=post.pk, author_name=f"Reader {nth}", body=body)
        comment.status, comment.created_at = (
            Comment.Status.APPROVED,
            post.published_at + timedelta(minutes=nth),
        )
        comment.render()
        if nth % 2:
            comment.place_below(comments[nth - 1])
        comment.save()
        comments.append(comment)


def discuss(number, deepest):
    """A post with a discussion of so many comments, one exchange in it so deep."""
    at, kind = START + timedelta(days=1), ContentType.objects.get_for_model(Post)
    post = Post(title="Vast", slug="vast", body="Much is said.", draft=False, published_at=at)
    post.save()
    first = (Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    comments = []
    for nth, (text, answered) in enumerate(discussion(number, deepest)):
        comment = Comment(pk=first + nth, content_type=kind, object_id=post.pk, body=text)
        comment.author_name, comment.status = f"Reader {nth % 97}", Comment.Status.APPROVED
        comment.created_at = at + timedelta(minutes=nth)
        comment.render()
        if answered is not None:
            comment.place_below(comments[answered])
        comments.append(comment)
    Comment.objects.bulk_create(comments, batch_size=500)
