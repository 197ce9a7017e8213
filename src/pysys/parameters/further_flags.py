"""Which classes of pysys.flags have the values of arguments and results, by hand.

The class of a parameter is in table.py. Here is what a parameter takes besides, what arguments mean under a
command, and results; the fields of structures are in pysys.structures.field_flags.
"""

from __future__ import annotations

# call.parameter, or call(COMMAND).parameter under one command: classes, several with a space between.
ARGUMENTS: dict[str, str] = {
    "pipe2.flags": "PipeFlags",
    "unshare.unshare_flags": "UnshareFlags",
    "mknod.mode": "FileType",
    "mknodat.mode": "FileType",
    "utimensat.utimes": "UtimeNanoseconds",
    "set_mempolicy.mode": "MempolicyModeFlags",
    "mbind.mode": "MempolicyModeFlags",
    "open_tree.flags": "AtFlags",
    "open_tree_attr.flags": "AtFlags",
    "msgrcv.msgflg": "IpcFlags",
    "msgctl.cmd": "IpcCommand",
    "semctl.cmd": "IpcCommand",
    "shmctl.cmd": "IpcCommand",
    "quotactl.cmd": "QuotaType",
    "quotactl_fd.cmd": "QuotaType",
    "quotactl(Q_QUOTAON).id": "QuotaFormat",
    "ioprio_set.ioprio": "IoprioClass IoprioHint",
    "lsm_list_modules.ids": "LsmId",
    "seccomp(SECCOMP_GET_ACTION_AVAIL).uargs": "SeccompAction",
    "ptrace.request": "PtraceArm64Request",
    "ptrace(PTRACE_GETEVENTMSG).data": "PtraceEventMessage",
    "ptrace(PTRACE_SETOPTIONS).data": "PtraceOptions",
    "ptrace(PTRACE_SEIZE).data": "PtraceOptions",
    "futex.op": "FutexFlags",
    "futex_time64.op": "FutexFlags",
    "futex(FUTEX_WAKE_OP).val3": "FutexWakeOp FutexWakeCompare",
    "futex_time64(FUTEX_WAKE_OP).val3": "FutexWakeOp FutexWakeCompare",
    "arch_prctl(ARCH_SHSTK_ENABLE).arg2": "ShadowStackFeatures",
    "arch_prctl(ARCH_SHSTK_DISABLE).arg2": "ShadowStackFeatures",
    "arch_prctl(ARCH_SHSTK_LOCK).arg2": "ShadowStackFeatures",
    "arch_prctl(ARCH_SHSTK_UNLOCK).arg2": "ShadowStackFeatures",
    "fcntl(F_SETFD).arg": "FdFlags",
    "fcntl(F_SETFL).arg": "OpenFlags",
    "fcntl(F_SETLEASE).arg": "LockType",
    "fcntl(F_ADD_SEALS).arg": "SealFlags",
    "fcntl(F_NOTIFY).arg": "DnotifyEvents",
    "fcntl(F_GET_RW_HINT).arg": "WriteLifeHint",
    "fcntl(F_SET_RW_HINT).arg": "WriteLifeHint",
    "fcntl(F_GET_FILE_RW_HINT).arg": "WriteLifeHint",
    "fcntl(F_SET_FILE_RW_HINT).arg": "WriteLifeHint",
    "keyctl(KEYCTL_SETPERM).arg3": "KeyPermissions",
    "keyctl(KEYCTL_CAPABILITIES).arg2": "KeyctlCapabilities KeyctlCapabilities1",
    "keyctl(KEYCTL_SET_REQKEY_KEYRING).arg2": "KeyRequestDefault",
    "keyctl(KEYCTL_MOVE).arg5": "KeyctlMoveFlags",
    "prctl(PR_CAPBSET_READ).arg2": "Capability",
    "prctl(PR_CAPBSET_DROP).arg2": "Capability",
    "prctl(PR_CAP_AMBIENT).arg2": "PrctlAmbient",
    "prctl(PR_CAP_AMBIENT).arg3": "Capability",
    "prctl(PR_SET_SECCOMP).arg2": "SeccompMode",
    "prctl(PR_SET_SECUREBITS).arg2": "Securebits",
    "prctl(PR_SET_TIMING).arg2": "PrctlTiming",
    "prctl(PR_SET_VMA).arg2": "PrctlVma",
    "prctl(PR_RISCV_SET_ICACHE_FLUSH_CTX).arg2": "PrctlRiscvIcache",
    "prctl(PR_RISCV_SET_ICACHE_FLUSH_CTX).arg3": "PrctlRiscvScope",
    "prctl(PR_SET_CFI).arg2": "PrctlCfiBranch",
    "prctl(PR_GET_CFI).arg2": "PrctlCfiBranch",
    "prctl(PR_SET_MM).arg2": "PrctlMm",
    "prctl(PR_GET_SPECULATION_CTRL).arg2": "PrctlSpeculation",
    "prctl(PR_SET_SPECULATION_CTRL).arg2": "PrctlSpeculation",
    "prctl(PR_SET_SPECULATION_CTRL).arg3": "PrctlSpeculationState",
    "prctl(PR_SCHED_CORE).arg2": "PrctlSchedCore",
    "prctl(PR_SCHED_CORE).arg4": "PrctlSchedCoreScope",
    "prctl(PR_SET_MDWE).arg2": "PrctlMdwe",
    "prctl(PR_GET_UNALIGN).arg2": "PrctlUnaligned",
    "prctl(PR_SET_UNALIGN).arg2": "PrctlUnaligned",
    "prctl(PR_GET_FPEXC).arg2": "PrctlFloatException",
    "prctl(PR_SET_FPEXC).arg2": "PrctlFloatException",
    "prctl(PR_GET_ENDIAN).arg2": "PrctlEndian",
    "prctl(PR_SET_ENDIAN).arg2": "PrctlEndian",
    "prctl(PR_GET_TSC).arg2": "PrctlTsc",
    "prctl(PR_SET_TSC).arg2": "PrctlTsc",
    "prctl(PR_MCE_KILL).arg2": "PrctlMachineCheck",
    "prctl(PR_MCE_KILL).arg3": "PrctlMachineCheck",
    "prctl(PR_SET_THP_DISABLE).arg3": "PrctlThpDisable",
    "prctl(PR_SET_FP_MODE).arg2": "PrctlFpMode",
    "prctl(PR_SVE_SET_VL).arg2": "PrctlSve",
    "prctl(PR_SME_SET_VL).arg2": "PrctlSme",
    "prctl(PR_PAC_RESET_KEYS).arg2": "PrctlPacKeys",
    "prctl(PR_PAC_SET_ENABLED_KEYS).arg2": "PrctlPacKeys",
    "prctl(PR_PAC_SET_ENABLED_KEYS).arg3": "PrctlPacKeys",
    "prctl(PR_SET_TAGGED_ADDR_CTRL).arg2": "PrctlTaggedAddress",
    "prctl(PR_SET_SYSCALL_USER_DISPATCH).arg2": "PrctlSyscallDispatch",
    "prctl(PR_SET_SHADOW_STACK_STATUS).arg2": "PrctlShadowStack",
    "prctl(PR_LOCK_SHADOW_STACK_STATUS).arg2": "PrctlShadowStack",
    "prctl(PR_TIMER_CREATE_RESTORE_IDS).arg2": "PrctlTimerRestore",
    "prctl(PR_FUTEX_HASH).arg2": "PrctlFutexHash",
    "prctl(PR_RSEQ_SLICE_EXTENSION).arg2": "PrctlRseqSlice",
    "prctl(PR_RSEQ_SLICE_EXTENSION).arg3": "PrctlRseqSliceFlags",
    "prctl(PR_SET_CFI).arg3": "PrctlCfi",
    "prctl(PR_RISCV_V_SET_CONTROL).arg2": "PrctlRiscvVector",
    "prctl(PR_PPC_GET_DEXCR).arg2": "PrctlDexcrAspect",
    "prctl(PR_PPC_SET_DEXCR).arg2": "PrctlDexcrAspect",
    "prctl(PR_PPC_SET_DEXCR).arg3": "PrctlDexcrControl",
    "setsockopt(SOL_IP).optname": "IpOption",
    "setsockopt(SOL_IPV6).optname": "Ipv6Option IpOption",
    "setsockopt(SOL_TCP).optname": "TcpOption",
    "setsockopt(SOL_UDP).optname": "UdpOption",
    "setsockopt(SOL_PACKET).optname": "PacketOption",
    "setsockopt(SOL_NETLINK).optname": "NetlinkOption",
    "setsockopt(SOL_ALG).optname": "AlgOption",
    "setsockopt(SO_BUF_LOCK).optval": "SocketBufferLock",
    "setsockopt(SO_TXREHASH).optval": "SocketRehash",
    "getsockopt(SOL_IP).optname": "IpOption",
    "getsockopt(SOL_IPV6).optname": "Ipv6Option IpOption",
    "getsockopt(SOL_TCP).optname": "TcpOption",
    "getsockopt(SOL_UDP).optname": "UdpOption",
    "getsockopt(SOL_PACKET).optname": "PacketOption",
    "getsockopt(SOL_NETLINK).optname": "NetlinkOption",
    "socket(AF_NETLINK).protocol": "NetlinkFamily",
    "socket(AF_PACKET).protocol": "EtherProtocol",
    "prctl(PR_SET_PTRACER).arg2": "PrctlPtracer",
    "ptrace(PTRACE_GETREGSET).addr": "RegisterSet",
    "ptrace(PTRACE_SETREGSET).addr": "RegisterSet",
}

