"""Where uploaded files lie: in a folder, or in S3-compatible storage.

STORAGE_URL=s3://KEY:SECRET@BUCKET/FOLDER?endpoint_url=https://…, or the library's own names in the environment.
"""

from importlib.util import find_spec
from urllib.parse import parse_qsl, unquote, urlsplit

ON_DISK = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
BACKEND = "config.bucket.Bucket"
LIKE = "Give one like s3://KEY:SECRET@BUCKET?endpoint_url=https://s3.example.org"
# What the library calls an option, and the names it reads each from in a project's settings.
NAMES = {
    "access_key": ("AWS_S3_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID"),
    "secret_key": ("AWS_S3_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY"),
    "security_token": ("AWS_SESSION_TOKEN",),
    "bucket_name": ("AWS_STORAGE_BUCKET_NAME",),
    "location": ("AWS_LOCATION",),
    "endpoint_url": ("AWS_S3_ENDPOINT_URL",),
    "region_name": ("AWS_S3_REGION_NAME",),
    "addressing_style": ("AWS_S3_ADDRESSING_STYLE",),
    "signature_version": ("AWS_S3_SIGNATURE_VERSION",),
    "default_acl": ("AWS_DEFAULT_ACL",),
    "verify": ("AWS_S3_VERIFY",),
}


class StorageError(ValueError):
    """What is wrong with STORAGE_URL, as a sentence."""


def parse(url: str, environment) -> dict:
    """Django's STORAGES entry. environment is asked for the library's own names."""
    named = {
        option: value for option, names in NAMES.items() for name in names if (value := environment.get(name))
    }
    if not url and "bucket_name" not in named:
        return ON_DISK
    options = {**named, **(_options(url) if url else {})}
    if not find_spec("storages") or not find_spec("boto3"):
        raise StorageError("needs django-storages: pip install 'django-storages[s3]'")
    return {"BACKEND": BACKEND, "OPTIONS": options}


def _options(url):
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        given = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise StorageError(
            f"cannot be read; in a key or secret / is written %2F and + %2B. {LIKE}"
        ) from error
    if parts.scheme != "s3" or not host or port:
        raise StorageError(f"is not understood. {LIKE}")
    if unknown := sorted(set(given) - set(NAMES)):
        raise StorageError(f"has the option {unknown[0]!r}, which is none of: {', '.join(NAMES)}")
    named = {
        "access_key": unquote(parts.username or ""),
        "secret_key": unquote(parts.password or ""),
        "bucket_name": host,
        "location": unquote(parts.path).strip("/"),
        **given,
    }
    return {name: value for name, value in named.items() if value}
