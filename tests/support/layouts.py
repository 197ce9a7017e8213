"""What the project says, layouts and constants, beside the kernel's own headers, as a compiler sees both."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from paths import PROJECT, SUPPORT

from pysys import abi

CDEFS = PROJECT / "cdefs"
C_LIBRARY = SUPPORT / "c_library"  # the little that the kernel's headers want of it

_ASM = (
    "stat statfs siginfo sembuf shmbuf msgbuf poll fcntl signal ldt vm86 hwprobe termbits termios "
    "sigcontext ptrace"
)
_LINUX = (
    "types stat sched openat2 time time_types timex utime times resource utsname sysinfo signalfd "
    "eventpoll uio socket in in6 un netlink if_packet if_alg inotify fanotify xattr fs mman futex "
    "rseq sched/types landlock mount nsfs aio_abi seccomp filter capability mqueue sem shm msg "
    "kexec prctl ptrace keyctl userfaultfd pidfd quota bpf perf_event io_uring dqblk_xfs kcmp lsm "
    "serial vt loop rtc watchdog hidraw input uinput fiemap if if_arp if_tun if_addr rtnetlink tcp errqueue "
    "ipv6"
)
HEADERS = [
    *(f"asm/{name}.h" for name in _ASM.split()),
    *(f"linux/{name}.h" for name in _LINUX.split()),
]

# Constants are in these too.
_CONSTANTS = (
    "close_range errno eventfd fadvise falloc ioprio ipc membarrier memfd mempolicy module personality "
    "random reboot timerfd wait"
)
CONSTANTS = [
    *HEADERS,
    *(f"asm/{name}.h" for name in "errno mman prctl ptrace resource socket".split()),
    *(f"linux/{name}.h" for name in _CONSTANTS.split()),
]

# Zig brings a compiler for all of these and the headers that their kernels export: the target, and the ABI
# of its programs. Not x32 and mips_n32: their headers say of statfs, stat and System V IPC what the kernel,
# which takes the structures of 64 bits or its own for compatibility there, does not do.
TARGETS = {
    "x86_64-linux-gnu": "x86_64",
    "i386-linux-gnu": "i386",
    "aarch64-linux-gnu": "aarch64",
    "aarch64_be-linux-gnu": "aarch64",
    "arm-linux-gnueabihf": "arm",
    "armeb-linux-gnueabihf": "arm",
    "riscv64-linux-gnu": "riscv64",
    "riscv32-linux-gnu": "riscv32",
    "loongarch64-linux-gnu": "loongarch64",
    "loongarch32-linux-gnu": "loongarch32",
    "powerpc64le-linux-gnu": "ppc64",
    "powerpc64-linux-gnu": "ppc64",
    "powerpc-linux-gnu": "ppc",
    "s390x-linux-gnu": "s390x",
    "mips64el-linux-gnuabi64": "mips_n64",
    "mips64-linux-gnuabi64": "mips_n64",
    "mipsel-linux-gnu": "mips_o32",
    "mips-linux-gnu": "mips_o32",
    "sparc64-linux-gnu": "sparc64",
    "sparc-linux-gnu": "sparc",
    "m68k-linux-gnu": "m68k",
    "xtensa-linux-gnu": "xtensa",
    "arc-linux-gnu": "arc",
    "csky-linux-gnu": "csky",
    "hexagon-linux-musl": "hexagon",
}
_FOLDERS = {"arm64": "aarch64", "s390": "s390x"}  # Zig's names of architectures, where they are its own

# Where the kernel's tag is another one.
TAGS = {
    "timespec": "struct __kernel_timespec",
    "timespec32": "",
    "timeval": "struct __kernel_old_timeval",
    "sock_timeval": "struct __kernel_sock_timeval",
    "itimerspec": "struct __kernel_itimerspec",
    "itimerval": "struct __kernel_old_itimerval",
    "timex": "struct __kernel_timex",
    "timex_timeval": "struct __kernel_timex_timeval",
    "old_stat": "struct __old_kernel_stat",
    "utsname": "struct new_utsname",
    "cap_user_header": "struct __user_cap_header_struct",
    "cap_user_data": "struct __user_cap_data_struct",
    "sockaddr_storage": "struct __kernel_sockaddr_storage",
    "ipc_perm": "struct ipc64_perm",
    "semid_ds": "struct semid64_ds",
    "shmid_ds": "struct shmid64_ds",
    "shminfo": "struct shminfo64",
    "msqid_ds": "struct msqid64_ds",
    "stack": "struct sigaltstack",
    "riscv_d_ext_state": "struct __riscv_d_ext_state",
    "psw": "psw_t",
    "s390_regs": "s390_regs",
    "s390_fp_regs": "s390_fp_regs",
}
# By one of the fields, where architectures have a structure of that name, and x86 exports it under another.
TAGS_BY_FIELD = {
    ("user_regs_struct", "rax"): "struct pt_regs",
    ("user_regs_struct", "eax"): "struct pt_regs",
    ("user_i387_struct", "rip"): "struct _fpstate_64",
    ("user_i387_struct", "fip"): "",  # not exported
}
# Fields behind the end of what is exported.
BEYOND = {("user_regs_struct", name) for name in ("fs_base", "gs_base", "ds", "es", "fs", "gs")}
# What no header of the kernel's shows to programs, or shows otherwise, and the parts without a tag there.
HIDDEN = re.compile(
    r"(timespec32|timeval32|itimerspec32|itimerval32|timex32|utimbuf32|linux_dirent|linux_dirent64"
    r"|old_linux_dirent|old_sigaction|osf_sigaction|sigaction|sigset|file_handle|sched_param|msghdr|mmsghdr|cmsghdr|ucred|linger"
    r"|sockaddr|sockaddr_vm|ustat|aio_sigset|msgbuf|mmap_arg_struct|sel_arg_struct|rtas_args|osf_dirent|sigstack"
    r"|sig_dbg_op|gs_cb|user_fxsr_struct|bpf_attr_\w+|ptrace_syscall_info_\w+|uffd_msg_\w+)$"
)
SIGINFO = {
    "pid": "_kill._pid",
    "uid": "_kill._uid",
    "value": "_rt._sigval",
    "int": "_rt._sigval.sival_int",
    "ptr": "_rt._sigval.sival_ptr",
    "status": "_sigchld._status",
    "utime": "_sigchld._utime",
    "stime": "_sigchld._stime",
    "tid": "_timer._tid",
    "overrun": "_timer._overrun",
    "addr": "_sigfault._addr",
    "trapno": "_sigfault._trapno",
    "addr_lsb": "_sigfault._addr_lsb",
    "lower": "_sigfault._addr_bnd._lower",
    "upper": "_sigfault._addr_bnd._upper",
    "pkey": "_sigfault._addr_pkey._pkey",
    "perf_data": "_sigfault._perf._data",
    "perf_type": "_sigfault._perf._type",
    "perf_flags": "_sigfault._perf._flags",
    "band": "_sigpoll._band",
    "fd": "_sigpoll._fd",
    "call_addr": "_sigsys._call_addr",
    "syscall": "_sigsys._syscall",
    "arch": "_sigsys._arch",
}
IFREQ = {
    name: name for name in "addr dstaddr broadaddr netmask hwaddr flags mtu map slave newname data".split()
}
IFREQ |= dict.fromkeys("ifindex metric bandwidth qlen".split(), "ivalue")
FIELDS = {
    **{("siginfo", f"si_{name}"): f"_sifields.{place}" for name, place in SIGINFO.items()},
    ("sigevent", "sigev_notify_thread_id"): "_sigev_un._tid",
    ("sigevent", "sigev_notify_function"): "_sigev_un._sigev_thread._function",
    ("sigevent", "sigev_notify_attributes"): "_sigev_un._sigev_thread._attribute",
    ("sockaddr_storage", "data"): "__data",
    ("ifreq", "ifr_name"): "ifr_ifrn.ifrn_name",
    **{("ifreq", f"ifr_{name}"): f"ifr_ifru.ifru_{place}" for name, place in IFREQ.items()},
    ("ifconf", "ifc_buf"): "ifc_ifcu.ifcu_buf",
    ("ifconf", "ifc_req"): "ifc_ifcu.ifcu_req",
    ("input_event", "input_event_sec"): "time.tv_sec",
    ("input_event", "input_event_usec"): "time.tv_usec",
}


@cache
def cross(target: str) -> list[str] | None:
    """The command that compiles for a target with its kernel's headers and no others; None without Zig."""
    package = find_spec("ziglang")
    if package is None or package.origin is None:
        return None
    # `zig clang`, not `zig cc`: that one keeps what it makes, and brings the C library's headers.
    zig = Path(package.origin).with_name("zig")
    architecture = abi.ABIS[TARGETS[target]].architecture
    folder = _FOLDERS.get(architecture, architecture)
    own = ("include", f"libc/include/{folder}-linux-any", "libc/include/any-linux-any")
    includes = [f"-isystem{zig.with_name('lib') / name}" for name in own]
    return [str(zig), "clang", "-target", target, "-nostdinc", *includes]


