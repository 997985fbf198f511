import pytest

from sparkops.tiktok.shop.signing import base_string, sign
from tests.sparkops.tiktok.stand_in import sample

VECTORS = sample("shop/signing_vectors.json")["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_every_vector(vector):
    body = None if vector["body"] is None else vector["body"].encode()
    request = (vector["path"], vector["query"], body, vector["content_type"])
    assert base_string(*request) == vector["base_string"].encode()
    assert sign(vector["app_secret"], *request) == vector["sign"]


def test_the_order_is_that_of_bytes_and_empty_values_count():
    params = {"b": "2", "B": "1", "a": "", "aé": "3"}
    assert base_string("/p", params) == b"/pB1aa\xc3\xa93b2"


def test_the_order_of_parameters_does_not_matter():
    forward = {"app_key": "k", "timestamp": "1", "shop_cipher": "c"}
    backward = dict(reversed(forward.items()))
    assert sign("s", "/p", forward, b"{}") == sign("s", "/p", backward, b"{}")


def test_every_byte_of_the_body_counts():
    assert sign("s", "/p", {}, b'{"a":1}') != sign("s", "/p", {}, b'{"a": 1}')