# call or call(COMMAND): the classes whose values it returns.
RESULTS: dict[str, str] = {
    "adjtimex": "TimexState",
    "clock_adjtime": "TimexState",
    "ioprio_get": "IoprioClass IoprioHint",
    "personality": "Persona",
    "sched_getscheduler": "SchedPolicy",
    "umask": "FileMode",
    "fcntl(F_GETFD)": "FdFlags",
    "fcntl(F_GETFL)": "OpenFlags",
    "fcntl(F_GETLEASE)": "LockType",
    "fcntl(F_GET_SEALS)": "SealFlags",
    "prctl(PR_GET_SECCOMP)": "SeccompMode",
    "prctl(PR_GET_SECUREBITS)": "Securebits",
    "prctl(PR_GET_TIMING)": "PrctlTiming",
    "prctl(PR_GET_MDWE)": "PrctlMdwe",
    "prctl(PR_GET_SPECULATION_CTRL)": "PrctlSpeculationState",
    "prctl(PR_MCE_KILL_GET)": "PrctlMachineCheck",
    "prctl(PR_GET_FP_MODE)": "PrctlFpMode",
    "prctl(PR_SVE_GET_VL)": "PrctlSve",
    "prctl(PR_SME_GET_VL)": "PrctlSme",
    "prctl(PR_PAC_GET_ENABLED_KEYS)": "PrctlPacKeys",
    "prctl(PR_GET_TAGGED_ADDR_CTRL)": "PrctlTaggedAddress",
    "prctl(PR_RISCV_V_GET_CONTROL)": "PrctlRiscvVector",
    "prctl(PR_PPC_GET_DEXCR)": "PrctlDexcrControl",
}


def of(call: str, parameter: str, command: str = "") -> tuple[str, ...]:
    """The further classes of an argument, those under one command if it is named; none for most."""
    key = f"{call}({command}).{parameter}" if command else f"{call}.{parameter}"
    return tuple(ARGUMENTS.get(key, "").split())


def returned(call: str, command: str = "") -> tuple[str, ...]:
    """The classes whose values a call returns, under one command if it is named; none for most."""
    return tuple(RESULTS.get(f"{call}({command})" if command else call, "").split())


def of_call(call: str) -> dict[str, tuple[str, ...]]:
    """All of a call's entries: "op", "(FUTEX_WAKE_OP).val3", "(F_GETFD)" or "" for results, to classes."""
    found = {}
    for table in (ARGUMENTS, RESULTS):
        for key, classes in table.items():
            end = min((key.find(sign) for sign in ".(" if sign in key), default=len(key))
            if key[:end] == call:
                found[key[end:].removeprefix(".")] = tuple(classes.split())
    return found