def version(compiler: list[str]) -> tuple[int, int]:
    """Of which Linux these headers are."""
    done = subprocess.run(
        [*compiler, "-E", "-P", "-xc", "-"],
        input="#include <linux/version.h>\nLINUX_VERSION_CODE",
        check=True,
        capture_output=True,
        text=True,
    )
    code = int(done.stdout.split()[-1])
    return code >> 16, code >> 8 & 255


def preprocessed(compiler: list[str]) -> str:
    """cdefs/structures.h as CFFI reads it, for the ABI of this compiler."""
    command = [*compiler, "-E", "-P", "-DPYSYS_CDEF", f"-I{CDEFS}", str(CDEFS / "structures.h")]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def structures(text: str) -> dict[str, tuple[str, list[tuple[str, bool]]]]:
    """What the text declares: by name "struct" or "union", and the fields, with whether they have a size."""
    found = {}
    for kind, name, body in re.findall(r"^(struct|union) kernel_(\w+) \{(.*?)^ ?\}", text, re.S | re.M):
        fields = re.findall(r"\b(\w+)(\[[^\]]*\])?;", body)
        found[name] = (kind, [(field, count != "[]") for field, count in fields if field[0] != "_"])
    return found


# Fields that mark the end, which is elsewhere in an older header.
GROWING = {("rseq", "end")}


