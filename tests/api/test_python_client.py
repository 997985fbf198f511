"""The client that is written from the schema works against a running server."""

import importlib.util
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from sparkops.isolation.scope import client_scope
from tests.api.conftest import make_caller
from tests.factories.cast import build_cast
from tests.factories.creators import make_creator

pytestmark = pytest.mark.django_db(transaction=True)


def written(folder: Path) -> Any:
    """The module as a caller would import it."""
    out, path = StringIO(), folder / "sparkops_client.py"
    call_command("api_client", stdout=out)
    path.write_text(out.getvalue())
    spec = importlib.util.spec_from_file_location("sparkops_client", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_n25_a_generated_client_reads_pages_writes_once_and_tells_refusals(
    transactional_db: None, live_server: Any, tmp_path: Path
) -> None:
    """N25: documented API, with a client that is made from the document."""
    cast = build_cast()
    with client_scope(cast.client.pk):
        creators = [make_creator(f"maker{number}") for number in range(5)]
    module = written(tmp_path)
    secret = make_caller(cast.agency, cast.client).secret
    with module.SparkOps(live_server.url, secret) as api:
        handles = {row["handle"] for row in api.all("list_creators", "glow", limit=2)}
        assert handles == {f"maker{number}" for number in range(5)}
        changed = api.change_creator("glow", creators[0].pk, {"notes": "Hello"})
        assert changed["notes"] == "Hello"
        body = {"name": "Two", "handles": ["maker1", "maker2"]}
        first = api.add_segments("glow", body, once="seg-1")
        assert api.add_segments("glow", body, once="seg-1") == first
        with pytest.raises(module.Refused) as refused:
            api.add_segments("glow", body)
        assert (refused.value.status, refused.value.code) == (422, "name_taken")
        with pytest.raises(module.Refused) as refused:
            api.get_creator("secret-brand", 1)
        assert refused.value.status == 404
