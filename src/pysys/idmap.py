"""Maps of ids for user namespaces: made of /etc/subuid and /etc/subgid, and written.

    from pysys import idmap

    maps = idmap.subordinate()              # this user as 0, then the ids that are theirs besides
    idmap.write(pid, maps.uid, maps.gid)    # of a process in a new user namespace, that waits for it

A line of a map is (inside, outside, count). spawn(uid_map=, gid_map=) writes them itself; more than one's own
id takes privileges, or the programs newuidmap and newgidmap, which write() asks.
"""

from __future__ import annotations

import os
import pwd

from pysys import errors
from pysys.calls import openat
from pysys.calls import write as write_file
from pysys.process import spawn_arguments
from pysys.process.child import Child
from pysys.process.naming import Renamed
from pysys.process.spawn import spawn
from pysys.structures.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    IdLine: TypeAlias = tuple[int, int, int]

__all__ = ["IdMaps", "MapError", "own", "ranges", "subordinate", "write"]

_FILES = {"uid": "/etc/subuid", "gid": "/etc/subgid"}
_HERE = -100  # AT_FDCWD


class IdMaps(Record):
    """Both maps, as lists of (inside, outside, count). uid: that of users. gid: that of groups."""

    __slots__ = ("uid", "gid")  # noqa: RUF023

    uid: list[tuple[int, int, int]]
    gid: list[tuple[int, int, int]]


class MapError(RuntimeError):
    """newuidmap or newgidmap has not written a map. helper: the program. status: what it ended with."""

    def __init__(self, helper: str, status: int, said: str) -> None:
        super().__init__(f"{helper} ended with {status}{': ' if said else ''}{said}")
        self.helper, self.status, self._said = helper, status, said

    def __reduce__(self) -> tuple[type[MapError], tuple[str, int, str]]:
        return type(self), (self.helper, self.status, self._said)


def ranges(kind: str, user: str | int | None = None) -> list[tuple[int, int]]:
    """/etc/subuid or /etc/subgid: the ids that a user may map besides their own.

    kind: "uid" or "gid".
    user: a name or an id; None: the real user of this process. Groups are theirs, too, by the user.

    Returns (first, count) for each line of the file that is theirs; none if there is no file. What nsswitch
    has instead of the file is not looked at.

    Raises ValueError for another kind, KeyError for an unknown name.
    """
    if kind not in _FILES:
        raise ValueError(f"idmap: kind: {kind!r} is not 'uid' or 'gid'")
    with Renamed("spawn: user", "idmap: user"):
        uid = os.getuid() if user is None else spawn_arguments.user_id(user)
    names = {str(uid)}
    try:
        names.add(pwd.getpwuid(uid).pw_name)
    except KeyError:  # ids without a name have lines, too
        pass
    found = []
    try:
        with open(_FILES[kind]) as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        return []
    for line in lines:
        parts = line.strip().split(":")
        if len(parts) == 3 and parts[0] in names and parts[1].isdecimal() and parts[2].isdecimal():
            first, count = int(parts[1]), int(parts[2])
            if count:
                found.append((first, count))
    return found


def own(inside: int = 0) -> IdMaps:
    """The maps that everybody may write: of one's own effective ids alone.

    inside: what they are in the namespace.

    Returns IdMaps. Raises nothing.
    """
    return IdMaps([(inside, os.geteuid(), 1)], [(inside, os.getegid(), 1)])


def subordinate(user: str | int | None = None) -> IdMaps:
    """Maps of one's own effective ids as 0, and of those in ranges() from 1 on, one behind the other.

    user: as for ranges().

    Returns IdMaps, without more than own() has if no range is theirs.

    Raises what ranges() raises.
    """
    maps = own()
    for kind, lines in (("uid", maps.uid), ("gid", maps.gid)):
        inside = 1
        for first, count in ranges(kind, user):
            lines.append((inside, first, count))
            inside += count
    return maps


def write(
    pid: int | Child, uid_map: Iterable[IdLine] | None = None, gid_map: Iterable[IdLine] | None = None
) -> None:
    """/proc/PID/uid_map and gid_map: write the maps of a process that is in a new user namespace.

    pid: the process: its id, or a Child.
    uid_map, gid_map: lines (inside, outside, count); None: that map is not written.

    They are written here where the kernel allows it: one's own id, or with CAP_SETUID and CAP_SETGID.
    Otherwise newuidmap and newgidmap are run, if they are in PATH: setgroups stays allowed then, which it
    does not with one's own id alone.

    Returns None.

    Raises errors.EPERM if neither may, errors.ENOENT if there is no such process, errors.EINVAL for lines
    that overlap; MapError with what the program says. Since Linux 3.8.
    """
    process = pid.pid if isinstance(pid, Child) else pid
    for kind, lines in (("gid", gid_map), ("uid", uid_map)):
        if lines is not None:
            with Renamed("spawn:", "idmap:"):
                _write(process, kind, spawn_arguments.id_map(lines, f"{kind}_map"))


def _write(pid: int, kind: str, lines: bytes) -> None:
    path = f"/proc/{pid}/{kind}_map"
    try:
        _put(path, lines)
    except errors.EPERM:
        numbers = lines.split()
        alone = len(numbers) == 3 and numbers[2] == b"1"
        if kind == "gid" and alone and int(numbers[1]) == os.getegid():
            _put(f"/proc/{pid}/setgroups", b"deny")
            _put(path, lines)
            return
        helper = f"new{kind}map"
        if not _run(helper, [helper.encode(), b"%d" % pid, *numbers]):
            raise


def _put(path: str, data: bytes) -> None:
    """In one write, as the kernel demands."""
    fd = openat(_HERE, path, os.O_WRONLY | os.O_CLOEXEC, 0)
    try:
        write_file(fd, data, len(data))
    except errors.SyscallError as error:
        error.filename = path
        raise
    finally:
        os.close(fd)


def _run(helper: str, argv: list[bytes]) -> bool:
    """Whether there is such a program. It has done its work then."""
    reader, writer = os.pipe()
    with open(reader, errors="replace") as said:
        try:
            child = spawn(argv, stdin=spawn_arguments.DEVNULL, stdout=writer, stderr=writer)
        except (errors.ENOENT, errors.EACCES) as error:
            if error.step == "executable":
                return False
            raise
        finally:
            os.close(writer)
        with child:
            words = said.read().strip()
    status = child.returncode
    if status:
        raise MapError(helper, status, words)
    return True


for _kind in (IdMaps, MapError):
    _kind.__module__ = __name__  # the public name, also for pickles


def __dir__() -> list[str]:
    return __all__
