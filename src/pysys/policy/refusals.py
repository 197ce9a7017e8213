"""Calls that pysys does not make, because this process would not survive them as a Python process.

Data, and the questions about arguments. What breaks only what the caller passed (munmap of memory in use,
close of a descriptor in use) is the caller's business and not listed.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_THREAD_AREA = "it moves the thread area, where the C library and the interpreter keep the thread's state"
_FRAME = "it takes the registers from a signal's frame on the stack, and there is none"
_HANDLERS = "handlers return by themselves"
_REGISTERS = "it replaces the registers of the code that makes it, which is the C library's"
_SHADOW_STACK = (
    "the functions that have been called by now are not on a new shadow stack, and their return is a "
    "fault: the C library sets it up at the start (GLIBC_TUNABLES)"
)
_FORK = "the child would wait for locks whose owners it does not have"
_MODE = "it changes the processor's mode, and what follows is not compiled for that"
_ORDER = "it changes the byte order, and what follows is not compiled for that"

# By name: the reason, and what to use instead, if there is anything.
REFUSED: dict[str, tuple[str, str]] = {
    "fork": (_FORK, "use pysys.fork"),
    "vfork": (
        "the child would run on its parent's stack and destroy it",
        "use pysys.vfork or pysys.spawn",
    ),
    "clone": (_FORK, "use pysys.clone"),
    "clone2": (_FORK, "use pysys.clone"),
    "clone3": (_FORK, "use pysys.clone3"),
    "exit": (
        "it ends the thread behind the interpreter's back",
        "return from the thread, or use exit_group to end the process",
    ),
    "rt_sigreturn": (_FRAME, _HANDLERS),
    "sigreturn": (_FRAME, _HANDLERS),
    "restart_syscall": ("only the kernel knows what there is to continue", "repeat the call itself"),
    "set_tid_address": (
        "the C library has registered where it waits for the thread's end",
        "clone takes an address for a child",
    ),
    "set_robust_list": ("the C library has registered the list of its locks, and a thread has only one", ""),
    "rseq": ("the C library has registered its own, and a thread has only one", ""),
    "set_thread_area": (_THREAD_AREA, ""),
    "set_tls": (_THREAD_AREA, ""),
    "arc_settls": (_THREAD_AREA, ""),
    "usr26": (_MODE, ""),
    "usr32": ("a kernel that has no 26-bit mode answers it with SIGILL", ""),
    "switch_endian": (_ORDER, ""),
    "swapcontext": (_REGISTERS, ""),
    "sys_debug_setcontext": (_REGISTERS, ""),
    "uretprobe": ("only the kernel's own trampoline may make it, anything else is killed", ""),
    "syscall": ("it is a call for making others", "make the call that would be its first argument"),
}

# By ABI, the number from which on the kernel answers what it does not know with SIGILL (traps.c).
FATAL_FROM = {"arm": 0xF0800, "aarch64_compat32": 0xF0800}
FATAL = "on ARM the kernel answers such numbers with SIGILL"

# The first argument, an int of the kernel's, decides.
REFUSED_VALUES: dict[str, dict[int, str]] = {
    "arch_prctl": {
        0x1002: f"ARCH_SET_FS: {_THREAD_AREA}",
        0x5001: f"ARCH_SHSTK_ENABLE: {_SHADOW_STACK}",
    },
    "prctl": {75: f"PR_SET_SHADOW_STACK_STATUS: {_SHADOW_STACK}"},
}

# Entry points that give their second result in a register, which no C function returns; and why they are
# refused.
TWO_RESULTS = frozenset({"sysm_pipe", "sys_alpha_pipe", "sys_sh_pipe", "sys_sparc_pipe"})
IN_A_REGISTER = ("its second descriptor comes back in a register, which is lost", "use pipe2")

# ABIs whose numbers a process of the first one can use as well, since they do not overlap with its own.
REACHABLE: dict[str, tuple[str, ...]] = {
    "x86_64": ("x32",),
    "x32": ("x86_64",),
    "mips_o32": ("mips_n32", "mips_n64"),
    "mips_n32": ("mips_o32", "mips_n64"),
    "mips_n64": ("mips_o32", "mips_n32"),
}


def text(name: str, why: str, number: int | None = None) -> str:
    """What the error says of a refused call, which may have been asked for by its number."""
    asked = "" if number is None else f" (number {number})"
    return f"pysys does not make {name}{asked}: {why}"


def depends_on_arguments(name: str) -> bool:
    """Whether reason_for has to see the arguments of every call of this name."""
    return name == "brk" or name in REFUSED_VALUES


def reason_for(name: str, words: Sequence[int]) -> str | None:
    """Why the call is not made with these arguments, or None."""
    first = words[0] if words else 0
    if name == "brk" and first:
        return "the heap's end belongs to the C library's allocator: use mmap (brk(0) returns where it is)"
    return REFUSED_VALUES.get(name, {}).get(first & 0xFFFFFFFF)
