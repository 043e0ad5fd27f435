"""Entries into rows: what is planned for a record, and the writing of plans."""

import re
from dataclasses import dataclass, field

from blog import rendering
from blog.importers.load_changes import marks_of_record
from blog.importers.load_columns import columns, fit, rendered_columns
from blog.importers.load_rows import insert
from blog.importers.load_terms import terms_of
from blog.importers.records import ImportedEntry
from blog.importers.report import UNCHANGED
from blog.models import Alias, Page, Post, Tagging
from blog.models.entry import Entry, new_guid
from blog.picture_uses import used_by
from config.links import absolute

MODELS = {"post": Post, "page": Page}
LONGEST_GUID = 800
OWN_GUID = re.compile("urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Plan:
    """What shall become of one record.

    settles  the entry keeps what it has, and the record becomes the state that edits are told from
    """

    record: ImportedEntry
    existing: Entry | None
    path: str
    key: str
    outcome: str = UNCHANGED
    settles: bool = False
    guid: str = ""
    aliases: list[str] = field(default_factory=list)
    rendered: rendering.Rendering | None = None
    pk: int | None = None

    values: dict | None = None
    cut: list[str] = field(default_factory=list)

    @property
    def model(self):
        return type(self.existing) if self.existing else MODELS[self.record.kind]

    def columns(self):
        """What the record says about each column; cut names those whose texts are too long for it."""
        if self.values is None:
            self.values = columns(self.record, self.path, self.model)
            self.cut = fit(self.values, self.model)
        return self.values


class Writer:
    """Writes plans of new and changed entries. A handful of statements a batch, whatever its size."""

    def __init__(self, vocabularies, authors):
        self.vocabularies, self.authors = vocabularies, authors

    def write(self, plans):
        """To be called in a transaction."""
        posts = [plan.record for plan in plans if plan.model is Post]
        self.vocabularies.ensure(posts)
        self.authors.ensure(posts)
        for model in (Post, Page):
            chosen = [plan for plan in plans if plan.model is model]
            self._create([plan for plan in chosen if not plan.existing], model)
            self._update([plan for plan in chosen if plan.existing], model)
        self._write_aliases(plans)

    def settle(self, plans):
        """Note for each entry which file it now corresponds to; what readers see of it stays."""
        for plan in plans:
            record, entry = plan.record, plan.existing
            marks = marks_of_record(record, record.path, plan.model, self.vocabularies, self.authors)
            values = {name: getattr(record, name) for name in ("front_matter", "source_path", "source_root")}
            if not entry.imported or _same_text(entry.body, record.body):
                values["body"] = record.body
            plan.model.objects.filter(pk=entry.pk).update(
                **values,
                language=record.language,
                params=dict(record.params),
                source_digest=record.digest,
                imported={"key": plan.key, **marks},
            )

    def _create(self, plans, model):
        if not plans:
            return
        insert(model, [{"guid": plan.guid, **self._values(plan)} for plan in plans])
        created = model.objects.filter(path__in=[plan.path for plan in plans])
        pks = dict(created.values_list("path", "pk"))
        for plan in plans:
            plan.pk = pks[plan.path]
        if model is Post:
            self._write_terms(plans)

    def _update(self, plans, model):
        for plan in plans:
            plan.pk = plan.existing.pk
            model.objects.filter(pk=plan.pk).update(**self._values(plan))
        pks = [plan.pk for plan in plans]
        if model is Post and plans:
            Tagging.objects.filter(content_object__in=pks).delete()
            Post.categories.through.objects.filter(post__in=pks).delete()
            Post.authors.through.objects.filter(post__in=pks).delete()
            self._write_terms(plans)
        Alias.objects.filter(imported=True, **{f"{model._meta.model_name}__in": pks}).delete()

    def _values(self, plan):
        values = dict(plan.columns())
        marks = marks_of_record(
            plan.record, plan.path, plan.model, self.vocabularies, self.authors, values=values
        )
        if plan.model is Post:
            series = self.vocabularies["series"].ids(plan.record.series[:1])
            values["series_id"] = series[0] if series else None
        values |= rendered_columns(plan.rendered) if plan.rendered else {"rendered_by": 0}
        return values | {"imported": {"key": plan.key, **marks}, "pictures": self._pictures(plan, values)}

    def _pictures(self, plan, values):
        """Entries without any are done; the others are looked over when all files are there."""
        html = values.get("body_html", "")
        is_none = not plan.existing and not used_by(plan.path, html, values["cover"], values["params"])
        return {} if is_none else None

    def _write_terms(self, plans):
        taggings, categories, authors = [], [], []
        category_link, author_link = Post.categories.through, Post.authors.through
        for plan in plans:
            post, record = plan.pk, plan.record
            for taxonomy, names in terms_of(record).items():
                pks = self.vocabularies[taxonomy].ids(names)
                if taxonomy == "tags":
                    taggings += [{"content_object_id": post, "tag_id": pk} for pk in pks]
                elif taxonomy != "series":
                    categories += [{"post_id": post, "category_id": pk} for pk in pks]
            authors += [{"post_id": post, "user_id": pk} for pk in self.authors.ids(record.authors)]
        for model, links in ((Tagging, taggings), (category_link, categories), (author_link, authors)):
            if links:
                insert(model, links)

    def _write_aliases(self, plans):
        aliases = []
        for plan in plans:
            entry = {f"{plan.model._meta.model_name}_id": plan.pk}
            aliases += [Alias(path=path, imported=True, **entry) for path in plan.aliases]
            if plan.existing and plan.existing.path != plan.path:
                aliases.append(Alias(path=plan.existing.path, **entry))
        lists = Alias.objects.filter(imported=True, post=None, page=None)
        lists.filter(path__in=[alias.path for alias in aliases]).delete()
        Alias.objects.bulk_create(aliases, ignore_conflicts=True)


def _same_text(ours, theirs):
    return ours.split() == theirs.split()


class Guids:
    """The identity of new entries in feeds: the one the old site gave, else the address here."""

    def __init__(self):
        self.taken = set()

    def give(self, plans):
        """Two queries for all plans."""
        wanted = [_candidates(plan) for plan in plans]
        asked = {guid for candidates in wanted for guid in candidates}
        for model in (Post, Page):
            self.taken.update(model.objects.filter(guid__in=asked).values_list("guid", flat=True))
        for plan, candidates in zip(plans, wanted, strict=True):
            free = [guid for guid in candidates if guid not in self.taken]
            plan.guid = free[0] if free else new_guid()
            self.taken.add(plan.guid)


def _candidates(plan):
    """An export writes down the identity of entries that were never elsewhere; what other programs call so is theirs."""
    own = str(plan.record.params.get("guid", ""))
    wanted = [own if OWN_GUID.fullmatch(own) else "", plan.record.guid, absolute(plan.path)]
    return [guid for guid in wanted if guid and len(guid) <= LONGEST_GUID]
