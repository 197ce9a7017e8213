"""Typed calls whose results are values: the system as a whole."""

from __future__ import annotations

from sys import byteorder

from pysys import structures
from pysys.arguments import integers, memory, text
from pysys.calls import direct
from pysys.calls._make.values import in_c
from pysys.doc import documented_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys._types import Buffer

_USUAL = 4096


@in_c(direct)
@documented_call
def uname() -> structures.utsname:
    """uname(2): the names and version of the kernel, of this UTS namespace, and the machine.

    The fields, sysname, nodename, release, version, machine and domainname, are bytes.

    Returns structures.utsname.

    Since Linux 1.0.
    """
    found = structures.utsname()
    direct.uname(found)
    return found


@in_c(direct)
@documented_call
def sysinfo() -> structures.sysinfo:
    """sysinfo(2): seconds since boot, load averages, memory and swap, and how many threads there are.

    loads: the averages over 1, 5 and 15 minutes, in units of 1/65536. totalram, freeram and the other sizes
    are in units of mem_unit bytes. procs has 16 bits.

    Returns structures.sysinfo.

    Since Linux 1.0.
    """
    found = structures.sysinfo()
    direct.sysinfo(found)
    return found


@in_c(direct)
@documented_call
def getrandom(len: int, flags: int = 0) -> bytes:
    """getrandom(2): random bytes from the kernel, fit for keys.

    len: how many are wanted; of more than 256 there may be fewer if a signal comes. flags:
        flags.GetrandomFlags; with none it waits, early after boot, until the generator is ready.

    Returns the bytes.

    Raises: EAGAIN with GRND_NONBLOCK if it would wait. Since Linux 3.17.
    """
    buffer = bytearray(
        len if type(len) is int and 0 <= len <= _USUAL else integers.count("getrandom: len", len)
    )
    count = direct.getrandom(buffer, len, flags)
    return bytes(buffer) if count == len else bytes(memoryview(buffer)[:count])


@in_c(direct)
@documented_call
def getcpu() -> tuple[int, int]:
    """getcpu(2): the CPU that this thread runs on, and the node of memory that it belongs to.

    Returns both numbers, which may be out of date when the caller sees them.

    Since Linux 2.6.19.
    """
    cpu, node = bytearray(4), bytearray(4)
    direct.getcpu(cpu, node, None)
    return int.from_bytes(cpu, byteorder), int.from_bytes(node, byteorder)


@documented_call
def sethostname(name: str | Buffer, len: int | None = None) -> None:
    """sethostname(2): set the host name of this UTS namespace.

    name: a str, encoded as the names of files are, or a buffer. len: how many of its bytes, by default all:
        at most 64, of which the kernel looks at none.

    Returns None.

    Raises: EPERM without CAP_SYS_ADMIN in the user namespace that owns this UTS namespace, EINVAL if len is
    too large. Since Linux 1.0.
    """
    data = _name("sethostname: name", name)
    direct.sethostname(data, _length(data) if len is None else len)


@documented_call
def setdomainname(name: str | Buffer, len: int | None = None) -> None:
    """setdomainname(2): set the NIS domain name of this UTS namespace, which is not that of DNS.

    name, len: as with sethostname.

    Returns None.

    Raises: EPERM without CAP_SYS_ADMIN in the user namespace that owns this UTS namespace, EINVAL if len is
    too large. Since Linux 1.0.
    """
    data = _name("setdomainname: name", name)
    direct.setdomainname(data, _length(data) if len is None else len)


_length = len


def _name(title: str, arg: str | Buffer) -> bytes:
    return text.encoded(title, arg, path=False) if isinstance(arg, str) else memory.data(title, arg)
