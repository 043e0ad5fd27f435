"""The rows that entries point at by name: terms of every taxonomy, and authors. Each is looked up once and kept."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from blog.models import Category, Series, Tag
from blog.paths import slug_of, term_slug

User = get_user_model()


class Vocabulary:
    """The terms of one taxonomy. A slug is a term's identity, as it is under Hugo: "Go" and "go" are one tag."""

    def __init__(self, model, **narrow):
        self.model, self.narrow = model, narrow
        self.forget()

    def forget(self):
        """Read again what there is, after a transaction that came to nothing."""
        self.pks, self.slugs, self.known = {}, {}, {}
        for pk, name, slug in self.model.objects.filter(**self.narrow).values_list("pk", "name", "slug"):
            self.pks[slug] = pk
            self.slugs[name.casefold()] = slug

    def slug(self, name):
        """The slug of the term with this name; a term that was given another slug here is found by its name."""
        if name not in self.known:
            slug = term_slug(name) or slug_of(name) or "-"
            self.known[name] = slug if slug in self.pks else self.slugs.get(name.strip().casefold(), slug)
        return self.known[name]

    def ids(self, names):
        """Primary keys of existing terms, in the order of the names, none twice."""
        return list(dict.fromkeys(self.pks[self.slug(name)] for name in names))

    def ensure(self, names: Iterable[str]):
        missing = {}
        for name in names:
            slug = self.slug(name)
            if slug not in self.pks:
                missing.setdefault(slug, name.strip()[:200])
        if missing:
            self.model.objects.bulk_create(
                self.model(name=name, slug=slug, **self.narrow) for slug, name in missing.items()
            )
            self.forget()


class Vocabularies:
    """All taxonomies of a site: tags, categories, series, and those it named itself."""

    def __init__(self):
        self.known = {"tags": Vocabulary(Tag), "series": Vocabulary(Series)}

    def __getitem__(self, taxonomy):
        if taxonomy not in self.known:
            self.known[taxonomy] = Vocabulary(Category, taxonomy=taxonomy)
        return self.known[taxonomy]

    def forget(self):
        for vocabulary in self.known.values():
            vocabulary.forget()

    def ensure(self, records):
        wanted = {}
        for record in records:
            for taxonomy, names in terms_of(record).items():
                wanted.setdefault(taxonomy, []).extend(names)
        for taxonomy, names in wanted.items():
            self[taxonomy].ensure(names)

    def describe(self, terms):
        """Give a description to terms that have none; one that was written here stays."""
        for term in terms:
            vocabulary = self[term.taxonomy]
            pk = vocabulary.pks.get(vocabulary.slug(term.name))
            if pk and term.description:
                vocabulary.model.objects.filter(pk=pk, description="").update(description=term.description)


def terms_of(record):
    """Names by taxonomy. A post belongs to one series here, the first it names."""
    return {
        "tags": record.tags,
        "categories": record.categories,
        "series": record.series[:1],
        **record.terms,
    }


class Authors:
    """Users by their names. Nobody can log in as an author that an import has made."""

    def __init__(self):
        self.forget()

    def forget(self):
        self.pks, self.usernames = {}, {}
        for user in User.objects.only("pk", "username", "first_name", "last_name").order_by("-pk"):
            self.pks[user.username] = user.pk
            self.usernames[user.get_full_name().casefold()] = user.username
        self.usernames |= {username.casefold(): username for username in self.pks}

    def username(self, name):
        name = name.strip()
        return self.usernames.get(name.casefold()) or slug_of(name)[:140] or "author"

    def ids(self, names):
        return list(dict.fromkeys(self.pks[self.username(name)] for name in names))

    def ensure(self, records):
        names = dict.fromkeys(name.strip() for record in records for name in record.authors)
        missing = {}
        for name in names:
            username = self.username(name)
            if username not in self.pks:
                missing.setdefault(username, name)
        if missing:
            User.objects.bulk_create(_new_author(username, name) for username, name in missing.items())
            self.forget()


def _new_author(username, name):
    first, _space, last = name.rpartition(" ")
    return User(
        username=username,
        first_name=(first or last)[:150],
        last_name=(last if first else "")[:150],
        is_active=False,
        password=make_password(None),
    )
