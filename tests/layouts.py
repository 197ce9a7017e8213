"""The layouts in cdefs/structures.h beside those of the kernel's own headers, as a compiler sees both."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

CDEFS = Path(__file__).resolve().parent.parent / "cdefs"

_ASM = "stat statfs siginfo sembuf shmbuf msgbuf poll fcntl signal ldt vm86 hwprobe"
_LINUX = (
    "types stat sched openat2 time time_types timex utime times resource utsname sysinfo signalfd "
    "eventpoll uio socket in in6 un netlink if_packet if_alg inotify fanotify xattr fs mman futex "
    "rseq sched/types landlock mount nsfs aio_abi seccomp filter capability mqueue sem shm msg "
    "kexec prctl ptrace keyctl userfaultfd pidfd quota bpf perf_event io_uring dqblk_xfs kcmp lsm"
)
HEADERS = [
    *(f"asm/{name}.h" for name in _ASM.split()),
    *(f"linux/{name}.h" for name in _LINUX.split()),
]

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
}
# What no header of the kernel's shows to programs, or shows otherwise, and the parts without a tag there.
HIDDEN = re.compile(
    r"(timespec32|timeval32|itimerspec32|itimerval32|timex32|utimbuf32|linux_dirent|linux_dirent64"
    r"|old_linux_dirent|old_sigaction|osf_sigaction|sigaction|sigset|file_handle|sched_param|msghdr|mmsghdr|cmsghdr|ucred|linger"
    r"|sockaddr|sockaddr_vm|ustat|aio_sigset|msgbuf|mmap_arg_struct|sel_arg_struct|rtas_args|osf_dirent|sigstack"
    r"|sig_dbg_op|gs_cb|bpf_attr_\w+|ptrace_syscall_info_\w+|uffd_msg_\w+)$"
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
FIELDS = {
    **{("siginfo", f"si_{name}"): f"_sifields.{place}" for name, place in SIGINFO.items()},
    ("sigevent", "sigev_notify_thread_id"): "_sigev_un._tid",
    ("sigevent", "sigev_notify_function"): "_sigev_un._sigev_thread._function",
    ("sigevent", "sigev_notify_attributes"): "_sigev_un._sigev_thread._attribute",
    ("sockaddr_storage", "data"): "__data",
}


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
        if HIDDEN.match(name):
            continue
        ours, theirs = f"{kind} kernel_{name}", TAGS.get(name, f"{kind} {name}")
        for field, sized in fields:
            if (name, field) in GROWING and not same_size:
                continue
            place = FIELDS.get((name, field), field)
            test = f"__builtin_offsetof({ours}, {field}) == __builtin_offsetof({theirs}, {place})"
            if sized:
                test += f" && sizeof((({ours} *)0)->{field}) {relation} sizeof((({theirs} *)0)->{place})"
            lines.append(f'_Static_assert({test}, "{name}.{field}");')
        lines.append(f'_Static_assert(sizeof({ours}) {relation} sizeof({theirs}), "sizeof {name}");')
    return "\n".join(lines) + "\n"


def compare(
    compiler: list[str], include: Path | None, same_size: bool = True
) -> tuple[int, list[str], list[str]]:
    """How many layouts were compared; where they differ; what these headers do not have.

    include: the kernel's exported headers (`make headers_install`), alone; None: those of this machine.
    """
    checks = assertions(preprocessed(compiler), same_size)
    headers = "".join(f"#if __has_include(<{header}>)\n#include <{header}>\n#endif\n" for header in HEADERS)
    code = f'#include <stdint.h>\n#include <stddef.h>\n{headers}#include "structures.h"\n{checks}'
    command = [
        *compiler,
        "-std=gnu11",
        "-w",
        "-fsyntax-only",
        "-fmax-errors=0",
        "-fno-diagnostics-show-caret",
    ]
    if include is not None:
        gcc = subprocess.run(
            [*compiler, "-print-file-name=include"], check=True, capture_output=True, text=True
        )
        command += ["-nostdinc", f"-isystem{gcc.stdout.strip()}", f"-isystem{include}"]
    command += ["-ffreestanding", f"-I{CDEFS}", "-xc", "-"]
    done = subprocess.run(
        command, input=code, capture_output=True, text=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
    )
    if "fatal error" in done.stderr:
        raise RuntimeError(done.stderr)
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    differ = [line for line in errors if "static assertion failed" in line]
    missing = [line for line in errors if line not in differ]
    unknown = {line.split(":")[1] for line in missing}
    return checks.count("\n") - len(unknown), differ, missing
