"""The kernel's keys, in a session keyring of the test's own."""

from __future__ import annotations

import array
import base64
import hashlib
from typing import Any, assert_type

import pytest

from pysys import calls, errors, structures
from pysys.calls import direct
from pysys.flags import (
    KEY_POS_ALL,
    KEY_SPEC_SESSION_KEYRING,
    KEY_USR_VIEW,
    KEYCTL_CAPABILITIES,
    KEYCTL_DESCRIBE,
    KEYCTL_DH_COMPUTE,
    KEYCTL_GET_KEYRING_ID,
    KEYCTL_GET_SECURITY,
    KEYCTL_INSTANTIATE,
    KEYCTL_INSTANTIATE_IOV,
    KEYCTL_PKEY_ENCRYPT,
    KEYCTL_PKEY_QUERY,
    KEYCTL_PKEY_SIGN,
    KEYCTL_PKEY_VERIFY,
    KEYCTL_READ,
    KEYCTL_SEARCH,
    KEYCTL_SUPPORTS_ENCRYPT,
    KEYCTL_UPDATE,
)

SESSION = KEY_SPEC_SESSION_KEYRING


def _session() -> int:
    try:
        return calls.keyctl_join_session_keyring()
    except (errors.ENOSYS, errors.EPERM, errors.EDQUOT) as error:
        pytest.skip(str(error))


@pytest.mark.isolated
def test_a_key_is_made_found_and_read() -> None:
    """What add_key stores is what keyctl_read gives, however long, and the key is found by its name."""
    session = _session()
    assert calls.keyctl_get_keyring_id(SESSION) == session
    name = "a;key; of pysys"
    key = calls.add_key("user", name, b"secret")
    assert calls.keyctl_read(key) == b"secret"
    assert calls.keyctl_list(SESSION) == [key]
    assert calls.keyctl_search(SESSION, "user", name) == calls.request_key("user", name.encode()) == key
    calls.keyctl_update(key, bytearray(range(256)) * 16)
    assert calls.keyctl_read(key) == bytes(range(256)) * 16
    for size in (1, 1023, 1024, 1025):  # about what fits at first
        calls.keyctl_update(key, bytes(size))
        assert calls.keyctl_read(key) == bytes(size)
    calls.keyctl_setperm(key, KEY_POS_ALL | KEY_USR_VIEW)
    told = calls.keyctl_describe(key)
    assert (told.type, told.description, told.permissions) == ("user", name, KEY_POS_ALL | KEY_USR_VIEW)
    calls.keyctl_chown(key)
    assert calls.keyctl_describe(key) == told
    assert isinstance(calls.keyctl_get_security(key), str)
    for missing in (calls.request_key, lambda *name: calls.keyctl_search(SESSION, *name)):
        try:
            missing("user", "pysys has no such key")
        except errors.ENOKEY:
            continue
        raise AssertionError("a key that nobody made")


@pytest.mark.isolated
def test_keys_are_linked_and_go() -> None:
    """Links come and go, a revoked key says so, and an invalidated one is gone."""
    _session()
    ring = calls.add_key("keyring", "pysys")
    key = calls.add_key("user", "pysys", b"1", ring)
    calls.keyctl_link(key, SESSION)
    assert set(calls.keyctl_list(SESSION)) == {ring, key}
    calls.keyctl_unlink(key, ring)
    assert calls.keyctl_list(ring) == []
    try:
        calls.keyctl_move(key, SESSION, ring)
    except errors.EOPNOTSUPP:
        calls.keyctl_link(key, ring)
    assert calls.keyctl_list(ring) == [key]
    calls.keyctl_set_timeout(key, 1000)
    calls.keyctl_revoke(key)
    try:
        calls.keyctl_read(key)
    except errors.EKEYREVOKED:
        pass
    else:
        raise AssertionError("it can be read")
    calls.keyctl_clear(SESSION)
    assert calls.keyctl_list(SESSION) == []
    assert calls.keyctl_set_reqkey_keyring(-1) == calls.keyctl(14, -1)


@pytest.mark.isolated
def test_an_invalidated_key_is_gone() -> None:
    """Whoever has a link to a key that was invalidated has none any more."""
    from isolated import until

    _session()
    key = calls.add_key("user", "pysys", b"1")
    calls.keyctl_invalidate(key)
    until(lambda: calls.keyctl_list(SESSION) == [])  # the kernel removes it when it has time
    try:
        calls.keyctl_read(key)
    except (errors.ENOKEY, errors.EACCES):  # EACCES while it is there, but in no keyring
        return
    raise AssertionError("it can be read")


@pytest.mark.isolated
def test_a_restricted_keyring_takes_no_key() -> None:
    """A keyring that was restricted without a type takes no link, and has no other restriction afterwards."""
    _session()
    ring = calls.add_key("keyring", "pysys")
    try:
        calls.keyctl_restrict_keyring(ring)
    except errors.EOPNOTSUPP:
        pytest.skip("the kernel's keys have no restrictions")
    for refused in (
        lambda: calls.add_key("user", "pysys", b"1", ring),
        lambda: calls.keyctl_restrict_keyring(ring),
    ):
        try:
            refused()
        except (errors.EPERM, errors.EEXIST):
            continue
        raise AssertionError("the keyring took it")


