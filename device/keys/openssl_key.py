"""Lets a TLS context prove itself with a key that no file holds: OpenSSL asks back for each signature.

Python's `ssl` takes keys from files only. OpenSSL itself has a door for keys of other makers (EC_KEY_METHOD and
RSA_METHOD), which is opened here with ctypes, on CPython only. Knows no token: a key is whatever can sign.
docs/adr/0014 says why, and what was weighed against it.
"""

from __future__ import annotations

import ctypes
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fiscalmon.domain.errors import FiscalmonError, KeyUnavailable

from .token_key import TokenEcKey, TokenKey, TokenRsaKey

_PKCS1_PADDING, _NO_PADDING = 1, 3
_Pointer = ctypes.c_void_p
# int sign(int type, const u8 *digest, int length, u8 *out, unsigned *out_length, const BIGNUM *kinv, const BIGNUM *r,
# EC_KEY *)
_EC_SIGN: Final = ctypes.CFUNCTYPE(
    ctypes.c_int,
    ctypes.c_int,
    _Pointer,
    ctypes.c_int,
    _Pointer,
    ctypes.POINTER(ctypes.c_uint),
    _Pointer,
    _Pointer,
    _Pointer,
)
# int priv_enc(int length, const u8 *from, u8 *to, RSA *, int padding)
_RSA_SIGN: Final = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, _Pointer, _Pointer, _Pointer, ctypes.c_int)


def present(context: ssl.SSLContext, certificate: Path, key: TokenKey) -> None:
    """Show the certificate (PEM file, leaf first) and prove it by the key. Raises KeyUnavailable.

    The key is asked in the thread that shakes hands; what it raises ends the handshake with an SSLError.
    """
    openssl = _library()
    handle = _Pointer.from_address(id(context) + object.__basicsize__)
    if not openssl.SSL_CTX_use_certificate_chain_file(handle, str(certificate).encode()):
        _clear(openssl)
        raise KeyUnavailable("The device's certificate cannot be read. Restore it from a backup.")
    pair, held = _pair(openssl, key)
    try:
        taken = openssl.SSL_CTX_use_PrivateKey(handle, pair) and openssl.SSL_CTX_check_private_key(handle)
    finally:
        # The context has a reference of its own.
        openssl.EVP_PKEY_free(pair)
    if not taken:
        _clear(openssl)
        raise KeyUnavailable("The device's certificate was issued for another key than the one in the token.")
    # OpenSSL calls these as long as the context lives, so they live as long as it.
    vars(context)["held_for_openssl"] = held


def _pair(openssl: Any, key: TokenKey) -> tuple[_Pointer, Any]:
    """An EVP_PKEY of the public half whose signatures are asked of the key, and what has to live as long as it."""
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    buffer = ctypes.create_string_buffer(der, len(der))
    cursor = _Pointer(ctypes.addressof(buffer))
    public = _must(openssl, openssl.d2i_PUBKEY(None, ctypes.byref(cursor), len(der)))
    try:
        return _ec_pair(openssl, public, key) if isinstance(key, TokenEcKey) else _rsa_pair(openssl, public, key)
    finally:
        openssl.EVP_PKEY_free(public)


