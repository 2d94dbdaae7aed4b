"""A store that speaks S3, over HTTP, which may go away and come back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
import requests
from moto.server import ThreadedMotoServer

ACCESS, SECRET = "AKIDTEST0000000000AA", "n0t-to-be-seen-anywhere"


@dataclass
class Service:
    """Its bucket is "papers-of-us"."""

    port: int
    server: ThreadedMotoServer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> boto3.client:
        told = {"aws_access_key_id": ACCESS, "aws_secret_access_key": SECRET}
        return boto3.client("s3", endpoint_url=self.url, region_name="eu-west-3", **told)

    def stop(self) -> None:
        self.server.stop()

    def start(self) -> None:
        """What it held is there again: it is in this process."""
        self.server = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        self.server.start()


@contextmanager
def running_service() -> Iterator[Service]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    made = Service(server.get_host_and_port()[1], server)
    requests.post(f"{made.url}/moto-api/reset", timeout=30)  # an earlier one was in this process
    where = {"LocationConstraint": "eu-west-3"}
    made.client().create_bucket(Bucket="papers-of-us", CreateBucketConfiguration=where)
    try:
        yield made
    finally:
        made.stop()


def settings(service: Service, folder: Path) -> str:
    """Those of server.toml, with the keys in a file of this folder."""
    keys = folder / "keys.toml"
    keys.write_text(f'access_key = "{ACCESS}"\nsecret_key = "{SECRET}"\n')
    keys.chmod(0o600)
    return (
        f's3_bucket = "papers-of-us"\ns3_endpoint = "{service.url}"\ns3_region = "eu-west-3"\n'
        f's3_keys = "{keys}"\n'
    )
