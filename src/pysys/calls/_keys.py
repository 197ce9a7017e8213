"""Typed calls whose results are values: the kernel's keys.

What keyctl returns depends on the operation: keyctl itself gives what the kernel answers, and operations
that most programs need have functions of their own, by the names of the keyutils library. A key is its id, or
one of flags.KeySpecial.
"""

from __future__ import annotations

from os import fsdecode

from pysys import flags as _flags
from pysys import structures
from pysys._native import ffi
from pysys.arguments import integers, memory, text
from pysys.calls import direct
from pysys.doc import documented_call, documented_operation
from pysys.structures.records import KeyDescription

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pysys._types import Buffer, Word

    _Text = str | bytes

_SESSION = -3
_SIZE = 1024

(
    _GET_KEYRING_ID,
    _JOIN_SESSION_KEYRING,
    _UPDATE,
    _REVOKE,
    _CHOWN,
    _SETPERM,
    _DESCRIBE,
    _CLEAR,
    _LINK,
    _UNLINK,
    _SEARCH,
    _READ,
) = range(12)
_SET_REQKEY_KEYRING, _SET_TIMEOUT, _GET_SECURITY = 14, 15, 17
_INVALIDATE, _GET_PERSISTENT, _RESTRICT_KEYRING, _MOVE, _CAPABILITIES = 21, 22, 29, 30, 31
_INSTANTIATE, _INSTANTIATE_IOV, _DH_COMPUTE = 12, 20, 23
_PKEY_QUERY, _PKEY_ENCRYPT, _PKEY_DECRYPT, _PKEY_SIGN, _PKEY_VERIFY = range(24, 29)
# What they return is how much there is to store, fit or not.
_FILLED = frozenset({_DESCRIBE, _READ, _GET_SECURITY})
# Which field of keyctl_pkey_query says how much they store. The kernel does not look at out_len for that.
_STORED = {_PKEY_ENCRYPT: "max_enc_size", _PKEY_DECRYPT: "max_dec_size", _PKEY_SIGN: "max_sig_size"}


@documented_call
def add_key(
    type: _Text, description: _Text | None, payload: Buffer | None = None, ringid: int = _SESSION
) -> int:
    """add_key(2): make a key and link it into a keyring, or give the one of that name there new contents.

    type: "user", "logon", "keyring", "big_key", ... description: its name.
    payload: what it holds; None for a keyring.
    ringid: the keyring, an id or flags.KeySpecial.

    Returns the id of the key.

    Since Linux 2.6.10.
    """
    if payload is None:
        return direct.add_key(type, description, None, 0, ringid)
    data = memory.data("add_key: payload", payload)
    return direct.add_key(type, description, data, len(data), ringid)


@documented_call
def request_key(
    type: _Text, description: _Text, callout_info: _Text | None = None, destringid: int = 0
) -> int:
    """request_key(2): find a key in the keyrings of the process, or have it made.

    type, description: of the key, str or bytes.
    callout_info: what /sbin/request-key is told to make it of; None: it is not asked.
    destringid: the keyring that the key is linked into; 0: none, or where KEYCTL_SET_REQKEY_KEYRING says.

    Returns the id of the key.

    Raises errors.ENOKEY if there is none. Since Linux 2.6.10.
    """
    return direct.request_key(type, description, callout_info, destringid)


@documented_call
def keyctl(
    option: int,
    arg2: Word | None = None,
    arg3: Word | None = None,
    arg4: Word | None = None,
    arg5: Word | None = None,
) -> Any:
    """keyctl(2): any operation on keys.

    option: flags.KeyctlOperation.
    arg2, arg3, arg4, arg5: what the operation takes: ids of keys, names as str or bytes, structures, buffers.
        None is 0, and NULL; where the kernel answers into memory, it asks for what is written there. A length
        behind a buffer may be None, and lengths of a structures.keyctl_pkey_params may be 0: they are filled
        in. KEYCTL_INSTANTIATE_IOV takes a list of buffers.

    Returns what the kernel wrote, if that argument and its length are None: a str of KEYCTL_DESCRIBE and
    KEYCTL_GET_SECURITY; bytes of KEYCTL_READ, KEYCTL_CAPABILITIES, KEYCTL_PKEY_ENCRYPT, KEYCTL_PKEY_DECRYPT
    and KEYCTL_PKEY_SIGN, and of KEYCTL_DH_COMPUTE, as many as arg4 says where a key is derived;
    structures.keyctl_pkey_query of KEYCTL_PKEY_QUERY. Otherwise the kernel's result, an int: the id of
    KEYCTL_SEARCH.

    Since Linux 2.6.10.
    """
    if isinstance(option, int):
        if option in _FILLED:
            if arg3 is None and arg4 is None:
                answer = _filled(option, arg2)
                return answer if option == _READ else fsdecode(answer.rstrip(b"\0"))
        elif option == _CAPABILITIES:
            if arg2 is None and arg3 is None:
                return keyctl_capabilities()
        elif option == _DH_COMPUTE:
            if arg3 is None:
                return _secret(arg2, arg4, arg5)
        elif option in (_UPDATE, _INSTANTIATE):
            if arg4 is None and not isinstance(arg3, int | None):
                arg3 = memory.data("keyctl: arg3", arg3)
                arg4 = len(arg3)
        elif option == _INSTANTIATE_IOV and isinstance(arg3, list | tuple):
            arg3 = structures.iovec.over(arg3)
            arg4 = len(arg3) if arg4 is None else arg4
        elif option == _PKEY_QUERY and arg5 is None:
            return _query(arg2, arg4)
        elif (option == _PKEY_VERIFY or option in _STORED) and isinstance(
            arg2, structures.keyctl_pkey_params
        ):
            return _with_lengths(option, arg2, arg3, arg4, arg5)
    return direct.keyctl(option, arg2, arg3, arg4, arg5)


