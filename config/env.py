"""What the environment may say about a site, read once and checked as a whole."""

import ipaddress
import os
import secrets
from dataclasses import dataclass, replace
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_email_url
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import validate_email
from environs import Env, EnvError, EnvValidationError, ValidationError, validate

from config import storage

WEAK_SECRETS = {"", "changeme", "secret", "insecure", "django-insecure"}
LIKE = {
    "DATABASE_URL": "postgres://user:password@host/name",
    "DATABASE_REPLICA_URL": "postgres://user:password@host/name",
    "CACHE_URL": "redis://127.0.0.1:6379/1",
    "EMAIL_URL": "smtp+tls://user:password@host:587",
    "DEBUG": "true or false",
}
DATABASES = ("sqlite", "postgres", "postgresql", "pgsql")
MAIL = ("smtp", "smtps", "smtp+tls", "smtp+ssl", "submission", "submit", "console", "file", "memory", "dummy")
SUBMISSION = 587
SECURE_MAIL = {
    "smtp+tls": ("EMAIL_USE_TLS", SUBMISSION),
    "smtp+ssl": ("EMAIL_USE_SSL", 465),
    "smtps": ("EMAIL_USE_SSL", 465),
}
ESCAPED = "cannot be read; in a name or password / is written %2F, # %23, ? %3F, [ %5B and @ %40"
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]


@dataclass(frozen=True)
class Environment:
    """The settings an operator may give; README.md has the table."""

    data_dir: Path
    secret_key: str
    debug: bool
    site_url: str
    port: int
    allowed_hosts: list[str]
    trusted_proxies: list[str]
    database: dict
    replica: dict
    cache: dict
    storage: dict
    email: dict
    from_email: str
    admins: list[str]
    akismet_key: str
    purge_url: str
    purge_header: str
    log_level: str
    log_format: str

    @property
    def https(self) -> bool:
        return self.site_url.startswith("https://")


def read(base_dir: Path) -> Environment:
    """Read and check every variable; raise EnvError naming all that are wrong."""
    env = Env(eager=False)
    env.add_parser("storage_url", _storage)
    env.add_parser("email_url", _mail)
    env.read_env(base_dir / ".env", recurse=False)
    for name in LIKE:
        if os.environ.get(name) == "":  # as compose files pass on what was not set
            del os.environ[name]
    data_dir = Path(env.str("DATA_DIR", str(base_dir / "var")) or "var").resolve()
    port = env.int("PORT", 8000, validate=validate.Range(1, 65535))
    site_url = env.str("SITE_URL", f"http://127.0.0.1:{port}", validate=_web_address) or ""
    _known_scheme(env, "DATABASE_URL", DATABASES)
    _known_scheme(env, "DATABASE_REPLICA_URL", DATABASES)
    _known_scheme(env, "EMAIL_URL", MAIL)
    _known_scheme(env, "CACHE_URL")
    database = env.dj_db_url("DATABASE_URL", f"sqlite:///{data_dir / 'db.sqlite3'}", conn_health_checks=True)
    has_replica = env.str("DATABASE_REPLICA_URL", "")
    replica = has_replica and env.dj_db_url("DATABASE_REPLICA_URL", conn_health_checks=True)
    found = Environment(
        data_dir=data_dir,
        secret_key=env.str("SECRET_KEY", "", validate=_strong_or_absent) or "",
        debug=bool(env.bool("DEBUG", False)),
        site_url=site_url.rstrip("/"),
        port=port or 8000,
        allowed_hosts=env.list("ALLOWED_HOSTS", _hosts_of(site_url)) or [],
        trusted_proxies=env.list("TRUSTED_PROXIES", [], validate=_networks) or [],
        database=database or {},
        replica=replica or {},
        cache=env.dj_cache_url("CACHE_URL", "locmem://") or {},
        storage=env.storage_url("STORAGE_URL", "") or {},
        email=env.email_url("EMAIL_URL", "console://") or {},
        from_email=env.str("DEFAULT_FROM_EMAIL", f"noreply@{_split(site_url).hostname}") or "",
        admins=[parseaddr(each)[1] for each in env.list("ADMINS", [], validate=_addresses) or []],
        akismet_key=env.str("AKISMET_KEY", "") or "",
        purge_url=env.str("PURGE_URL", "", validate=_http_or_absent) or "",
        purge_header=env.str("PURGE_HEADER", "") or "",
        log_level=env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]))
        or "",
        log_format=env.str("LOG_FORMAT", "plain", validate=validate.OneOf(["plain", "json"])) or "plain",
    )
    return _whole(env, found)


