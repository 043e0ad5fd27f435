"""Uploaded files in S3-compatible storage, spoken to as the real thing: by HTTP to a server of its own process."""

import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import call_command

from blog import library
from blog.models import Picture
from blog.stocktaking import take_stock
from config import doctor, storage
from tests.blog.test_library import content_of, photo, png
from tests.blog.test_sized import bring_in
from tests.factories import make_post

BUCKET = "attic"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    port = free_port()
    with open(tmp_path_factory.mktemp("s3") / "log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log
        )
        try:
            while not answers(f"http://127.0.0.1:{port}/"):
                assert process.poll() is None, "The server has ended."
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def answers(address):
    with suppress(OSError), urllib.request.urlopen(address) as response:
        return response.status == 200
    return False


def put(address):
    return urllib.request.urlopen(urllib.request.Request(address, method="PUT")).status


@pytest.fixture
def bucket(server, settings, request):
    """An empty bucket, in use by the site."""
    name = f"{BUCKET}-{abs(hash(request.node.name)) % 10**8}"
    assert put(f"{server}/{name}") == 200
    url = f"s3://key:secret@{name}/files?endpoint_url={server}&region_name=us-east-1&addressing_style=path"
    settings.STORAGES = {**settings.STORAGES, "default": storage.parse(url, {})}
    yield name
    assert storages["default"].bucket_name == name  # nobody went back to the disk meanwhile


# What may be said


def test_without_a_word_files_lie_on_the_disk():
    assert storage.parse("", {}) == storage.ON_DISK


def test_an_address_says_it_all():
    options = storage.parse("s3://key:a%2Fb@attic/blog/media?endpoint_url=https://s3.example.org", {})[
        "OPTIONS"
    ]
    assert options == {
        "access_key": "key",
        "secret_key": "a/b",
        "bucket_name": "attic",
        "location": "blog/media",
        "endpoint_url": "https://s3.example.org",
    }


def test_so_do_the_library_s_own_names_and_the_address_counts_first():
    named = {
        "AWS_STORAGE_BUCKET_NAME": "cellar",
        "AWS_S3_REGION_NAME": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "key",
    }
    found = storage.parse("", named)["OPTIONS"]
    assert found == {"bucket_name": "cellar", "region_name": "eu-central-1", "access_key": "key"}
    assert storage.parse("s3://attic", named)["OPTIONS"] == {**found, "bucket_name": "attic"}


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("attic", "not understood"),
        ("https://attic", "not understood"),
        ("s3://a?endpint_url=x", "endpint_url"),
        ("s3://[", "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(url, word):
    with pytest.raises(storage.StorageError, match=word):
        storage.parse(url, {})


# What lies there


@pytest.mark.django_db
def test_a_picture_goes_in_and_comes_out_at_an_address_of_the_site(bucket, client, editor):
    picture = library.add(photo())
    assert (
        picture.address.startswith("/media/uploads/") and default_storage.url(picture.name) == picture.address
    )
    response = client.get(picture.address)
    assert response["Content-Type"] == "image/jpeg" and response["X-Content-Type-Options"] == "nosniff"
    assert b"Secret Camera" not in content_of(response)
    assert client.get(picture.address, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert client.get(picture.shown[2].split()[0]).status_code == 200
    assert client.get(f"/media/{picture.original}").status_code == 404
    assert client.get("/media/uploads/none.png").status_code == 404


@pytest.mark.django_db
def test_files_that_came_with_a_site_are_read_from_there(bucket, client):
    sent = photo().read()
    file = bring_in("/posts/one/wall.jpg", ContentFile(sent, "wall.jpg"))
    assert take_stock(processes=1) == 1
    make_post(path="/posts/one/", body="![](wall.jpg)")
    assert b"Secret Camera" not in content_of(client.get("/posts/one/wall.jpg"))
    with default_storage.open(file.file.name) as kept:
        assert kept.read() == sent


@pytest.mark.django_db
def test_an_unused_picture_goes(bucket, editor_client, django_capture_on_commit_callbacks):
    picture = library.add(png(size=(600, 300)))
    with django_capture_on_commit_callbacks(execute=True):
        editor_client.post(f"/admin/blog/picture/{picture.pk}/delete/", {"post": "yes"})
    assert not Picture.objects.exists() and not default_storage.exists(picture.name)


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_the_files_and_a_restore_puts_them_back(bucket, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    picture = library.add(photo())
    with default_storage.open(picture.name) as file:
        before = file.read()
    call_command("backup", tmp_path / "site.zip", verbosity=0)
    default_storage.delete(picture.name)
    default_storage.save("uploads/later.png", ContentFile(b"later"))
    call_command("restore", tmp_path / "site.zip", "--replace", "--no-backup", verbosity=0)
    with default_storage.open(picture.name) as file:
        assert file.read() == before
    assert not default_storage.exists("uploads/later.png")


# When it does not work


@pytest.mark.django_db
def test_the_doctor_tries_it(bucket):
    [finding] = doctor.storage()
    assert (finding.level, bucket in finding.sentence) == (doctor.GOOD, True)
    assert not default_storage.exists("doctor/probe.txt")


@pytest.mark.django_db
def test_the_doctor_complains_of_a_bucket_that_everybody_reads(bucket, monkeypatch):
    monkeypatch.setattr(type(storages["default"]), "is_public", lambda self, name: True)
    assert doctor.WRONG in {finding.level for finding in doctor.storage()}


@pytest.mark.django_db
def test_a_storage_that_is_not_there_is_said_and_pages_are_shown(settings, editor_client, monkeypatch):
    monkeypatch.setattr("config.bucket.TRIES", 1)
    url = f"s3://key:secret@attic?endpoint_url=http://127.0.0.1:{free_port()}&region_name=us-east-1"
    settings.STORAGES = {**settings.STORAGES, "default": storage.parse(url, {})}
    [finding] = doctor.storage()
    assert finding.level == doctor.WRONG and "cannot be reached" in finding.sentence
    answer = editor_client.post("/admin/blog/post/upload/", {"image": png()})
    assert answer.status_code == 400 and "stored" in answer.json()["error"]
    assert editor_client.get("/media/uploads/a.png").status_code == 404
    assert editor_client.get(make_post(body="![](/media/uploads/a.png)").path).status_code == 200
