import io
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing

import pytest
from django.conf import settings as site_settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from blog.management import first_run
from blog.models import Post, SiteProfile
from comments.models import Comment
from tests.factories import make_editor, make_post


@pytest.fixture
def static_folders(settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "site.css").write_text("a {}")
    settings.STATICFILES_DIRS = [source]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    return source


def run_without_serving():
    out = io.StringIO()
    call_command("quickstart", "--no-serve", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_demo_comes_in_whole_with_its_discussions():
    entries, problems = first_run.ready_demo()
    assert entries >= 12 and problems == []
    assert Comment.objects.approved().count() > 20
    assert SiteProfile.load().menu


@pytest.mark.django_db
def test_a_site_that_has_something_gets_no_demo():
    make_post()
    assert first_run.ready_demo() is None


@pytest.mark.django_db
def test_a_demo_that_was_deleted_does_not_come_back():
    first_run.ready_demo()
    Post.objects.all().delete()
    assert first_run.ready_demo() is None


@pytest.mark.django_db
def test_the_password_of_the_editor_is_told_once():
    password = first_run.ready_editor()
    editor = get_user_model().objects.get(username="editor")
    assert editor.is_superuser and editor.check_password(password)
    assert first_run.ready_editor() == ""


@pytest.mark.django_db
def test_a_site_with_an_editor_gets_no_second_one():
    make_editor("ida")
    assert first_run.ready_editor() is None


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_is_left_alone():
    assert first_run.ready_database() is False


def test_static_files_are_collected_when_their_sources_change(static_folders, settings):
    assert first_run.ready_static_files() is True
    assert (settings.STATIC_ROOT / "site.css").read_text() == "a {}"
    assert first_run.ready_static_files() is False
    (static_folders / "site.css").write_text("b { }")
    os.utime(static_folders / "site.css", (2_000_000_000, 2_000_000_000))
    assert first_run.ready_static_files() is True
    assert (settings.STATIC_ROOT / "site.css").read_text() == "b { }"


@pytest.mark.django_db
def test_the_second_time_nothing_is_made(static_folders):
    first = run_without_serving()
    assert "A demo was brought in" in first and "password " in first
    before = list(Post.objects.order_by("pk").values())
    second = run_without_serving()
    assert "brought in" not in second and "collected" not in second
    assert "changepassword editor" in second
    assert list(Post.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_a_taken_port_is_told_before_anything_is_done(settings):
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings.PORT = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {settings.PORT} is taken") as error:
            call_command("quickstart")
    assert error.value.returncode == 2


def free_port():
    with closing(socket.socket()) as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def wait_for(address, process):
    until = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(address) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The server did not answer.")


def test_it_serves_the_demo_on_the_port_that_was_asked_for_and_ends_cleanly(tmp_path):
    port = free_port()
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SITE_URL")
    }
    environment |= {"DATA_DIR": str(tmp_path / "site"), "PORT": str(port), "DEBUG": "true"}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    command = [sys.executable, "manage.py", "quickstart"]
    with subprocess.Popen(
        command, cwd=site_settings.BASE_DIR, env=environment, stdout=subprocess.PIPE
    ) as process:
        try:
            page = wait_for(f"http://127.0.0.1:{port}/", process)
        finally:
            process.send_signal(signal.SIGTERM)
        printed = process.communicate(timeout=60)[0].decode()
    assert "<h1" in page or "<h2" in page
    assert f"http://127.0.0.1:{port}/admin/" in printed
    assert process.returncode == 0
    assert sorted(path.name for path in (tmp_path / "site").iterdir() if path.is_dir()) == ["media", "static"]
