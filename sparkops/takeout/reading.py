"""How far an archive is, and the file that it becomes."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any

from django.db.models import Count, Sum

from sparkops.takeout.models import Part, Share, Takeout
from sparkops.tenants.models import Client, Organization

READ_ME = """Everything that SparkOps holds about the clients of {organization}.

One folder for each client, in it one file for each table: a line of JSON for each row, in UTF-8.
Amounts are text with their decimals beside a currency, moments are ISO 8601 in UTC, and a column
that ends in _id names the id of a row in another file. manifest.json counts the rows of each file
and states its SHA-256. Sealed values (access to TikTok, Spark codes, API keys) are not included:
they open nothing outside of this installation.
"""


@dataclass(frozen=True)
class Progress:
    """How far an archive is, over all its clients."""

    takeout: Takeout
    done: int
    tables: int
    rows: int
    is_ready: bool
    is_gone: bool

    @property
    def percent(self) -> int:
        return self.done * 100 // self.tables if self.tables else 0


def newest(organization: Organization) -> Takeout | None:
    """The archive of all clients that was asked for last."""
    whole = Takeout.objects.filter(organization=organization, only=None)
    return whole.order_by("-pk").first()


def progress_of(takeout: Takeout) -> Progress:
    """How far it is, in the open scope of all its clients."""
    sums = Share.objects.filter(takeout=takeout).aggregate(
        shares=Count("id"),
        finished=Count("finished_at"),
        done=Sum("done"),
        tables=Sum("tables"),
        rows=Sum("rows"),
    )
    shares = sums["shares"]
    is_ready = shares > 0 and sums["finished"] == shares
    return Progress(
        takeout,
        sums["done"] or 0,
        sums["tables"] or 0,
        sums["rows"] or 0,
        is_ready,
        shares == 0,
    )


def archive(takeout: Takeout, clients: Sequence[Client]) -> IO[bytes]:
    """The ZIP file, in the open scope of all clients; whoever takes it closes it."""
    file = TemporaryFile()  # noqa: SIM115 - streamed to the reader, who closes it
    manifest: dict[str, Any] = {
        "organization": takeout.organization.name,
        "asked_at": takeout.asked_at.isoformat(),
        "clients": [],
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for client in clients:
            share = Share.objects.filter(takeout=takeout, client=client).first()
            if share is not None:
                manifest["clients"].append(_of_client(client, _write(bundle, client, share)))
        bundle.writestr("README.txt", READ_ME.format(organization=takeout.organization.name))
        bundle.writestr("manifest.json", json.dumps(manifest, indent=2))
    file.seek(0)
    return file


def manifest_hash(takeout: Takeout, client: Client) -> str:
    """SHA-256 (hex) of the manifest of one client's archive, which hashes every file in it."""
    with archive(takeout, [client]) as file, zipfile.ZipFile(file) as bundle:
        return hashlib.sha256(bundle.read("manifest.json")).hexdigest()


def _of_client(client: Client, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": client.name,
        "folder": client.slug,
        "timezone": client.timezone,
        "currency": client.currency,
        "files": files,
    }


def _write(bundle: zipfile.ZipFile, client: Client, share: Share) -> list[dict[str, Any]]:
    parts = Part.objects.filter(share=share)
    names = parts.order_by("table").values_list("table", flat=True).distinct()
    written = []
    for table in list(names):
        path, digest, rows = f"{client.slug}/{table}.jsonl", hashlib.sha256(), 0
        with bundle.open(path, "w", force_zip64=True) as target:
            for part in parts.filter(table=table).order_by("pk").iterator(chunk_size=1):
                lines = zlib.decompress(part.content)
                digest.update(lines)
                target.write(lines)
                rows += part.rows
        written.append({"file": path, "rows": rows, "sha256": digest.hexdigest()})
    return written