def assertions(text: str, same_size: bool) -> str:
    """C that fails to compile, line by line, where a layout is not the kernel's."""
    lines = []
    relation = "==" if same_size else ">="  # an older header may lack the end
    for name, (kind, fields) in structures(text).items():
        ours, theirs = f"{kind} kernel_{name}", _exported(kind, name, fields)
        if not theirs:
            continue
        complete = True
        for field, sized in fields:
            if (name, field) in BEYOND:
                complete = False
                continue
            if (name, field) in GROWING and not same_size:
                continue
            place = FIELDS.get((name, field), field)
            test = f"__builtin_offsetof({ours}, {field}) == __builtin_offsetof({theirs}, {place})"
            if sized:
                test += f" && sizeof((({ours} *)0)->{field}) {relation} sizeof((({theirs} *)0)->{place})"
            lines.append(f'_Static_assert({test}, "{name}.{field}");')
        size = relation if complete else ">"
        lines.append(f'_Static_assert(sizeof({ours}) {size} sizeof({theirs}), "sizeof {name}");')
    return "\n".join(lines) + "\n"


def _exported(kind: str, name: str, fields: list[tuple[str, bool]]) -> str:
    """What the headers call a structure; "" if they do not show it."""
    if HIDDEN.match(name):
        return ""
    own = [TAGS_BY_FIELD[name, field] for field, _ in fields if (name, field) in TAGS_BY_FIELD]
    return own[0] if own else TAGS.get(name, f"{kind} {name}")


