"""Refusals of the Shop API: HTTP status, code and message (contract 1.8, errors.json)."""

from dataclasses import dataclass, field


@dataclass
class ShopError(Exception):
    """A refused call. `message` is the text TikTok sends, never a text for end users."""

    status: int
    code: int
    message: str
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status}/{self.code} {self.message}"


def invalid_sign() -> ShopError:
    return ShopError(
        401,
        106001,
        "Invalid credentials. The 'sign' query parameter is invalid."
        " For more details: https://m.tiktok.shop/s/AIu6dbFhs2XW",
    )


def missing_credential(name: str) -> ShopError:
    return ShopError(
        400, 36009004, f"Invalid credentials. The '{name}' query parameter is required."
    )


def unknown_app() -> ShopError:
    return ShopError(400, 36009004, "Invalid credentials. Invalid app_key query parameter.")


def invalid_secret() -> ShopError:
    return ShopError(401, 36009004, "Invalid credentials. The app_secret is invalid.")


def malformed_timestamp() -> ShopError:
    return ShopError(
        400, 36009004, "Invalid timestamp. The timestamp query parameter must be unix seconds."
    )


def stale_timestamp() -> ShopError:
    return ShopError(
        400,
        36009004,
        "Invalid timestamp. The value of the timestamp query parameter must not be earlier"
        " than 5 minutes before the current time.",
    )


def future_timestamp() -> ShopError:
    return ShopError(
        400,
        36009004,
        "Invalid timestamp. The value of the timestamp query parameter must not be more than"
        " 30 seconds beyond the current time.",
    )


def invalid_token() -> ShopError:
    return ShopError(
        401, 36009004, "Invalid credentials. The 'x-tts-access-token' header is invalid."
    )


def expired_token() -> ShopError:
    return ShopError(401, 105002, "Expired credentials. The access token has expired.")


def wrong_token_kind() -> ShopError:
    return ShopError(
        403, 105001, "Access denied. The user type of the access token does not fit this endpoint."
    )


def missing_scope() -> ShopError:
    return ShopError(
        403,
        105005,
        "Access denied. The app or token does not have the scope required by this endpoint.",
    )


def missing_cipher() -> ShopError:
    return ShopError(
        400, 106013, "Missing identifier. The shop_cipher query parameter is required."
    )


def unexpected_cipher() -> ShopError:
    return ShopError(
        400,
        36009004,
        "Unexpected identifier. The shop_cipher query parameter is not required for this endpoint.",
    )


def foreign_cipher() -> ShopError:
    return ShopError(
        403, 101000, "Invalid identifier. The shop_cipher does not belong to the access token."
    )


def no_such_path() -> ShopError:
    return ShopError(404, 36009009, "Invalid path. The path does not match any endpoint.")


def wrong_method() -> ShopError:
    return ShopError(405, 36009010, "Invalid method.")


def no_such_version() -> ShopError:
    return ShopError(400, 36009014, "Invalid API version.")


def unsupported_content_type() -> ShopError:
    return ShopError(400, 36009022, "Invalid content type. Use application/json.")


def file_too_large() -> ShopError:
    return ShopError(413, 36009021, "The file is too large.")


def invalid_body() -> ShopError:
    return ShopError(400, 36009004, "Invalid request body. The body is not a JSON object.")


def missing_field(name: str) -> ShopError:
    return ShopError(400, 36009004, f"Missing required field. The field '{name}' is required.")


def invalid_field(name: str, rule: str) -> ShopError:
    return ShopError(400, 36009004, f"Invalid field. The field '{name}' {rule}.")


def invalid_page_token() -> ShopError:
    return invalid_field("page_token", "does not belong to this query")


def too_many_requests(retry_after: int | None = None) -> ShopError:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return ShopError(
        429,
        36009002,
        "Too many requests. You've made too many requests in a short period of time.",
        headers,
    )


def creator_search_quota() -> ShopError:
    return ShopError(429, 45101004, "The query quota has been reached (10000 request per day).")


def internal_error() -> ShopError:
    return ShopError(
        500,
        36009003,
        "Internal error. Please try again. If the issue persists after multiple attempts,"
        " please contact platform support.",
    )


def not_found(what: str) -> ShopError:
    """Affiliate objects have a code of their own for what does not exist (45101003)."""
    return ShopError(400, 45101003, f"The {what} does not exist.")


def refused(code: int, message: str, status: int = 400) -> ShopError:
    """A business refusal of an affiliate write; its code is one of contract 1.8's last row."""
    return ShopError(status, code, message)


def no_finance_data() -> ShopError:
    return ShopError(400, 22005007, "The merchant does not exist or is not onboarded.")


def invalid_dates() -> ShopError:
    return ShopError(400, 28001022, "Invalid date range.")


def day_not_ready() -> ShopError:
    return ShopError(400, 13017003, "The data of this day is not ready.")


def export_limit() -> ShopError:
    return ShopError(429, 36009037, "The number of export tasks has reached the limit.")


def used_code() -> ShopError:
    return ShopError(200, 36004004, "The auth code is invalid, used or expired.")


def dead_refresh_token() -> ShopError:
    return ShopError(200, 36004001, "The refresh token is invalid or expired.")


def no_such_order() -> ShopError:
    return ShopError(400, 36009004, "Invalid field. The order does not exist.")


def no_such_product() -> ShopError:
    return ShopError(400, 36009004, "Invalid field. The product does not exist.")
