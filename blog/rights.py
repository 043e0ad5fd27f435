"""Who may do what: an author looks after their own posts, an editor after everything. Asked wherever an entry is opened."""

OTHERS, RAW_HTML = "edit_others_posts", "write_raw_html"


def may_change(user, entry):
    """Whether this person may edit and delete this entry. A post that is not stored yet is its writer's own."""
    kind = entry._meta.model_name
    if not (user.is_active and user.has_perm(f"blog.change_{kind}")):
        return False
    return edits_all(user, kind) or entry.pk is None or entry.authors.filter(pk=user.pk).exists()


def may_look(user, entry):
    """Whether they may read it before it is public."""
    return user.has_perm(f"blog.view_{entry._meta.model_name}") or may_change(user, entry)


def edits_all(user, kind):
    """Whether nothing of this kind is somebody else's to this person: pages have no authors."""
    return kind != "post" or user.has_perm(f"blog.{OTHERS}")


def may_write_html(user):
    """Whether tags that they write into a text reach its readers, and the browsers of those who may do more than they."""
    return user.is_active and user.has_perm(f"blog.{RAW_HTML}")


def sees_all(user, kind):
    if user.has_perm(f"blog.view_{kind}"):
        return True
    return user.has_perm(f"blog.change_{kind}") and edits_all(user, kind)


def may_change_picture(user, picture):
    """Whoever added a picture may replace it as long as it is shown in their own posts only; an editor always may."""
    if not (user.is_active and user.has_perm("blog.change_picture")):
        return False
    return edits_all(user, "post") or (
        picture.added_by_id == user.pk and not picture.is_shown_by_others(user)
    )
