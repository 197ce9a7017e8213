"""Capabilities that calls ask for, whatever else they are about: mostly data."""

from __future__ import annotations

import re
import stat

from pysys import flags
from pysys.diagnosis.failures import arguments
from pysys.diagnosis.failures.finding import Finding, judged
from pysys.diagnosis.failures.rights import has, right
from pysys.metadata.light import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# Calls, with arguments if only those ask; the errno if it is not EPERM; the capabilities, of which one will
# do; and where it counts, as `rights.right` takes it.
_TABLE = """
reboot                                                  : SYS_BOOT : pid
kexec_load kexec_file_load                              : SYS_BOOT : first
swapon swapoff                                          : SYS_ADMIN : first
sethostname setdomainname                               : SYS_ADMIN : uts
settimeofday clock_settime adjtimex clock_adjtime       : SYS_TIME : first
init_module finit_module delete_module                  : SYS_MODULE : first
acct                                                    : SYS_PACCT : first
vhangup                                                 : SYS_TTY_CONFIG : first
iopl ioperm                                             : SYS_RAWIO : first
timerfd_create(clockid=8) timerfd_create(clockid=9)     : WAKE_ALARM : first
timer_create(which_clock=8) timer_create(which_clock=9) : WAKE_ALARM : first
move_pages(flags=4) mbind(flags=4)                      : SYS_NICE : first
prctl(option=28)                                        : SETPCAP : own
prctl(option=57) prctl(option=58)                       : SYS_RESOURCE : first
setsockopt(level=1,optname=32) setsockopt(level=1,optname=33) : NET_ADMIN : first
setsockopt(level=1,optname=36) setsockopt(level=0,optname=19) : NET_ADMIN NET_RAW : net
ioctl(cmd=0x8914) ioctl(cmd=0x8916) ioctl(cmd=0x891c)   : NET_ADMIN : net
ioctl(cmd=0x8922) ioctl(cmd=0x8924)                     : NET_ADMIN : net
"""


class Want(Record):
    """What a call asks for: one of these capabilities, over a namespace, if these arguments were passed."""

    arguments: dict[str, int]
    capabilities: tuple[int, ...]
    over: str


def _parsed() -> dict[str, list[Want]]:
    found: dict[str, list[Want]] = {}
    for line in _TABLE.strip().splitlines():
        calls, names, over = (part.strip() for part in line.split(" : "))
        capabilities = tuple(int(flags.Capability[f"CAP_{name}"]) for name in names.split())
        for one in calls.split():
            call, _, rest = one.rstrip(")").partition("(")
            pairs = (pair.partition("=") for pair in rest.split(",") if pair)
            asked = {name: int(value, 0) for name, _, value in pairs}
            found.setdefault(call, []).append(Want(asked, capabilities, over))
    return found


WANTED = _parsed()


def findings(call: str, symbol: str, args: dict[str, Any]) -> Iterator[Finding]:
    """What can be found out about EPERM of a call that takes a capability."""
    if symbol != "EPERM":
        return
    for one in WANTED.get(call, ()):
        if all(arguments.integer(args, name) == value for name, value in one.arguments.items()):
            shown = ", ".join(f"{name} {value:#x}" for name, value in one.arguments.items())
            yield lacking(one.capabilities, one.over, f"{call}{' with ' if shown else ''}{shown}")
    mode = arguments.integer(args, "mode")
    if call in ("mknod", "mknodat") and mode is not None and (stat.S_ISCHR(mode) or stat.S_ISBLK(mode)):
        yield lacking((flags.CAP_MKNOD,), "first", "To make a device")


def named(text: str, known: str) -> tuple[bool, str]:
    """Whether a cause in the words of the reference names capabilities that this thread lacks, and what shows
    it.

    known: the text of other findings. What is in it was looked at already.
    """
    names = [one for one in dict.fromkeys(_NAME.findall(text)) if one in flags.Capability.__members__]
    if not names or any(one in known for one in names):
        return False, ""
    held = [has(flags.Capability[one]) for one in names]
    if held != [False] * len(names):
        return False, ""
    return True, f"not among the effective capabilities: {', '.join(names)}"


_NAME = re.compile(r"\bCAP_[A-Z_]+")


def lacking(capabilities: tuple[int, ...], over: str, what: str) -> Finding:
    """A finding about what takes one of these capabilities. what: the subject of a sentence."""
    found = [right(one, over) for one in capabilities]
    held = [one.held for one in found]
    lacks = False if True in held else None if None in held else True
    names = [flags.Capability(one).name or "" for one in capabilities]
    where = {"first": "in the first user namespace", "own": ""}.get(over, f"over this {over} namespace")
    text = f"{what} takes {' or '.join(names)} {where}".rstrip()
    return judged(
        lacks,
        f"{text}, which this thread lacks.",
        f"{what} takes {' or '.join(names)}, which is there.",
        "; ".join(one.read for one in found),
        f"{names[0]}: root, setpriv, docker run --cap-add {names[0][4:]}",
    )