@pytest.mark.isolated
def test_the_persistent_keyring_is_linked() -> None:
    """keyctl_get_persistent returns the id of what it links, and keyctl_capabilities says that it may."""
    _session()
    try:
        able = calls.keyctl_capabilities()[0] & 2  # KEYCTL_CAPS0_PERSISTENT_KEYRINGS
        ring = calls.keyctl_get_persistent(-1, SESSION)
    except errors.EOPNOTSUPP as error:
        pytest.skip(str(error))
    assert able
    assert calls.keyctl_list(SESSION) == [ring]
    assert calls.keyctl_describe(ring).type == "keyring"


@pytest.mark.isolated
def test_keyctl_gives_what_the_kernel_answers() -> None:
    """Text, bytes and ids by operation; with memory of the caller the result is the kernel's."""
    session = _session()
    name = "a;key; of pysys"
    key = calls.add_key("user", name, b"secret")
    assert assert_type(calls.keyctl(KEYCTL_GET_KEYRING_ID, SESSION), int) == session
    assert assert_type(calls.keyctl(KEYCTL_READ, key), bytes) == b"secret"
    assert assert_type(calls.keyctl(KEYCTL_DESCRIBE, key), str).split(";", 4)[4] == name
    assert isinstance(assert_type(calls.keyctl(KEYCTL_GET_SECURITY, key), str), str)
    assert assert_type(calls.keyctl(KEYCTL_SEARCH, SESSION, "user", name), int) == key
    for size in (1, 1023, 1024, 1025, 4000):  # about what fits at first
        assert calls.keyctl(KEYCTL_UPDATE, key, bytes(size)) == 0
        assert calls.keyctl(KEYCTL_READ, key) == bytes(size)
    calls.keyctl(KEYCTL_UPDATE, key, array.array("H", [1, 2]))  # the length is in bytes
    assert array.array("H", calls.keyctl(KEYCTL_READ, key)).tolist() == [1, 2]
    space = bytearray(6)
    assert calls.keyctl(KEYCTL_READ, key, space, 6) == 4 and space[4:] == bytes(2)
    assert calls.keyctl(KEYCTL_READ, key, None, 0) == 4
    assert calls.keyctl(KEYCTL_DESCRIBE, key, 0, 0) == len(calls.keyctl(KEYCTL_DESCRIBE, key)) + 1
    try:
        found = assert_type(calls.keyctl(KEYCTL_CAPABILITIES), bytes)
    except errors.EOPNOTSUPP:  # before Linux 5.3
        return
    assert found == calls.keyctl_capabilities() != b""


@pytest.mark.isolated
def test_keyctl_refuses_by_name() -> None:
    """Memory that is too short, and what is read-only or no buffer at all."""
    _session()
    key: Any = calls.add_key("user", "pysys", b"secret")
    for wrong, arguments in (
        ("keyctl: arg3 is 3 bytes long, but arg4 is 6", (KEYCTL_READ, key, bytearray(3), 6)),
        ("keyctl: arg3 must be a writable buffer", (KEYCTL_READ, key, bytes(6), 6)),
        ("keyctl: arg3 must be bytes or another buffer, not str", (KEYCTL_UPDATE, key, "text")),
        ("iovec.over: buffers", (KEYCTL_INSTANTIATE_IOV, key, ["text"])),
        ("keyctl: option must be an int, not str", ("read", key)),
        ("keyctl: arg2: 4294967296 is out of range", (KEYCTL_READ, 1 << 32)),
    ):
        try:
            calls.keyctl(*arguments)
        except (TypeError, ValueError, OverflowError) as error:
            assert wrong in str(error), error
            continue
        raise AssertionError(arguments)


@pytest.mark.isolated
def test_keyctl_takes_several_buffers() -> None:
    """A list of them is instantiated as one payload, if one may: here the kernel refuses it."""
    _session()
    key = calls.add_key("user", "pysys", b"secret")
    for arguments in ((KEYCTL_INSTANTIATE_IOV, key, [b"a", b"b"]), (KEYCTL_INSTANTIATE, key, b"ab")):
        try:
            calls.keyctl(*arguments)
        except (errors.EPERM, errors.EOPNOTSUPP):
            continue
        raise AssertionError("only a helper of request_key may")


