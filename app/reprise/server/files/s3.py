"""A store of files in a bucket of any service that speaks S3."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage

from reprise.codec import sha256_hex
from reprise.i18n import _
from reprise.server.files.store import (
    Kept,
    NoFileError,
    StoreError,
    checked,
    is_name,
    place_of,
)

_CONNECT_S, _READ_S = 2, 5
_AWAY_S = 5.0  # for which nobody tries again: each try keeps a page waiting
_MOST_WORDS = 200  # characters
_ERRORS = (BotoCoreError, ClientError, Boto3Error, RetriesExceededError, OSError)


@dataclass(frozen=True, slots=True)
class Bucket:
    """`endpoint`: "" is Amazon's own. The keys are in no text that is made of this."""

    name: str
    endpoint: str
    region: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)


class S3Store:
    """As store.FileStore says."""

    def __init__(self, bucket: Bucket) -> None:
        self.shown = f"{bucket.endpoint or 's3'} {bucket.name}"
        self._access_key = bucket.access_key
        self._away_until = 0.0
        self._storage = S3Storage(
            bucket_name=bucket.name,
            endpoint_url=bucket.endpoint or None,
            region_name=bucket.region or None,
            access_key=bucket.access_key,
            secret_key=bucket.secret_key,
            default_acl=None,
            file_overwrite=True,
            client_config=_config(bucket),
            # no threads: the process that puts files there begins others as copies of itself
            transfer_config=TransferConfig(use_threads=False, num_download_attempts=1),
        )

    def put(self, area: str, data: bytes) -> str:
        name = sha256_hex(data)
        with self._told():
            self._storage.save(place_of(area, name), ContentFile(data))
        return name

    def get(self, area: str, name: str) -> bytes:
        with self._told():
            try:
                with self._storage.open(place_of(area, name)) as file:
                    data: bytes = file.read()
            except FileNotFoundError as error:
                raise NoFileError(name) from error
        return checked(data, name)

    def delete(self, area: str, name: str) -> None:
        with self._told():
            self._storage.delete(place_of(area, name))

    def try_to_write(self, area: str) -> None:
        """Not asked: each question costs, and readiness is asked all the time."""

    def list(self, area: str) -> Iterator[Kept]:
        with self._told():
            for found in self._storage.bucket.objects.filter(Prefix=f"{area}/"):
                name = found.key.rpartition("/")[2]
                if is_name(name) and found.key == place_of(area, name):
                    yield Kept(name, found.last_modified)

    @contextmanager
    def _told(self) -> Iterator[None]:
        if time.monotonic() < self._away_until:
            raise self._away(_("it did not answer a moment ago"))
        try:
            yield
        except _ERRORS as error:
            if not isinstance(error, ClientError):  # it answered, and said no
                self._away_until = time.monotonic() + _AWAY_S
            raise self._away(self._reason(error)) from error

    def _reason(self, error: Exception) -> str:
        """In the service's own words, or the library's; they may name the key."""
        if isinstance(error, ClientError):
            told = error.response.get("Error", {})
            text = f"{told.get('Code', '')} {told.get('Message', '')}"
        else:
            text = str(error)
        return " ".join(text.split())[:_MOST_WORDS].replace(self._access_key, "…")

    def _away(self, reason: str) -> StoreError:
        return StoreError(
            _("The store of files {store} cannot be used: {reason}.").format(
                store=self.shown, reason=reason
            ),
            _("Check the service, the bucket and the keys that server.toml names."),
        )


def _config(bucket: Bucket) -> Config:
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if bucket.endpoint else "auto"},
        connect_timeout=_CONNECT_S,
        read_timeout=_READ_S,
        retries={"total_max_attempts": 1, "mode": "standard"},
        # many services know no checksums of their own; we look at each byte ourselves
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
