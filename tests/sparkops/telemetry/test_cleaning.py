"""Words that may leave hold no secret, and still say what is wrong."""

import pytest

from sparkops.telemetry.cleaning import clean_fields, clean_text

HIDDEN = [
    ("access_token=abc123 is over", "access_token=•••• is over"),
    ("{'refresh_token': 'abc', 'page': 1}", "{'refresh_token': '••••', 'page': 1}"),
    ("Authorization: Bearer abc.def", "Authorization: ••••"),
    ("sent with Bearer abc.def", "sent with Bearer ••••"),
    ("redis://:word@10.0.0.1:6379/0 refused", "redis://••••@10.0.0.1:6379/0 refused"),
    ("https://shop.example/orders?sign=1&page=2 failed", "https://shop.example/orders failed"),
    ("no mail to mina.kim@glow.example", "no mail to ••••@glow.example"),
    ("code #AbCdEfGh12345678= is taken", "code #Ab••••8= is taken"),
    ("code AbCdEfGh12345678+/x is taken", "code AbC••••/x is taken"),
    ("the link xY9_aaaabbbbccccddddeeeeffff", "the link xY9••••ff"),
    ("session 0a9s8d7f6g5h4j3k2l1q0w9e8r7t6y5u", "session 0a9••••5u"),
    (
        'duplicate key value violates unique constraint "one_mail"\n'
        "DETAIL:  Key (email)=(mina@glow.example) already exists.",
        'duplicate key value violates unique constraint "one_mail"',
    ),
    (
        'invalid input syntax for type bigint: "Mina Kim"',
        'invalid input syntax for type bigint: "••••"',
    ),
    (
        "[type=int_parsing, input_value='Mina, Kim', input_type=str]",
        "[type=int_parsing, input_value=••••, input_type=str]",
    ),
]


@pytest.mark.parametrize("text, clean", HIDDEN)
def test_secrets_and_values_are_hidden(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "TikTok Shop has a problem on its side. (HTTP 500; GET /order/202309/orders/search)",
        "item 7312345678901234567 of task 0b6f2c3e-6a1d-4a39-9f0e-2d7a1c1f5e10",
        "sparkops.outreach.actions.sending.send_2_messages_of_one_run() takes 2 arguments",
        'relation "creators_post" does not exist',
    ],
)
def test_what_is_wrong_can_be_read(text: str) -> None:
    assert clean_text(text) == text


def test_fields_of_a_log_line_are_hidden_by_their_names() -> None:
    fields = {"client_id": 7, "api_token": "abc", "late": True, "who": "mina@glow.example"}
    assert clean_fields(fields) == {
        "client_id": 7,
        "api_token": "••••",
        "late": True,
        "who": "••••@glow.example",
    }