def _made(option: int, arg2: Any = 0, arg3: Any = 0, arg4: Any = 0, arg5: Any = 0) -> int:
    """The kernel's call."""
    return direct.keyctl(option, arg2, arg3, arg4, arg5)


@documented_operation("keyctl")
def keyctl_get_keyring_id(key: int, create: bool = False) -> int:
    """keyctl(2) with KEYCTL_GET_KEYRING_ID: find the keyring that a flags.KeySpecial stands for.

    key: flags.KeySpecial. create: whether it is made if there is none.

    Returns the id, an int.

    Since Linux 2.6.10.
    """
    return _made(_GET_KEYRING_ID, integers.signed("keyctl_get_keyring_id: key", key), 1 if create else 0)


@documented_operation("keyctl")
def keyctl_join_session_keyring(name: _Text | None = None) -> int:
    """keyctl(2) with KEYCTL_JOIN_SESSION_KEYRING: take a new session keyring, or the named one.

    name: str or bytes; None: a new keyring without a name.

    Returns the id of the keyring.

    Since Linux 2.6.10.
    """
    return _made(_JOIN_SESSION_KEYRING, text.string("keyctl_join_session_keyring: name", name))


@documented_operation("keyctl")
def keyctl_update(key: int, payload: Buffer) -> None:
    """keyctl(2) with KEYCTL_UPDATE: replace what a key holds.

    key: its id, or flags.KeySpecial.
    payload: a buffer: its new contents.

    Returns None.

    Since Linux 2.6.10.
    """
    data = memory.data("keyctl_update: payload", payload)
    _made(_UPDATE, integers.signed("keyctl_update: key", key), ffi.from_buffer(data), len(data))


@documented_operation("keyctl")
def keyctl_revoke(key: int) -> None:
    """keyctl(2) with KEYCTL_REVOKE: make a key unusable: who still has it gets EKEYREVOKED.

    key: its id, or flags.KeySpecial.

    Returns None.

    Since Linux 2.6.10.
    """
    _made(_REVOKE, integers.signed("keyctl_revoke: key", key))


@documented_operation("keyctl")
def keyctl_invalidate(key: int) -> None:
    """keyctl(2) with KEYCTL_INVALIDATE: remove a key from all keyrings, at once.

    key: its id, or flags.KeySpecial.

    Returns None.

    Since Linux 3.5.
    """
    _made(_INVALIDATE, integers.signed("keyctl_invalidate: key", key))


@documented_operation("keyctl")
def keyctl_chown(key: int, uid: int = -1, gid: int = -1) -> None:
    """keyctl(2) with KEYCTL_CHOWN: give a key to a user and a group.

    key: its id, or flags.KeySpecial.
    uid, gid: ids of a user and a group; -1 leaves either as it is.

    Returns None.

    Since Linux 2.6.10.
    """
    _made(
        _CHOWN,
        integers.signed("keyctl_chown: key", key),
        integers.identity("keyctl_chown: uid", uid),
        integers.identity("keyctl_chown: gid", gid),
    )


@documented_operation("keyctl")
def keyctl_setperm(key: int, permissions: int) -> None:
    """keyctl(2) with KEYCTL_SETPERM: set who may do what with a key.

    key: its id, or flags.KeySpecial.
    permissions: flags.KeyPermissions.

    Returns None.

    Since Linux 2.6.10.
    """
    _made(
        _SETPERM,
        integers.signed("keyctl_setperm: key", key),
        integers.unsigned("keyctl_setperm: permissions", permissions),
    )


