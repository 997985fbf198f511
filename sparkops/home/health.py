"""Liveness and readiness."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from redis.exceptions import RedisError

from sparkops.isolation.checks import role_faults
from sparkops.tenants.gate import public_view


@public_view("load balancers ask whether the process answers")
def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@public_view("load balancers ask whether the process may serve")
def readyz(_request: HttpRequest) -> JsonResponse:
    """Database, cache and database role are fit to serve; 503 names what is not."""
    faults = _database_faults() + _cache_faults()
    status = 503 if faults else 200
    return JsonResponse(
        {"status": "not ready" if faults else "ok", "faults": faults}, status=status
    )


def _database_faults() -> list[str]:
    try:
        return [fault.sentence for fault in role_faults()]
    except DatabaseError:
        connection.close()
        return ["The database does not answer."]


def _cache_faults() -> list[str]:
    try:
        cache.get("readyz")
    except RedisError:
        return ["Redis does not answer."]
    return []
