import stat

import pytest
from environs import EnvError

from config import env


@pytest.fixture
def environment(monkeypatch, tmp_path):
    for name in (
        "SECRET_KEY",
        "DEBUG",
        "ALLOWED_HOSTS",
        "SITE_URL",
        "DATABASE_URL",
        "CACHE_URL",
        "EMAIL_URL",
        "STORAGE_URL",
        "PURGE_URL",
        "ADMINS",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    def read(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return env.read(tmp_path)

    return read


def test_nothing_has_to_be_set(environment, tmp_path):
    found = environment()
    assert not found.debug
    assert found.site_url == "http://127.0.0.1:8000"
    assert found.allowed_hosts == ["127.0.0.1", "localhost", "[::1]"]
    assert found.database["ENGINE"] == "django.db.backends.sqlite3"
    assert found.database["NAME"] == str(tmp_path / "db.sqlite3")


def test_host_of_the_site_is_the_only_one_allowed(environment):
    assert environment(SITE_URL="https://blog.example.org").allowed_hosts == ["blog.example.org"]


def test_scheme_of_the_site_decides_about_https(environment):
    assert environment(SITE_URL="https://blog.example.org/").https
    assert not environment(SITE_URL="http://127.0.0.1:9000").https


def test_back_ends_are_given_as_urls(environment):
    found = environment(DATABASE_URL="postgres://me:word@db:5433/site", CACHE_URL="redis://cache:6379/1")
    assert found.database["ENGINE"] == "django.db.backends.postgresql"
    assert (found.database["HOST"], found.database["PORT"], found.database["NAME"]) == ("db", 5433, "site")
    assert found.cache["BACKEND"] == "django.core.cache.backends.redis.RedisCache"


def test_all_wrong_variables_are_named_at_once(environment):
    with pytest.raises(EnvError) as error:
        environment(SITE_URL="blog.example.org", SECRET_KEY="changeme", DEBUG="perhaps", DATABASE_URL="what")
    for name in ("SITE_URL", "SECRET_KEY", "DEBUG", "DATABASE_URL"):
        assert name in str(error.value)


def test_site_below_a_folder_is_refused(environment):
    with pytest.raises(EnvError, match="root of its host"):
        environment(SITE_URL="https://example.org/blog/")


def test_secret_key_is_made_once_and_kept_for_its_owner(tmp_path):
    first = env.secret_key("", tmp_path)
    assert len(first) >= 50
    assert env.secret_key("", tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_given_secret_key_is_taken(tmp_path):
    assert env.secret_key("k" * 50, tmp_path) == "k" * 50
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "gopher://host") for name in ("DATABASE_URL", "CACHE_URL", "EMAIL_URL", "STORAGE_URL")),
        *(("DATABASE_URL", value) for value in ("mysql://me:word@db/site", "oracle://me:word@db/site")),
    ],
)
def test_a_kind_that_is_not_known_is_refused_with_an_example(environment, name, value):
    with pytest.raises(EnvError) as error:
        environment(**{name: value})
    (sentence,) = env.problems_of(error.value)
    assert sentence.startswith(f"{name}: ")
    assert sentence.count("ive one like") == 1
    assert "word@db" not in sentence


@pytest.mark.parametrize(
    ("address", "encryption", "port"),
    [
        (env.LIKE["EMAIL_URL"], "TLS", 587),
        ("smtp://user:password@host:587/?tls=True", "TLS", 587),
        ("submission://user:password@host", "TLS", 587),
        ("smtp+tls://user:password@host", "TLS", 587),
        ("smtp+ssl://user:password@host", "SSL", 465),
        ("smtps://user:password@host", "SSL", 465),
        ("smtps://user:password@host:4650", "SSL", 4650),
        ("smtps://user:password@host:587", "TLS", 587),
        ("smtp://127.0.0.1:1025", None, 1025),
    ],
)
def test_mail_is_encrypted_as_its_address_says(environment, address, encryption, port):
    email = environment(EMAIL_URL=address).email
    assert email["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert email["EMAIL_PORT"] == port
    assert {name for name in ("TLS", "SSL") if email[f"EMAIL_USE_{name}"]} == {encryption} - {None}
    assert email["EMAIL_HOST_PASSWORD"] == (encryption and "password")


@pytest.mark.parametrize("sign", "/#?[")
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("EMAIL_URL", "smtp://user:{}@host"),
        ("EMAIL_URL", "smtp+tls://user:{}@host"),
        ("CACHE_URL", "redis://:{}@host:6379/1"),
        ("DATABASE_URL", "postgres://user:{}@host/name"),
        ("STORAGE_URL", "s3://key:{}@bucket"),
        ("PURGE_URL", "https://user:{}@host"),
        ("SITE_URL", "https://user:{}@host"),
    ],
)
def test_a_password_in_an_address_that_cannot_be_read_is_not_repeated(environment, name, address, sign):
    with pytest.raises(EnvError) as error:
        environment(**{name: address.format(f"se{sign}cret")})
    (sentence,) = env.problems_of(error.value)
    assert sentence.startswith(f"{name}: ")
    assert "se" + sign not in sentence and "'se'" not in sentence and "cret@" not in sentence


def test_the_folder_for_mails_is_the_one_that_is_named(environment):
    assert environment(EMAIL_URL="file:///srv/mails").email["EMAIL_FILE_PATH"] == "/srv/mails"
    assert environment(EMAIL_URL="file://mails/sent").email["EMAIL_FILE_PATH"] == "mails/sent"


def test_who_hears_of_errors_is_given_by_addresses(environment):
    assert environment(ADMINS="Me <me@example.org>, you@example.org").admins == [
        "me@example.org",
        "you@example.org",
    ]
    with pytest.raises(EnvError) as error:
        environment(ADMINS="me@example.org,you")
    (sentence,) = env.problems_of(error.value)
    assert "'you' is no mail address" in sentence


@pytest.mark.parametrize("name", ["DATABASE_URL", "CACHE_URL", "EMAIL_URL", "DEBUG"])
def test_what_is_set_to_nothing_is_not_set(environment, name):
    assert environment(**{name: ""}) == environment()
