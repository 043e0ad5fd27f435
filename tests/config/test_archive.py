"""Archives that are not to be believed: whatever is wrong with one, it is refused in a sentence, and before it is unpacked."""

import json
import stat
import zipfile

import pytest

from config import archive as archives
from config.archive import Archive, Refusal

CONTENTS = {
    "data/blog.post.jsonl": [b'{"id": 1}\n' * 7000, b'{"id": 2}\n'],
    "media/uploads/empty.txt": [],
    "media/uploads/Ünïcode 漢字.png": [bytes(range(256)) * 300],
}


def write(path, contents=CONTENTS, **facts):
    with path.open("wb") as file, archives.Writer(file) as writer:
        for name, chunks in contents.items():
            writer.add(name, chunks, compressed=name.startswith("data/"), rows=lambda: 1)
        writer.finish(facts)
    return path


@pytest.fixture
def sound(tmp_path):
    return write(tmp_path / "site.zip")


def rewritten(path, *, manifest=None, members=None, info=zipfile.ZipInfo, drop=()):
    """The same archive with changes that an attacker or a bad disk would make."""
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed:
        facts = json.loads(source.read(archives.MANIFEST))
        for name in source.namelist():
            if name != archives.MANIFEST and name not in drop:
                changed.writestr(name, source.read(name))
        for name, content in (members or {}).items():
            digest = archives.hashlib.sha256(content).hexdigest()
            facts["members"][name] = {"size": len(content), "sha256": digest, "rows": 1}
            changed.writestr(info(name), content)
        if manifest:
            manifest(facts)
        changed.writestr(archives.MANIFEST, json.dumps(facts))
    return target


def reason_against(path):
    with pytest.raises(Refusal) as refusal, Archive(path) as archive:
        archive.verify()
    return str(refusal.value)


def test_what_was_written_is_read(sound):
    with Archive(sound) as archive:
        archive.verify()
        read = {name: b"".join(archive.chunks(name)) for name in archive.members}
        assert read == {name: b"".join(chunks) for name, chunks in CONTENTS.items()}
        assert list(archive.lines("data/blog.post.jsonl")) == [b'{"id": 1}'] * 7000 + [b'{"id": 2}']
        assert archive.media == ["uploads/empty.txt", "uploads/Ünïcode 漢字.png"]


def test_an_unchanged_copy_is_sound(sound):
    with Archive(rewritten(sound, members={"media/more.txt": b"more"})) as archive:
        archive.verify()


@pytest.mark.parametrize(
    "name",
    [
        "media/../../outside.txt",
        "media/a/../../../outside.txt",
        "/etc/outside.txt",
        "media//etc/outside.txt",
        "../outside.txt",
        "media/..\\..\\outside.txt",
        "media/C:\\outside.txt",
        "media/",
        "media/folder/",
        "media/./here.txt",
        "media/line\nbreak.txt",
        "data/../outside.jsonl",
        "data/folder/blog.post.jsonl",
        "static/js/editor.js",
        "media/" + "long/" * 300 + "name.txt",
    ],
)
def test_names_that_lead_elsewhere_are_refused(sound, name):
    assert "The archive has a" in reason_against(rewritten(sound, members={name: b"mine"}))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFBLK, stat.S_IFDIR])
def test_links_devices_and_pipes_are_refused(sound, kind):
    def info(name):
        made = zipfile.ZipInfo(name)
        made.external_attr = (kind | 0o777) << 16
        return made

    assert "no plain file" in reason_against(rewritten(sound, members={"media/x": b"/etc/passwd"}, info=info))


def test_a_bomb_is_refused_before_it_goes_off(sound):
    def info(name):
        made = zipfile.ZipInfo(name)
        made.compress_type = zipfile.ZIP_DEFLATED
        return made

    bad = rewritten(sound, members={"media/zeros": bytes(20 * 1024 * 1024)}, info=info)
    assert "beyond reason" in reason_against(bad)


def test_members_over_each_other_are_refused(sound, monkeypatch):
    with Archive(sound) as archive, pytest.raises(Refusal, match="over each other"):
        archive._check_contents(archive_size=1000)


def test_members_nobody_vouches_for_are_refused(sound):
    bad = rewritten(
        sound,
        members={"media/extra.txt": b"mine"},
        manifest=lambda facts: facts["members"].pop("media/extra.txt"),
    )
    assert "does not know" in reason_against(bad)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_that_are_there_twice_are_refused(sound):
    assert "twice" in reason_against(rewritten(sound, members={"data/blog.post.jsonl": b"{}"}))


def test_a_file_that_is_also_a_folder_is_refused(sound):
    assert "as a folder" in reason_against(rewritten(sound, members={"media/a": b"1", "media/a/b": b"2"}))


def test_a_missing_member_is_noticed(sound):
    assert "is missing" in reason_against(rewritten(sound, drop=["data/blog.post.jsonl"]))


def test_changed_content_is_noticed_though_the_zip_is_whole(sound):
    def keep_digest(facts):
        facts["members"]["media/a.txt"]["sha256"] = "0" * 64

    bad = rewritten(sound, members={"media/a.txt": b"forged"}, manifest=keep_digest)
    assert "is not what was written" in reason_against(bad)


def test_no_damaged_byte_changes_what_is_read(sound):
    whole = sound.read_bytes()
    bad = sound.with_name("damaged.zip")
    noticed = 0
    for place in range(0, len(whole), max(1, len(whole) // 300)):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        bad.write_bytes(damaged)
        try:
            with Archive(bad) as archive:
                archive.verify()
                read = {name: b"".join(archive.chunks(name)) for name in archive.members}
                assert read == {name: b"".join(chunks) for name, chunks in CONTENTS.items()}
        except Refusal:
            noticed += 1
    assert noticed > 200


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_an_archive_cut_short_is_refused(sound, share):
    bad = sound.with_name("cut.zip")
    bad.write_bytes(sound.read_bytes()[: int(share * sound.stat().st_size)])
    assert "damaged" in reason_against(bad)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda facts: facts.update(version=2), "newer"),
        (lambda facts: facts.update(version="1"), "newer"),
        (lambda facts: facts.update(format="something"), "no backup"),
        (lambda facts: facts.update(members=[]), "does not list"),
        (lambda facts: facts.update(members={"data/blog.post.jsonl": [1]}), "does not list"),
        (lambda facts: facts["members"]["data/blog.post.jsonl"].update(size="7"), "has not the size"),
    ],
)
def test_a_manifest_that_cannot_be_believed_is_refused(sound, change, word):
    assert word in reason_against(rewritten(sound, manifest=change))


def test_no_backup_at_all_is_told(tmp_path):
    assert "There is no file" in reason_against(tmp_path / "nothing.zip")
    (tmp_path / "text.zip").write_text("not an archive")
    assert "no backup" in reason_against(tmp_path / "text.zip")
    (tmp_path / "folder.zip").mkdir()
    assert "cannot be read" in reason_against(tmp_path / "folder.zip")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("readme.txt", "another program's")
    assert "no backup of a site" in reason_against(tmp_path / "other.zip")