def compare(
    compiler: list[str], include: Path | None, same_size: bool = True
) -> tuple[int, list[str], list[str]]:
    """How many layouts were compared; where they differ; what these headers do not have.

    include: the kernel's exported headers (`make headers_install`), alone; None: those of this machine.
    """
    return check(compiler, include, HEADERS, assertions(preprocessed(compiler), same_size))


def compare_constants(compiler: list[str], values: dict[str, int]) -> tuple[int, list[str], list[str]]:
    """How many constants were compared; which differ; which these headers do not have."""
    lines = [
        # The headers leave it to their reader how wide a negative number is.
        f"_Static_assert((unsigned long long)({name}) == {value % (1 << 64)}ULL"
        f' || (({name}) < 0 && (unsigned)({name}) == {value % (1 << 32)}U), "{name}");\n'
        for name, value in values.items()
    ]
    return check(compiler, None, CONSTANTS, "".join(lines))


def compare_sizes(
    compiler: list[str], sizes: dict[str, int], offsets: dict[tuple[str, str], int]
) -> tuple[int, list[str], list[str]]:
    """How many sizes and offsets were compared, with our layouts and with the headers' where they have
    the structure; which differ; which we do not have."""
    known = structures(preprocessed(compiler))
    lines = []
    for name, size in sizes.items():
        lines += [f"sizeof({one}) == {size}" for one in _types(known, name)]
    for (name, field), offset in offsets.items():
        ours, *theirs = _types(known, name)
        lines.append(f"__builtin_offsetof({ours}, {field}) == {offset}")
        place = FIELDS.get((name, field), field)
        lines += [f"__builtin_offsetof({one}, {place}) == {offset}" for one in theirs]
    return check(compiler, None, HEADERS, "".join(f'_Static_assert({test}, "{test}");\n' for test in lines))


def _types(known: dict[str, tuple[str, list[tuple[str, bool]]]], name: str) -> list[str]:
    """A structure here, and in the headers if all of it is there."""
    kind, fields = known.get(name, ("struct", []))
    exported = _exported(kind, name, fields)
    complete = exported and not any((name, field) in BEYOND for field, _ in fields)
    return [f"{kind} kernel_{name}", *([exported] if complete else [])]


def check(
    compiler: list[str], include: Path | None, headers: Iterable[str], checks: str
) -> tuple[int, list[str], list[str]]:
    """How many lines of _Static_assert hold or do not; those that do not; those that cannot be compiled."""
    text = "".join(f"#if __has_include(<{header}>)\n#include <{header}>\n#endif\n" for header in headers)
    code = f'#include <stdint.h>\n#include <stddef.h>\n{text}#include "structures.h"\n{checks}'
    clang = "clang" in compiler
    command = [
        *compiler,
        "-std=gnu11",
        "-w",
        "-fsyntax-only",
        "-ferror-limit=0" if clang else "-fmax-errors=0",
        "-fno-caret-diagnostics" if clang else "-fno-diagnostics-show-caret",
    ]
    if include is not None:
        gcc = subprocess.run(
            [*compiler, "-print-file-name=include"], check=True, capture_output=True, text=True
        )
        command += ["-nostdinc", f"-isystem{gcc.stdout.strip()}", f"-isystem{include}"]
    command += ["-ffreestanding", f"-I{CDEFS}", f"-I{C_LIBRARY}", "-xc", "-"]
    done = subprocess.run(
        command, input=code, capture_output=True, text=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
    )
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    if "fatal error" in done.stderr or any(line.startswith("clang: ") for line in errors):
        raise RuntimeError(done.stderr)
    differ = [line for line in errors if "static assertion failed" in line]
    missing = [line for line in errors if line not in differ]
    unknown = {line.split(":")[1] for line in missing}
    return checks.count("\n") - len(unknown), differ, missing
