"""Writes what the legacy bot wrote: Fernet tokens (AES-128-CBC and HMAC-SHA256)."""

import base64
import ctypes
import hashlib
import hmac
import os
import struct
import time


def _aes_128_cbc(key, iv, plain):
    crypto = ctypes.CDLL("libcrypto.so.3")
    for name in ("EVP_CIPHER_CTX_new", "EVP_aes_128_cbc"):
        getattr(crypto, name).restype = ctypes.c_void_p
    context = ctypes.c_void_p(crypto.EVP_CIPHER_CTX_new())
    assert crypto.EVP_EncryptInit_ex(context, ctypes.c_void_p(crypto.EVP_aes_128_cbc()), None, key, iv) == 1
    sealed, size, rest = ctypes.create_string_buffer(len(plain) + 16), ctypes.c_int(), ctypes.c_int()
    assert crypto.EVP_EncryptUpdate(context, sealed, ctypes.byref(size), plain, len(plain)) == 1
    last = ctypes.create_string_buffer(16)
    assert crypto.EVP_EncryptFinal_ex(context, last, ctypes.byref(rest)) == 1
    crypto.EVP_CIPHER_CTX_free(context)
    return sealed.raw[:size.value] + last.raw[:rest.value]


def new_fernet_key():
    return base64.urlsafe_b64encode(os.urandom(32))


def fernet(key, text):
    raw = base64.urlsafe_b64decode(key)
    iv = os.urandom(16)
    body = b"\x80" + struct.pack(">Q", int(time.time())) + iv + _aes_128_cbc(raw[16:], iv, text.encode())
    return base64.urlsafe_b64encode(body + hmac.new(raw[:16], body, hashlib.sha256).digest()).decode()