@documented_operation("keyctl")
def keyctl_describe(key: int) -> KeyDescription:
    """keyctl(2) with KEYCTL_DESCRIBE: what a key is.

    key: its id, or flags.KeySpecial.

    Returns a structures.records.KeyDescription: type, uid, gid, permissions (flags.KeyPermissions) and
    description.

    Since Linux 2.6.10.
    """
    # A description may contain semicolons.
    kind, uid, gid, permissions, name = fsdecode(
        _filled(_DESCRIBE, integers.signed("keyctl_describe: key", key)).rstrip(b"\0")
    ).split(";", 4)
    return KeyDescription(kind, int(uid), int(gid), _flags.KeyPermissions(int(permissions, 16)), name)


@documented_operation("keyctl")
def keyctl_read(key: int) -> bytes:
    """keyctl(2) with KEYCTL_READ: what a key holds.

    key: its id, or flags.KeySpecial.

    Returns the bytes that it holds.

    Since Linux 2.6.10.
    """
    return _filled(_READ, integers.signed("keyctl_read: key", key))


@documented_operation("keyctl")
def keyctl_list(keyring: int) -> list[int]:
    """keyctl(2) with KEYCTL_READ of a keyring: the ids of the keys that are linked into it.

    keyring: its id, or flags.KeySpecial.

    Returns a list of ids.

    Since Linux 2.6.10.
    """
    with (
        memoryview(_filled(_READ, integers.signed("keyctl_list: keyring", keyring))) as view,
        view.cast("i") as ids,
    ):
        return ids.tolist()


@documented_operation("keyctl")
def keyctl_get_security(key: int) -> str:
    """keyctl(2) with KEYCTL_GET_SECURITY: a key's label of the security module.

    key: its id, or flags.KeySpecial.

    Returns the label, a str, which is empty if there is none.

    Since Linux 2.6.26.
    """
    return fsdecode(_filled(_GET_SECURITY, integers.signed("keyctl_get_security: key", key)).rstrip(b"\0"))


@documented_operation("keyctl")
def keyctl_search(keyring: int, type: _Text, description: _Text, destination: int = 0) -> int:
    """keyctl(2) with KEYCTL_SEARCH: find a key in a keyring and those below it.

    keyring: its id, or flags.KeySpecial.
    type, description: of the key, str or bytes.
    destination: a keyring that the key is linked into; 0: none.

    Returns the id of the key. errors.ENOKEY says that there is none.

    Since Linux 2.6.10.
    """
    return _made(
        _SEARCH,
        integers.signed("keyctl_search: keyring", keyring),
        text.encoded("keyctl_search: type", type, path=False),
        text.encoded("keyctl_search: description", description, path=False),
        integers.signed("keyctl_search: destination", destination),
    )


@documented_operation("keyctl")
def keyctl_clear(keyring: int) -> None:
    """keyctl(2) with KEYCTL_CLEAR: unlink everything from a keyring.

    keyring: its id, or flags.KeySpecial.

    Returns None.

    Since Linux 2.6.10.
    """
    _made(_CLEAR, integers.signed("keyctl_clear: keyring", keyring))


@documented_operation("keyctl")
def keyctl_link(key: int, keyring: int) -> None:
    """keyctl(2) with KEYCTL_LINK: link a key into a keyring.

    key: its id, or flags.KeySpecial.
    keyring: that it is linked into, where it takes the place of a key of the same type and name.

    Returns None.

    Since Linux 2.6.10.
    """
    _made(_LINK, integers.signed("keyctl_link: key", key), integers.signed("keyctl_link: keyring", keyring))


@documented_operation("keyctl")
def keyctl_unlink(key: int, keyring: int) -> None:
    """keyctl(2) with KEYCTL_UNLINK: remove a key from a keyring.

    key: its id, or flags.KeySpecial. With its last link the key is removed.
    keyring: its id, or flags.KeySpecial.

    Returns None.

    Since Linux 2.6.10.
    """
    _made(
        _UNLINK,
        integers.signed("keyctl_unlink: key", key),
        integers.signed("keyctl_unlink: keyring", keyring),
    )


@documented_operation("keyctl")
def keyctl_move(key: int, source: int, destination: int, flags: int = 0) -> None:
    """keyctl(2) with KEYCTL_MOVE: move a key between keyrings.

    key: its id, or flags.KeySpecial.
    source, destination: the keyrings. flags: flags.KeyctlMoveFlags.

    Returns None.

    Since Linux 5.3.
    """
    _made(
        _MOVE,
        integers.signed("keyctl_move: key", key),
        integers.signed("keyctl_move: source", source),
        integers.signed("keyctl_move: destination", destination),
        integers.unsigned("keyctl_move: flags", flags),
    )


