"""QR data, address and verification code (§19)."""

import hashlib

import pytest

from fiscalmon.domain.qr import qr_data, qr_url, verification_code


def test_the_data_is_md5_over_the_bytes():
    signature = bytes(range(72))
    assert qr_data(signature) == hashlib.md5(signature, usedforsecurity=False).hexdigest().upper()[:16]
    assert qr_data(signature) != qr_data(signature.hex().encode())


@pytest.mark.parametrize("base", ["https://fdms.example", "https://fdms.example/", "https://fdms.example//"])
def test_the_address_has_one_slash(base):
    url = qr_url(base, 321, "2023-04-03T23:59:59", 1112223331, "4C8BE27663330417")
    assert url == "https://fdms.example/00000003210304202311122233314C8BE27663330417"


def test_the_code_in_groups_of_four():
    assert verification_code("4C8BE27663330417") == "4C8B-E276-6333-0417"