def _ec_pair(openssl: Any, public: _Pointer, key: TokenEcKey) -> tuple[_Pointer, Any]:
    def sign(_type: int, digest: int, length: int, out: int, out_length: Any, *_: object) -> int:
        def work() -> bytes:
            return key.sign_digest(ctypes.string_at(digest, length)[: key.key_size // 8])

        made = _asked(work)
        ctypes.memmove(out, made, len(made))
        out_length[0] = len(made)
        return int(bool(made))

    call = _EC_SIGN(sign)
    method = _must(openssl, openssl.EC_KEY_METHOD_new(openssl.EC_KEY_OpenSSL()))
    openssl.EC_KEY_METHOD_set_sign(method, call, None, None)
    bare = _must(openssl, openssl.EVP_PKEY_get1_EC_KEY(public))
    pair = _must(openssl, openssl.EVP_PKEY_new())
    openssl.EC_KEY_set_method(bare, method)
    openssl.EVP_PKEY_set1_EC_KEY(pair, bare)
    openssl.EC_KEY_free(bare)
    return pair, (call, method)


def _rsa_pair(openssl: Any, public: _Pointer, key: TokenRsaKey) -> tuple[_Pointer, Any]:
    def sign(length: int, block: int, out: int, _rsa: int, padding: int) -> int:
        act = {_PKCS1_PADDING: "rsa-pkcs1", _NO_PADDING: "rsa-raw"}.get(padding)
        if act is None:
            return -1
        made = _asked(lambda: key.perform(act, ctypes.string_at(block, length)))  # type: ignore[arg-type]
        ctypes.memmove(out, made, len(made))
        return len(made) or -1

    call = _RSA_SIGN(sign)
    method = _must(openssl, openssl.RSA_meth_dup(openssl.RSA_PKCS1_OpenSSL()))
    openssl.RSA_meth_set_priv_enc(method, call)
    bare = _must(openssl, openssl.EVP_PKEY_get1_RSA(public))
    pair = _must(openssl, openssl.EVP_PKEY_new())
    openssl.RSA_set_method(bare, method)
    openssl.EVP_PKEY_set1_RSA(pair, bare)
    openssl.RSA_free(bare)
    return pair, (call, method)


def _asked(work: Callable[[], bytes]) -> bytes:
    """The signature; nothing when the key refuses: OpenSSL's callers cannot be raised through."""
    try:
        return work()
    except FiscalmonError:
        return b""


def _must(openssl: Any, pointer: int | None) -> _Pointer:
    if not pointer:
        _clear(openssl)
        raise KeyUnavailable("OpenSSL does not take the token's key.")
    return _Pointer(pointer)


def _clear(openssl: Any) -> None:
    # What stays in the queue would be blamed on the next TLS call of this thread.
    openssl.ERR_clear_error()


def _library() -> Any:
    """The OpenSSL that Python's own `ssl` works with. Raises KeyUnavailable where it cannot be reached."""
    import _ssl

    if sys.implementation.name != "cpython" or ssl.OPENSSL_VERSION_INFO < (3,):
        raise KeyUnavailable("Keys in tokens need CPython with OpenSSL 3.")
    try:
        library = ctypes.CDLL(_ssl.__file__)
        for name in _POINTERS:
            getattr(library, name).restype = _Pointer
        for name, kinds in _ARGUMENTS.items():
            getattr(library, name).argtypes = kinds
    except (AttributeError, OSError) as missing:
        raise KeyUnavailable("This Python's OpenSSL gives no way to a key in a token.", str(missing)) from missing
    return library


_POINTERS: Final = (
    "d2i_PUBKEY",
    "EC_KEY_METHOD_new",
    "EC_KEY_OpenSSL",
    "EVP_PKEY_get1_EC_KEY",
    "EVP_PKEY_get1_RSA",
    "EVP_PKEY_new",
    "RSA_meth_dup",
    "RSA_PKCS1_OpenSSL",
)
_ARGUMENTS: Final = MappingProxyType(
    {
        "d2i_PUBKEY": (_Pointer, _Pointer, ctypes.c_long),
        "EC_KEY_METHOD_new": (_Pointer,),
        "EC_KEY_METHOD_set_sign": (_Pointer, _EC_SIGN, _Pointer, _Pointer),
        "EC_KEY_set_method": (_Pointer, _Pointer),
        "EC_KEY_free": (_Pointer,),
        "EVP_PKEY_free": (_Pointer,),
        "EVP_PKEY_get1_EC_KEY": (_Pointer,),
        "EVP_PKEY_get1_RSA": (_Pointer,),
        "EVP_PKEY_set1_EC_KEY": (_Pointer, _Pointer),
        "EVP_PKEY_set1_RSA": (_Pointer, _Pointer),
        "RSA_free": (_Pointer,),
        "RSA_meth_dup": (_Pointer,),
        "RSA_meth_set_priv_enc": (_Pointer, _RSA_SIGN),
        "RSA_set_method": (_Pointer, _Pointer),
        "SSL_CTX_check_private_key": (_Pointer,),
        "SSL_CTX_use_certificate_chain_file": (_Pointer, ctypes.c_char_p),
        "SSL_CTX_use_PrivateKey": (_Pointer, _Pointer),
    }
)