# A self-signed certificate, and the signature of its key under b"data".
CERTIFICATE = """
MIIB9jCCAV+gAwIBAgIUGMrxXsX4ypYfi8WgCBCuD/fGPjUwDQYJKoZIhvcNAQELBQAwDDEKMAgGA1UEAwwBcDAgFw0yNjExMzAw
NzI2MTRaGA8yMTI2MTEwNjA3MjYxNFowDDEKMAgGA1UEAwwBcDCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEAs4TAPwwTq4Jl
GsJWJjW8QmXYdXLDVKeoVavgNSBVVr+um1vDFvSbAI3UWhbPIhoz9mhjeB5JqOia+XuQQJ3Lsvzv2WGp9pQJQPWmaXno4firTjZ+
QBDhN8CQApbP5vkIa99Nxo3H/I5wzhaysW0vHo/h2DPNFIOP/FNa/eoCo40CAwEAAaNTMFEwHQYDVR0OBBYEFB01tzye8t80qFv2
I47Xnmc1I7ZBMB8GA1UdIwQYMBaAFB01tzye8t80qFv2I47Xnmc1I7ZBMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQAD
gYEAUdlOvjRaMSofA3wuT7KfNS+aH80+ie3DkGntJxnGLP6CNakiyjApIZajPEyl8JEqVDYmuJSALnv6cGGhZN/c9BVU/m9pxYiC
ZDBHU1gXs7VjI3FFkHSrds5+LlMY/ahU+sVmRGWjJEBzY4TwbA9gBIzlJpGldQSBRh9IAT0bZHs=
"""
SIGNATURE = """
ZyAN+G97FtSZMN65f2N6ShVeXzIwBg7OgRdKron0On1XwYXreRhQ0vW4n+aDEU7Glx2x/OHE5tvzX2zFK1GHjWzvS7HRQztso4kc
zhe5VjIg0ShFTsSxjtlJjVt6TjQxOWk/BjE9ueEH9znuRvK7FO9YHoVO5BcapKlf7jjtFHc=
"""


@pytest.mark.isolated
def test_keyctl_with_a_public_key() -> None:
    """It is asked what it can do, encrypts, and verifies a signature; no length has to be given."""
    _session()
    try:
        key = calls.add_key("asymmetric", "", base64.b64decode(CERTIFICATE))
        about = calls.keyctl(KEYCTL_PKEY_QUERY, key, None, "enc=pkcs1")
    except (errors.ENODEV, errors.EOPNOTSUPP, errors.EBADMSG, errors.ENOPKG) as error:
        pytest.skip(f"this kernel reads no X.509 certificates, or has no RSA: {error}")
    assert_type(about, structures.keyctl_pkey_query)
    assert (about.key_size, about.max_enc_size, about.supported_ops & KEYCTL_SUPPORTS_ENCRYPT) == (
        1024,
        128,
        1,
    )
    assert calls.keyctl(KEYCTL_PKEY_QUERY, key).key_size == 1024
    params = structures.keyctl_pkey_params(key_id=key)
    secret = assert_type(calls.keyctl(KEYCTL_PKEY_ENCRYPT, params, "enc=pkcs1", b"secret"), bytes)
    assert len(secret) == 128 and b"secret" not in secret
    space = bytearray(128)
    assert calls.keyctl(KEYCTL_PKEY_ENCRYPT, params, "enc=pkcs1", b"secret", space) == 128 and any(space)
    assert not params.in_len and not params.out_len  # they are the caller's
    info, signature = "enc=pkcs1 hash=sha256", base64.b64decode(SIGNATURE)
    assert calls.keyctl(KEYCTL_PKEY_VERIFY, params, info, hashlib.sha256(b"data").digest(), signature) == 0
    try:
        calls.keyctl(KEYCTL_PKEY_VERIFY, params, info, hashlib.sha256(b"other").digest(), signature)
    except errors.EKEYREJECTED:
        return
    raise AssertionError("it is a signature under something else")


def test_what_few_kernels_can_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets that are agreed upon, and signatures: what is asked of the kernel, and what is made of it."""
    asked: list[tuple[Any, ...]] = []

    def kernel(option: int, *arguments: Any) -> int:
        asked.append((option, *arguments))
        if option == KEYCTL_PKEY_QUERY:
            arguments[3].max_sig_size = 16
            return 0
        where = arguments[1] if option == KEYCTL_DH_COMPUTE else arguments[3]
        if where is None:
            return 5
        where[:3] = b"abc"
        return 3 if option == KEYCTL_PKEY_SIGN else len(where)

    monkeypatch.setattr(direct, "keyctl", kernel)
    keys = structures.keyctl_dh_params(private=1, prime=2, base=3)
    assert assert_type(calls.keyctl(KEYCTL_DH_COMPUTE, keys), bytes) == b"abc\0\0"
    assert [one[3] for one in asked] == [0, 5]
    assert calls.keyctl(KEYCTL_DH_COMPUTE, keys, None, 4, structures.keyctl_kdf_params()) == b"abc\0"
    assert calls.keyctl(KEYCTL_DH_COMPUTE, keys, None, 0) == b"abc\0\0"
    asked.clear()
    params = structures.keyctl_pkey_params(key_id=7)
    assert assert_type(calls.keyctl(KEYCTL_PKEY_SIGN, params, "enc=raw", bytes(9)), bytes) == b"abc"
    assert [one[0] for one in asked] == [KEYCTL_PKEY_QUERY, KEYCTL_PKEY_SIGN]
    made = asked[1][1]
    assert (made.key_id, made.in_len, made.out_len) == (7, 9, 16)
