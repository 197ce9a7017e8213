"""Namespaces: those of a process, a visit to others, and a new network.

    from pysys import namespaces

    print(namespaces.of(pid)["net"])                 # its id, and who owns it
    with namespaces.entered("/run/netns/blue"):      # this thread is in there, and comes back
        ...
    network = namespaces.new_network()               # a descriptor; lo is up

A program is started in others by `namespaces=` and `join_namespaces=` of spawn().
"""

from __future__ import annotations

import os
import sys
from _thread import get_ident

from pysys import errors
from pysys.arguments import descriptors, iterables, text
from pysys.calls import ioctl, openat, setns, socket, unshare  # by name: they are used in other roots
from pysys.flags import SOCK_CLOEXEC, SOCK_DGRAM
from pysys.ioctls import NS_GET_NSTYPE, NS_GET_OWNER_UID, NS_GET_USERNS, SIOCSIFFLAGS
from pysys.structures import ifreq
from pysys.structures.addresses import AF_UNIX
from pysys.structures.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Any

    from pysys._types import Descriptor, Path

__all__ = ["KINDS", "Visit", "Namespace", "entered", "loopback_up", "new_network", "of"]

KINDS = {
    "cgroup": 0x02000000,
    "ipc": 0x08000000,
    "mnt": 0x00020000,
    "net": 0x40000000,
    "pid": 0x20000000,
    "time": 0x00000080,
    "user": 0x10000000,
    "uts": 0x04000000,
}  # CLONE_NEW*, by the names in /proc/PID/ns
_NEWNS, _NEWNET, _NEWPID, _NEWUSER = KINDS["mnt"], KINDS["net"], KINDS["pid"], KINDS["user"]
_HERE = -100  # AT_FDCWD
_IFF_UP = 1


# ---- which there are ----


class Namespace(Record):
    """A namespace of a process.

    kind: a key of KINDS, or "pid_for_children" or "time_for_children", where those are meant that new
    children get. id: its number, as in /proc/PID/ns. owner: the number of the user namespace that owns it
    (for a user namespace: its parent); None if that is outside this process's own, or the kernel does not
    show it. uid: the user who made that owner (for a user namespace: who made it); None if it is not known.
    """

    __slots__ = ("kind", "id", "owner", "uid")  # noqa: RUF023

    kind: str
    id: int
    owner: int | None
    uid: int | None


def of(pid: int = 0) -> dict[str, Namespace]:
    """/proc/PID/ns, and ioctl(2) with NS_GET_USERNS and NS_GET_OWNER_UID: the namespaces of a process.

    pid: the id of a process or thread; 0 for this thread.

    Returns Namespaces by their kinds, those that this kernel has.

    Raises errors.ENOENT if there is no such process or no /proc, errors.EACCES or errors.EPERM if it may not
    be looked at. Since Linux 3.8; owners are known since Linux 4.9, and their users since 4.11.
    """
    folder = f"/proc/{pid or 'thread-self'}/ns"
    call = "openat"
    try:
        kinds = sorted(os.listdir(folder))
        call = "statx"
        return {kind: _namespace(kind, f"{folder}/{kind}") for kind in kinds}
    except OSError as error:  # the process may end between the two
        raise errors.error(error.errno or 0, call, filename=error.filename) from None


def _namespace(kind: str, path: str) -> Namespace:
    number = os.stat(path).st_ino
    opened: list[int] = []
    owner = uid = None
    try:
        opened.append(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
        if kind == "user":
            uid = _maker(opened[-1])
        opened.append(int(ioctl(opened[0], NS_GET_USERNS)))
        owner = os.fstat(opened[-1]).st_ino
        if kind != "user":
            uid = _maker(opened[-1])
    except OSError:  # it is outside of this one, or the kernel is older
        pass
    finally:
        for fd in opened:
            os.close(fd)
    return Namespace(kind, number, owner, uid)


def _maker(user_namespace: int) -> int:
    made = bytearray(4)
    ioctl(user_namespace, NS_GET_OWNER_UID, made)
    return int.from_bytes(made, sys.byteorder)


# ---- there and back ----


def _own(kind: str) -> str:
    return f"/proc/thread-self/ns/{kind}"


class _Return:
    """The way back of this thread into its namespaces of some kinds. kinds: CLONE_NEW*."""

    __slots__ = ("fs", "own", "thread")

    def __init__(self, kinds: int) -> None:
        """Raises what setns does where there is no way back; nothing has changed then."""
        self.thread = get_ident()
        self.own: list[tuple[int, int]] = []
        self.fs: list[int] = []
        try:
            if kinds & _NEWNS:
                for path in ("/", "."):
                    self.fs.append(os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC))
            for kind, flag in KINDS.items():
                if kinds & flag:
                    name = "pid_for_children" if flag == _NEWPID else kind
                    self.own.append((os.open(_own(name), os.O_RDONLY | os.O_CLOEXEC), flag))
            # The kernel asks for the same when a namespace is entered in which one is already.
            self.go()
        except BaseException as error:
            self.close()
            if isinstance(error, errors.SyscallError) and error.syscall == "setns":
                errors.put_first(error, _why_not(error))
            raise

    def go(self) -> None:
        """Be where one was. What the other namespace of mounts had as root and directory is left."""
        for fd, flag in reversed(self.own):
            setns(fd, flag)
            if flag == _NEWNS:
                root, here = self.fs
                os.fchdir(root)
                os.chroot(".")
                os.fchdir(here)

    def close(self) -> None:
        for fd in [*self.fs, *(fd for fd, _ in self.own)]:
            os.close(fd)
        self.fs, self.own = [], []


