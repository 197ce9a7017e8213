"""The kernel's keys, in a session keyring of the test's own."""

from __future__ import annotations

import pytest

from pysys import calls, errors
from pysys.flags import KEY_POS_ALL, KEY_SPEC_SESSION_KEYRING, KEY_USR_VIEW

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
