"""What must not arrive, wherever it was."""

CODE = "#AbCdEfGh1234567890abcdXYZ="
TOKEN = "planted-token"
KEY = "planted-key-in-the-address"
COOKIE = "planted-cookie"
BODY = "planted-body"
HEADER = "planted-header"
QUERY = "planted-query"
ALL = (CODE, CODE.strip("#="), TOKEN, KEY, COOKIE, BODY, HEADER, QUERY)


def break_over(given: str) -> None:
    """A crash whose words and variables hold secrets."""
    planted = f"{CODE} {given}"
    raise LookupError(f"no post has {CODE}, access_token={TOKEN}, of {len(planted) > 0}")