def _whole(env, found):
    """With its secret key; or raise EnvError with all that is wrong, a folder in which no key can be kept too."""
    wrong = {}
    try:
        env.seal()
    except EnvValidationError as error:
        wrong = dict(error.error_messages)
    try:
        key = secret_key(found.secret_key, found.data_dir)
    except OSError as error:
        wrong.setdefault("DATA_DIR", []).append(
            f"the secret key in {found.data_dir} can be neither read nor made ({error.strerror}). "
            "Give the folder to the user this runs as, name another one, or set SECRET_KEY."
        )
    if wrong:
        raise EnvValidationError(f"Environment variables invalid: {wrong}", wrong)
    return replace(found, secret_key=key)


def secret_key(given: str, data_dir: Path) -> str:
    """The given key, or one made at the first start and kept in DATA_DIR, readable by its owner alone."""
    if given:
        return given
    file = data_dir / "secret_key"
    if not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
                handle.write(secrets.token_urlsafe(50))
        except FileExistsError:  # another process was first
            pass
    return file.read_text().strip()


def problems_of(error: EnvError) -> list[str]:
    """A sentence for each variable, about the first thing that is wrong with it; what may hold a secret is not repeated."""
    found = getattr(error, "error_messages", None)
    if not isinstance(found, dict):
        return [str(error)]
    return [_sentence(name, texts) for name, texts in found.items()]


def _sentence(name, texts):
    said = str(texts[0] if isinstance(texts, list) else texts).rstrip(".")
    return f"{name}: {said}." + (f" Give one like {LIKE[name]}." if name in LIKE else "")


def _known_scheme(env, name, known=()):
    """The libraries take more kinds than the site works with, or take what they do not know for none; and of an
    address that they cannot read they repeat what may be a password."""

    def check(value):
        scheme = value.partition(":")[0]
        if value and known and scheme not in known:
            raise ValidationError(f"{scheme[:20]!r} is no kind that this site works with")
        if value and scheme != "sqlite" and _split(value) == urlsplit(""):
            raise ValidationError(ESCAPED)

    env.str(name, "", validate=check)


def _split(value: str):
    """The parts of an address; no part at all of what is none."""
    try:
        parts = urlsplit(value)
        _port = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def _web_address(value: str) -> None:
    parts = _split(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValidationError("is not a web address; give one like https://blog.example.org")
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValidationError("has more than scheme, host and port; the site lives at the root of its host")


def _storage(value: str) -> dict:
    try:
        return storage.parse(value, os.environ)
    except storage.StorageError as error:
        raise ValidationError(str(error)) from error


def _mail(value: str) -> dict:
    """Encrypted as the scheme says: the library knows none of these, and would send the password to be read by all."""
    scheme, _, rest = value.partition(":")
    try:
        found = dj_email_url.parse(f"smtp:{rest}" if scheme in SECURE_MAIL else value)
    except ValueError as error:
        raise ValidationError(ESCAPED) from error
    if scheme == "file":
        found["EMAIL_FILE_PATH"] = unquote(
            rest.removeprefix("//")
        )  # the library takes the first folder for a host
    if scheme in SECURE_MAIL:
        encryption, usual_port = SECURE_MAIL[scheme]
        port = _split(value).port or usual_port
        if port == SUBMISSION:  # where encryption begins after the greeting, however the address is spelled
            encryption = "EMAIL_USE_TLS"
        found |= {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False, encryption: True, "EMAIL_PORT": port}
    return found


def _http_or_absent(value: str) -> None:
    parts = _split(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValidationError("is not a web address; give the one your CDN takes purges at, or leave it out")


def _strong_or_absent(value: str) -> None:
    if value and (len(value) < 32 or len(set(value)) < 8 or value.lower() in WEAK_SECRETS):
        raise ValidationError(
            "is too easy to guess; leave it out to have one made, or give at least 32 random characters"
        )


def _addresses(values: list[str]) -> None:
    for value in values:
        try:
            validate_email(parseaddr(value)[1])
        except DjangoValidationError as error:
            raise ValidationError(
                f"{value.strip()!r} is no mail address; give one like you@example.org, several with commas between"
            ) from error


def _networks(values: list[str]) -> None:
    for value in values:
        try:
            ipaddress.ip_network(value, strict=False)
        except ValueError as error:
            raise ValidationError(f"{value!r} is no address or network; give one like 10.0.0.0/8") from error


def _hosts_of(site_url: str) -> list[str]:
    host = _split(site_url).hostname or "localhost"
    return LOOPBACK if host in ("127.0.0.1", "localhost", "::1") else [host]
