"""Capabilities by name and number, and sets of them as the kernel's bits: bit n is capability n."""

from __future__ import annotations

from pysys.arguments import integers, iterables
from pysys.loading import hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 64  # bits in a set of the kernel's
BOUNDING_READ, BOUNDING_DROP, AMBIENT = 23, 24, 47  # PR_*
AMBIENT_IS_SET, AMBIENT_RAISE, AMBIENT_CLEAR = 1, 2, 4  # PR_CAP_AMBIENT_*

# In the order of their numbers (linux/capability.h, Linux 5.9 and later).
# fmt: off
NAMES = (
    "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
    "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
    "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
    "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
    "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
    "CHECKPOINT_RESTORE",
)
# fmt: on


def number(title: str, value: int | str) -> int:
    """The number of a capability: itself, or that of a name, with or without CAP_.

    title: how messages name the parameter.
    """
    if not isinstance(value, str):
        checked = integers.integer(title, value, " or a name")
        return integers.within(title, checked, (0, MOST - 1), below=ValueError)
    short = value.upper().removeprefix("CAP_")
    try:
        return NAMES.index(short)
    except ValueError:
        raise ValueError(f"{title}: no capability is named {value!r}{hint(short, NAMES)}") from None


def mask(title: str, caps: Iterable[int | str]) -> int:
    """The bits of these capabilities, numbers or names."""
    bits = 0
    for index, one in enumerate(iterables.items(title, caps, "numbers or names")):
        bits |= 1 << number(f"{title}[{index}]", one)
    return bits


def name(capability: int) -> str:
    """Its name, or "capability 63" for one without."""
    return f"CAP_{NAMES[capability]}" if 0 <= capability < len(NAMES) else f"capability {capability}"


def names(bits: int) -> tuple[str, ...]:
    """The names of those in a set, in the order of their numbers."""
    return tuple(name(bit) for bit in range(bits.bit_length()) if bits >> bit & 1)