@documented_operation("keyctl")
def keyctl_restrict_keyring(
    keyring: int, type: _Text | None = None, restriction: _Text | None = None
) -> None:
    """keyctl(2) with KEYCTL_RESTRICT_KEYRING: let only keys in that a type approves, or none at all.

    keyring: its id, or flags.KeySpecial.
    type: the type of key that approves, str or bytes; None: no key is linked into it any more.
    restriction: what the type checks, str or bytes.

    Returns None.

    Since Linux 4.12.
    """
    _made(
        _RESTRICT_KEYRING,
        integers.signed("keyctl_restrict_keyring: keyring", keyring),
        text.string("keyctl_restrict_keyring: type", type),
        text.string("keyctl_restrict_keyring: restriction", restriction),
    )


@documented_operation("keyctl")
def keyctl_set_timeout(key: int, seconds: int) -> None:
    """keyctl(2) with KEYCTL_SET_TIMEOUT: let a key expire.

    key: its id, or flags.KeySpecial.
    seconds: from now; 0: it never expires.

    Returns None.

    Since Linux 2.6.16.
    """
    _made(
        _SET_TIMEOUT,
        integers.signed("keyctl_set_timeout: key", key),
        integers.unsigned("keyctl_set_timeout: seconds", seconds),
    )


@documented_operation("keyctl")
def keyctl_set_reqkey_keyring(default: int) -> int:
    """keyctl(2) with KEYCTL_SET_REQKEY_KEYRING: set where request_key puts keys.

    default: flags.KeyRequestDefault.

    Returns the previous one, an int.

    Since Linux 2.6.13.
    """
    return _made(_SET_REQKEY_KEYRING, integers.signed("keyctl_set_reqkey_keyring: default", default))


@documented_operation("keyctl")
def keyctl_get_persistent(uid: int, keyring: int) -> int:
    """keyctl(2) with KEYCTL_GET_PERSISTENT: link a user's persistent keyring into another.

    uid: the user; -1: one's own. keyring: that it is linked into.

    Returns the id of the persistent keyring.

    Since Linux 3.13.
    """
    return _made(
        _GET_PERSISTENT,
        integers.identity("keyctl_get_persistent: uid", uid),
        integers.signed("keyctl_get_persistent: keyring", keyring),
    )


@documented_operation("keyctl")
def keyctl_capabilities() -> bytes:
    """keyctl(2) with KEYCTL_CAPABILITIES: what the kernel's keys can do, as bits.

    Returns bytes, of which each bit is a capability.

    Since Linux 5.3.
    """
    buffer = ffi.new("char[]", _SIZE)
    return bytes(ffi.buffer(buffer, min(_made(_CAPABILITIES, buffer, _SIZE), _SIZE)))


def _secret(params: Any, length: Any, kdf: Any) -> bytes:
    """What KEYCTL_DH_COMPUTE stores. length: of a key that is derived; None: what the kernel says it has."""
    size = length or direct.keyctl(_DH_COMPUTE, params, None, 0, kdf)
    buffer = bytearray(integers.count("keyctl: arg4", size))
    return bytes(memoryview(buffer)[: direct.keyctl(_DH_COMPUTE, params, buffer, len(buffer), kdf)])


def _query(key: Any, info: Any) -> structures.keyctl_pkey_query:
    found = structures.keyctl_pkey_query()
    _made(_PKEY_QUERY, key, None, "" if info is None else info, found)
    return found


def _with_lengths(
    operation: int, params: structures.keyctl_pkey_params, info: Any, data: Any, other: Any
) -> Any:
    """An operation with a public key: the lengths that are 0 are those of the buffers, or of the answer."""
    params = params.copy()
    info = "" if info is None else info
    if not params.in_len and data is not None:
        params.in_len = memory.data_length("keyctl: arg4", data)
    if operation == _PKEY_VERIFY:
        if not params.in2_len and other is not None:
            params.in2_len = memory.data_length("keyctl: arg5", other)
        return _made(operation, params, info, data, other)
    if other is not None:
        params.out_len = params.out_len or memory.data_length("keyctl: arg5", other)
        return _made(operation, params, info, data, other)
    most = getattr(_query(params.key_id, info), _STORED[operation])
    params.out_len = params.out_len or most
    buffer = bytearray(most)
    return bytes(memoryview(buffer)[: _made(operation, params, info, data, buffer)])


def _filled(operation: int, key: Any) -> bytes:
    """What an operation stores, which returns how many bytes it has to store, fit or not."""
    size = _SIZE
    while True:
        buffer: Any = ffi.new("char[]", size)
        count = _made(operation, key, buffer, size)
        if count <= size:
            return bytes(ffi.buffer(buffer, count))
        size = count