def _why_not(error: errors.SyscallError) -> str:
    if error.symbol == "EPERM":
        return "This thread could not come back: it has no CAP_SYS_ADMIN where its own namespace belongs."
    return "This thread could not come back: threads share their root and directory, or their clocks."


class Visit:
    """What entered() returns: `with` enters the namespaces and comes back."""

    __slots__ = ("_back", "_places")

    def __init__(self, places: Iterable[Any]) -> None:
        self._places = tuple(places)
        self._back: _Return | None = None

    def __enter__(self) -> Visit:
        if self._back is not None:
            raise RuntimeError("entered: this is in use: each `with` takes its own")
        opened: list[int] = []
        try:
            wanted = [_wanted(f"entered: namespaces[{index}]", one, opened) for index, one in
                      enumerate(self._places)]  # fmt: skip
            kinds = 0
            for _, flags in wanted:
                kinds |= flags
            self._back = _Return(kinds)
            for fd, flags in wanted:
                setns(fd, flags)
        except BaseException:
            self._leave()
            raise
        finally:
            for fd in opened:
                os.close(fd)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        back = self._back
        if back is None:
            return
        if back.thread != get_ident():
            raise RuntimeError("entered: another thread has entered, and only it can come back")
        back.go()
        self._back = None
        back.close()


def _wanted(title: str, place: Any, opened: list[int]) -> tuple[int, int]:
    """A descriptor and CLONE_NEW* flags. opened: gets what was opened."""
    flags = 0
    if isinstance(place, (tuple, list)):
        place, flags = iterables.parts(title, place, "(descriptor, flags)")
    if text.is_path(place):
        fd = openat(_HERE, place, os.O_RDONLY | os.O_CLOEXEC, 0)
        opened.append(fd)
    else:
        fd = descriptors.path_or_descriptor(title, place)
    if not flags:
        try:
            flags = int(ioctl(fd, NS_GET_NSTYPE))
        except OSError as error:
            raise ValueError(
                f"{title} does not say what kind of namespace it is ({error.strerror}): use "
                "(descriptor, CLONE_NEW* flags)"
            ) from None
    if flags & _NEWUSER:
        raise errors.RefusedError(
            f"{title}: a thread does not come back from another user namespace, as it has no rights outside "
            "then: start a process there, spawn(join_namespaces=)",
            syscall="setns",
        )
    return fd, flags


def entered(*namespaces: Path | Descriptor | tuple[Descriptor, int]) -> Visit:
    """setns(2), and setns again: be in other namespaces during `with`.

    namespaces: in this order: paths (/proc/PID/ns/net, /run/netns/NAME), descriptors of these, or pairs of a
        descriptor and CLONE_NEW* flags; with flags it can also be a pidfd, or a Child (Linux 5.8).

    Only the calling thread goes there; what it starts there stays there. A namespace of process ids is that
    of the children made meanwhile. After one of mounts, root and working directory are what they were.

    Before anything else, it is asked whether the thread can come back, which takes CAP_SYS_ADMIN in the user
    namespace that owns its own; for mounts also CAP_SYS_CHROOT and a process with one thread, as threads
    share root and working directory; for clocks one thread.

    Returns a Visit, for `with`.

    Raises, when it is entered: errors.RefusedError for a user namespace, from which there is no way back;
    ValueError for a descriptor whose kind is not known; errors.EPERM, errors.EINVAL, errors.EUSERS if the
    thread could not come back or not go there: it is where it was. RuntimeError if another thread leaves.
    Since Linux 3.8; kinds are known since 4.11.
    """
    return Visit(namespaces)


# ---- networks ----


def loopback_up() -> None:
    """ioctl(2) with SIOCSIFFLAGS: bring lo up in the network namespace of this thread.

    Takes no arguments. Returns None. Raises errors.EPERM without CAP_NET_ADMIN in the namespace. Since Linux
    2.6.24.
    """
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)  # each kind takes requests of interfaces
    try:
        request = ifreq(ifr_name=b"lo")
        request.ifr_flags = _IFF_UP
        ioctl(fd, SIOCSIFFLAGS, request)
    finally:
        os.close(fd)


def new_network(*, loopback: bool = True) -> int:
    """unshare(2) with CLONE_NEWNET, and setns(2): make a network namespace, and stay in one's own.

    loopback: whether its interface lo is up.

    Returns a descriptor of it, which exec closes, for entered() and spawn(join_namespaces=). The namespace
    lives as long as it is open, or a process is inside.

    Raises errors.EPERM without CAP_SYS_ADMIN: spawn(loopback=True, uid_map=...) starts a program in a user
    namespace that has one. Since Linux 3.8.
    """
    back = _Return(_NEWNET)
    fd = -1
    try:
        try:
            unshare(_NEWNET)
            if loopback:
                loopback_up()
            fd = os.open(_own("net"), os.O_RDONLY | os.O_CLOEXEC)
        finally:
            back.go()
    except BaseException:
        if fd != -1:
            os.close(fd)
        raise
    finally:
        back.close()
    return fd


for _kind in (Visit, Namespace):
    _kind.__module__ = __name__  # the public name, also for pickles


def __dir__() -> list[str]:
    return __all__
