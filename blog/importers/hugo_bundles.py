"""By which names the text of a bundle finds the files beside it, and at which addresses.

A file of no language is served once, beside the page in the language of its folder, and every language links to it
there; where there is no such page, no text finds the file. https://gohugo.io/content-management/page-resources/
"""

from blog.importers.hugo_entry import Reading, bundle_files
from blog.importers.hugo_files import read_name


def own_names(reading: Reading, files: list[str]) -> dict[str, str]:
    """Address by name in lower case."""
    found = bundle_files(reading, files)
    return {name.lower(): file.path for name, file in zip(files, found, strict=True)}


def names_of_translation(reading: Reading, files: list[str], home: Reading | None) -> dict[str, str]:
    """The same for a page in another language than its folder's; home: the page in that one."""
    found = own_names(home, files) if home else {}
    for name, path in own_names(reading, files).items():
        plain = _without_language(name, reading)
        if plain:
            found[name] = found[plain] = path
    return found


def _without_language(path: str, reading: Reading) -> str:
    """ "map.ja.png" as "map.png", if the page is Japanese; "" for a file of another language or of none."""
    folder, slash, file_name = path.rpartition("/")
    name = read_name(file_name, reading.site.codes)
    return f"{folder}{slash}{name.base}.{name.extension}" if name.language == reading.language.code else ""
