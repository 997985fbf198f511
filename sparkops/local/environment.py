"""The variables a local SparkOps runs with."""

import os
from collections.abc import Mapping

LOCAL_NAMES = "127.0.0.1,localhost"


def product_environment(values: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment with `values` on top and nothing that would bend a local run."""
    environment = {**os.environ, **values}
    environment["DJANGO_SETTINGS_MODULE"] = "sparkops.settings"
    environment["PYTHONUNBUFFERED"] = "1"
    environment["SPARKOPS_NO_BOOTSTRAP"] = "1"
    # A proxy for the internet must not get the calls between our own processes.
    for name in ("NO_PROXY", "no_proxy"):
        environment[name] = ",".join(filter(None, [os.environ.get(name, ""), LOCAL_NAMES]))
    return environment
