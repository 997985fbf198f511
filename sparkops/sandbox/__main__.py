"""``python -m sparkops.sandbox --port N --world demo``: runs the sandbox until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from sparkops.sandbox.ads.limits import LIMITER, TIERS
from sparkops.sandbox.assembly import open_sandbox
from sparkops.sandbox.credentials import for_base_url
from sparkops.sandbox.journal import JournalError
from sparkops.sandbox.seed import DEFAULT_SEED
from sparkops.sandbox.seed.plans import SCALES
from sparkops.sandbox.server import Sandbox, serve
from sparkops.sandbox.shop import watch
from sparkops.sandbox.shop.gate import LIMITS as SHOP_LIMITS
from sparkops.sandbox.shop.limits import DOCUMENTED_PER_SECOND


def moment(text: str) -> datetime:
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise argparse.ArgumentTypeError("the time needs an offset, as +00:00")
    return parsed.astimezone(UTC)


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sparkops.sandbox",
        description="A TikTok (Marketing API and Shop API) that runs on this machine.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port (default)")
    parser.add_argument("--world", default="demo", choices=sorted(SCALES))
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument(
        "--state", type=Path, help="file that keeps the world across restarts; made when missing"
    )
    parser.add_argument(
        "--start",
        type=moment,
        help="time of a new world, as 2026-11-24T12:00:00+00:00 (default: now)",
    )
    parser.add_argument(
        "--limits",
        default="off",
        choices=["off", *TIERS],
        help="rate limits: tiers of the Marketing API, any of them 50 a second for the Shop API "
        "(default: off)",
    )
    parser.add_argument(
        "--shop-redirect-uri",
        default="",
        help="where the Shop consent page sends the browser; a setting of the app, not of the link",
    )
    parser.add_argument(
        "--print-credentials",
        action="store_true",
        help="print one line of JSON first: addresses, apps, codes and tokens, ready for use",
    )
    return parser.parse_args(arguments)


def print_line(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def credentials(sandbox: Sandbox, base_url: str) -> str:
    """Fresh codes and tokens, made by a control request so that they are journaled."""
    response = sandbox.answer("POST", "/_sandbox/credentials", {}, b"{}")
    if response is None:
        raise RuntimeError("The sandbox gave no credentials.")
    return json.dumps(for_base_url(response.payload, base_url))


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    try:
        sandbox = open_sandbox(options.world, options.seed, options.state, options.start)
    except JournalError as error:
        print_line(str(error))
        return 2
    if options.limits != "off":
        LIMITER.configure(*TIERS[options.limits])
        SHOP_LIMITS.configure(DOCUMENTED_PER_SECOND)
    try:
        server = serve(sandbox, options.host, options.port)
    except OSError as error:
        print_line(
            f"Port {options.port} on {options.host} cannot be used ({error.strerror}). "
            "Choose another with --port, or 0 for a free one."
        )
        return 2
    if options.shop_redirect_uri:
        body = json.dumps({"redirect_uri": options.shop_redirect_uri}).encode()
        sandbox.answer("POST", "/_sandbox/shop_app", {}, body)
    base_url = f"http://{options.host}:{server.server_port}"
    if options.print_credentials:
        print_line(credentials(sandbox, base_url))
    print_line(f"TikTok sandbox is ready at {base_url} (world: {sandbox.world.name})")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    webhooks = watch(sandbox.world)
    server.serve_forever()
    webhooks.stop()
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
