"""Uploaded files in S3-compatible storage: django-storages, with addresses on this site and the errors it expects."""

import errno
from functools import wraps

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

IN_MEMORY = 2 * 1024 * 1024  # bytes of a file that is read; a longer one goes to a temporary file
SECONDS, TRIES = 10, 3  # an answer that does not come holds a thread no longer


def as_the_disk_would(method):
    """The site knows files that are missing, and files that cannot be read now."""

    @wraps(method)
    def guarded(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            kind = {404: errno.ENOENT, 403: errno.EACCES}.get(status, errno.EIO)
            raise OSError(kind, f"The storage answers: {error}") from error
        except BotoCoreError as error:
            raise OSError(errno.EIO, f"The storage cannot be reached: {error}") from error

    return guarded


class Bucket(S3Storage):
    """A folder of files to the rest of the site. Readers get them from this site, with its headers."""

    def __init__(self, *, signature_version=None, addressing_style=None, **options):
        limits = Config(
            connect_timeout=SECONDS,
            read_timeout=SECONDS,
            retries={"max_attempts": TRIES},
            signature_version=signature_version,
            s3={"addressing_style": addressing_style},
        )
        super().__init__(client_config=limits, max_memory_size=IN_MEMORY, **options)

    def url(self, name, *_args, **_kwargs):
        return settings.MEDIA_URL + filepath_to_uri(name)

    @as_the_disk_would
    def _open(self, name, mode="rb"):
        """Brought here at once, so that whatever goes wrong does so before anybody was promised the file."""
        file = super()._open(name, mode)
        return file.open() if "r" in mode else file

    @as_the_disk_would
    def is_public(self, name):
        """Whether somebody without a key can read this file from the storage itself."""
        try:
            self.unsigned_connection.meta.client.head_object(
                Bucket=self.bucket_name, Key=self._normalize_name(name)
            )
        except ClientError:
            return False
        return True

    _save = as_the_disk_would(S3Storage._save)
    exists = as_the_disk_would(S3Storage.exists)
    delete = as_the_disk_would(S3Storage.delete)
    size = as_the_disk_would(S3Storage.size)
    listdir = as_the_disk_would(S3Storage.listdir)
    get_modified_time = as_the_disk_would(S3Storage.get_modified_time)
