from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from blog.models import Post
from config import doctor
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def found(check):
    return [(finding.level, finding.sentence) for finding in check()]


def levels(check):
    return {finding.level for finding in check()}


def test_a_site_in_order_has_nothing_wrong(capsys, monkeypatch):
    make_comment()
    others = [
        check for check in doctor.CHECKS if check is not doctor.configuration
    ]  # that of the tests is none
    monkeypatch.setattr(doctor, "CHECKS", others)
    call_command("doctor")
    assert "WRONG" not in capsys.readouterr().out


def test_what_is_wrong_ends_with_1_and_says_what_to_do(capsys, monkeypatch):
    wrong = doctor.Finding(doctor.WRONG, "The roof leaks.", "Mend it.")
    monkeypatch.setattr(doctor, "CHECKS", [lambda: [wrong]])
    with pytest.raises(SystemExit) as end:
        call_command("doctor", verbosity=0)
    assert end.value.code == 1
    output = capsys.readouterr().out
    assert "The roof leaks." in output
    assert "Mend it." in output


def test_a_check_that_breaks_does_not_keep_the_others_from_running(monkeypatch):
    def broken():
        raise RuntimeError("no such thing")

    fine = doctor.Finding(doctor.GOOD, "Fine.")
    monkeypatch.setattr(doctor, "CHECKS", [broken, lambda: [fine]])
    first, second = doctor.examine()
    assert first.level == doctor.WRONG
    assert "broken" in first.sentence
    assert second == fine


def test_the_database_is_looked_through():
    assert levels(doctor.database) == {doctor.GOOD}


def test_a_database_that_is_away_is_told_once(monkeypatch):
    monkeypatch.setattr("config.startup.database_is_away", lambda *_: ["The database does not answer: gone."])
    monkeypatch.setattr(doctor, "CHECKS", [doctor.database, *doctor.ON_TABLES, doctor.cache_store])
    assert [finding.level for finding in doctor.examine()] == [doctor.WRONG, doctor.GOOD]


def test_a_database_that_takes_no_writes_is_wrong(monkeypatch):
    if connection.vendor == "sqlite":
        monkeypatch.setattr(doctor, "is_only_read", lambda name: True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
    assert levels(doctor.database_takes_writes) == {doctor.WRONG}


def test_missing_triggers_are_wrong():
    assert not found(doctor.stored_pages)
    name = "pagestore_blog_post_update" if connection.vendor == "sqlite" else "pagestore_blog_post"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else " ON blog_post"))
    assert levels(doctor.stored_pages) == {doctor.WRONG}
    call_command("migrate", verbosity=0)
    assert not found(doctor.stored_pages)


def test_static_files_that_were_not_collected_are_wrong(monkeypatch):
    monkeypatch.setattr("blog.management.first_run.static_files_are_old", lambda: True)
    assert levels(doctor.static_files) == {doctor.WRONG}


def test_a_cache_that_is_away_is_told_with_what_to_do(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }
    (finding,) = doctor.cache_store()
    assert finding.level == doctor.WRONG
    assert "CACHE_URL" in finding.remedy


def test_an_address_that_would_lead_in_circles_is_wrong(settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://blog.example", ["blog.example"]
    settings.SECURE_SSL_REDIRECT, settings.TRUSTED_PROXIES = True, []
    assert levels(doctor.address) == {doctor.WRONG}
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert not found(doctor.address)


def test_an_address_whose_host_is_refused_is_wrong(settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://blog.example:8443", ["other.example"]
    ((level, sentence),) = found(doctor.address)
    assert level == doctor.WRONG
    assert " blog.example," in sentence


def test_missing_migrations_are_named():
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    ((level, sentence),) = found(doctor.migrations)
    assert level == doctor.WRONG
    assert "sessions" in sentence


def test_html_of_an_older_version_is_noticed():
    make_post()
    assert levels(doctor.stored_html) == {doctor.GOOD}
    Post.objects.update(rendered_by=0)
    assert levels(doctor.stored_html) == {doctor.NOTE}


@pytest.mark.parametrize(
    ("free", "level"), [(50 * 1024**3, doctor.GOOD), (500 * 1024**2, doctor.NOTE), (1024, doctor.WRONG)]
)
def test_little_space_is_noticed(monkeypatch, free, level):
    usage = SimpleNamespace(free=free, total=100 * 1024**3)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage)
    assert levels(doctor.disk) == {level}


def test_the_storage_is_tried_and_left_clean(settings):
    assert levels(doctor.storage) == {doctor.GOOD}
    assert not list(settings.MEDIA_ROOT.rglob("*.txt"))


def test_a_storage_that_takes_nothing_is_wrong(settings, monkeypatch):
    settings.MEDIA_ROOT.parent.mkdir(exist_ok=True)
    settings.MEDIA_ROOT.write_text("a file where the folder should be")
    monkeypatch.setattr(doctor, "CHECKS", [doctor.storage])
    assert [finding.level for finding in doctor.examine()] == [doctor.WRONG]


def test_mails_that_are_only_printed_are_noted(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert levels(doctor.mails) == {doctor.NOTE}


def test_a_mail_server_that_does_not_answer_is_wrong(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    ((level, sentence),) = found(doctor.mails)
    assert level == doctor.WRONG
    assert "127.0.0.1:1" in sentence


def test_a_password_that_goes_to_the_mail_server_unencrypted_is_wrong(settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST_PASSWORD, settings.ADMINS = "word", ["you@example.org"]
    monkeypatch.setattr("smtplib.SMTP.connect", lambda *_: (220, b"hello"))
    monkeypatch.setattr("smtplib.SMTP.login", lambda *_: None)
    monkeypatch.setattr("smtplib.SMTP.starttls", lambda *_args, **_more: None)
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = True, "me"
    assert levels(doctor.mails) == {doctor.GOOD}
    settings.EMAIL_USE_TLS = False
    assert doctor.WRONG in levels(doctor.mails)


def test_a_secret_that_others_can_read_is_wrong(data_dir):
    key = data_dir / "secret_key"
    key.write_text("secret")
    key.chmod(0o600)
    assert doctor.WRONG not in levels(doctor.secrets)
    key.chmod(0o644)
    assert doctor.WRONG in levels(doctor.secrets)


def test_a_clock_that_went_back_is_wrong(time_machine):
    assert levels(doctor.clock) == {doctor.GOOD}
    time_machine.move_to(datetime(2001, 1, 1, tzinfo=UTC))
    assert levels(doctor.clock) == {doctor.WRONG}


def test_old_and_missing_backups_are_noted(data_dir):
    assert levels(doctor.backups) == {doctor.NOTE}
    call_command("backup", data_dir / "site.zip", verbosity=0)
    assert levels(doctor.backups) == {doctor.GOOD}
    long_ago = datetime.now(UTC) - timedelta(days=30)
    (data_dir / "last_backup").write_text(long_ago.isoformat())
    assert levels(doctor.backups) == {doctor.NOTE}


def test_debugging_in_the_open_is_wrong(settings):
    settings.DEBUG = True
    assert doctor.WRONG in levels(doctor.configuration)
