"""Which passwords are taken, and how they are stored."""

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from sparkops.accounts.models import User

OWNER = User(email="sparkling.house@north.example", name="Margarethe Winter")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("vu7 kelp on2", None),  # twelve characters
        ("vu7 kelp on", "password_too_short"),  # eleven
        ("ein Frühstück mit 茶 und 🍞", None),
        ("sixty-four and more: " + "kelp " * 20, None),
        ("1q2w3e4r5t6y", "password_too_common"),
        ("908172635442", "password_entirely_numeric"),
        ("sparkling.house", "password_too_similar"),
        ("margarethe winter", "password_too_similar"),
    ],
)
def test_a_password_is_long_and_not_one_that_everybody_tries(
    password: str, code: str | None
) -> None:
    found = None
    try:
        validate_password(password, OWNER)
    except ValidationError as error:
        [found] = [one.code for one in error.error_list]
    assert found == code


def test_a_password_is_stored_as_argon2_with_a_salt_of_its_own() -> None:
    first, second = make_password("vu7 kelp on2"), make_password("vu7 kelp on2")
    assert first.startswith("argon2$argon2id$") and first != second
    assert check_password("vu7 kelp on2", first)
    assert not check_password("vu7 kelp on3", first)
