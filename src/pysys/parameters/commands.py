"""Commands of calls whose parameters mean something else for each of them, by hand.

A family of commands is a text of lines, `number NAME: items`: the items are those of table.py, for the
parameters that this command changes. The number is omitted where ABIs differ (the kernel's headers have it
then, or the table of requests), is `type:number` for what _IO() makes, `option/arg2` where a second argument
decides too, and a line with `*` is for every other command. Where processes of 32 bits have another structure
it stands behind a bar: `inout:flock|flock64`.

What is not here takes an int or memory, of which nothing is known.
"""

from __future__ import annotations

from pysys.parameters import requests
from pysys.tables.constants import BY_ABI, USUAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys.abi import ABI

_FCNTL = """
    0 F_DUPFD: arg=int32
    2 F_SETFD: arg=int32
    4 F_SETFL: arg=int32
    F_GETLK: arg=inout:flock
    F_SETLK: arg=in:flock
    F_SETLKW: arg=in:flock
    F_SETOWN: arg=int32
    F_SETSIG: arg=int32
    F_GETLK64: arg=inout:flock64
    F_SETLK64: arg=in:flock64
    F_SETLKW64: arg=in:flock64
    15 F_SETOWN_EX: arg=in:f_owner_ex
    16 F_GETOWN_EX: arg=out:f_owner_ex
    17 F_GETOWNER_UIDS: arg=out:unsigned int[2]
    36 F_OFD_GETLK: arg=inout:flock|flock64
    37 F_OFD_SETLK: arg=in:flock|flock64
    38 F_OFD_SETLKW: arg=in:flock|flock64
    1024 F_SETLEASE: arg=int32
    1026 F_NOTIFY: arg=int32
    1027 F_DUPFD_QUERY: arg=fd
    1030 F_DUPFD_CLOEXEC: arg=int32
    1031 F_SETPIPE_SZ: arg=int32
    1033 F_ADD_SEALS: arg=int32
    1035 F_GET_RW_HINT: arg=out:unsigned long long
    1036 F_SET_RW_HINT: arg=in:unsigned long long
    1037 F_GET_FILE_RW_HINT: arg=out:unsigned long long
    1038 F_SET_FILE_RW_HINT: arg=in:unsigned long long
    1039 F_GETDELEG: arg=inout:delegation
    1040 F_SETDELEG: arg=in:delegation
"""

# A pointer to a thread's id has the width of the kernel's pointers, not of the process's.
_PRCTL = """
    1 PR_SET_PDEATHSIG: arg2=int
    2 PR_GET_PDEATHSIG: arg2=out:int
    4 PR_SET_DUMPABLE: arg2=int
    5 PR_GET_UNALIGN: arg2=out:unsigned int
    6 PR_SET_UNALIGN: arg2=int32
    8 PR_SET_KEEPCAPS: arg2=int
    9 PR_GET_FPEMU: arg2=out:unsigned int
    10 PR_SET_FPEMU: arg2=int32
    11 PR_GET_FPEXC: arg2=out:unsigned int
    12 PR_SET_FPEXC: arg2=int32
    14 PR_SET_TIMING: arg2=int
    15 PR_SET_NAME: arg2=string
    16 PR_GET_NAME: arg2=out:void[16]
    19 PR_GET_ENDIAN: arg2=out:unsigned int
    20 PR_SET_ENDIAN: arg2=int32
    22 PR_SET_SECCOMP: arg2=int  arg3=in:sock_fprog?,reads:filter
    23 PR_CAPBSET_READ: arg2=int
    24 PR_CAPBSET_DROP: arg2=int
    25 PR_GET_TSC: arg2=out:unsigned int
    26 PR_SET_TSC: arg2=int32
    28 PR_SET_SECUREBITS: arg2=int
    29 PR_SET_TIMERSLACK: arg2=int
    33 PR_MCE_KILL: arg2=int  arg3=int
    35/12 PR_SET_MM: arg3=in:void[arg4]
    35/14 PR_SET_MM: arg3=in:void[arg4],reads:auxv
    35/15 PR_SET_MM: arg3=out:unsigned int
    35 PR_SET_MM: arg2=int32  arg3=address
    36 PR_SET_CHILD_SUBREAPER: arg2=int
    37 PR_GET_CHILD_SUBREAPER: arg2=out:int
    38 PR_SET_NO_NEW_PRIVS: arg2=int
    40 PR_GET_TID_ADDRESS: arg2=out:void[8]
    41 PR_SET_THP_DISABLE: arg2=int  arg3=int
    45 PR_SET_FP_MODE: arg2=int32
    47 PR_CAP_AMBIENT: arg2=int  arg3=int
    50 PR_SVE_SET_VL: arg2=int
    52 PR_GET_SPECULATION_CTRL: arg2=int
    53 PR_SET_SPECULATION_CTRL: arg2=int  arg3=int
    54 PR_PAC_RESET_KEYS: arg2=int
    55 PR_SET_TAGGED_ADDR_CTRL: arg2=int
    57 PR_SET_IO_FLUSHER: arg2=int
    59 PR_SET_SYSCALL_USER_DISPATCH: arg2=int  arg3=address  arg4=int  arg5=address
    60 PR_PAC_SET_ENABLED_KEYS: arg2=int  arg3=int
    62/0 PR_SCHED_CORE: arg3=int32  arg4=int32  arg5=out:unsigned long long
    62 PR_SCHED_CORE: arg2=int32  arg3=int32  arg4=int32
    63 PR_SME_SET_VL: arg2=int
    65 PR_SET_MDWE: arg2=int
    67 PR_SET_MEMORY_MERGE: arg2=int
    69 PR_RISCV_V_SET_CONTROL: arg2=int
    71 PR_RISCV_SET_ICACHE_FLUSH_CTX: arg2=int  arg3=int
    72 PR_PPC_GET_DEXCR: arg2=int
    73 PR_PPC_SET_DEXCR: arg2=int  arg3=int
    74 PR_GET_SHADOW_STACK_STATUS: arg2=out:unsigned long
    75 PR_SET_SHADOW_STACK_STATUS: arg2=int
    76 PR_LOCK_SHADOW_STACK_STATUS: arg2=int
    77 PR_TIMER_CREATE_RESTORE_IDS: arg2=int
    78 PR_FUTEX_HASH: arg2=int  arg3=int  arg4=int
    79 PR_RSEQ_SLICE_EXTENSION: arg2=int  arg3=int
    80 PR_GET_CFI: arg2=int  arg3=out:unsigned long
    81 PR_SET_CFI: arg2=int  arg3=int
    0x41555856 PR_GET_AUXV: arg2=out:void[arg3]
    0x53564D41 PR_SET_VMA: arg2=int  arg3=address  arg4=int  arg5=string?
    0x59616D61 PR_SET_PTRACER: arg2=int32
"""

# Old entry points tell structures with 32-bit times and ids by the number without IPC_64; the new ones are
# at least as long.
_SEMCTL = """
    0 IPC_RMID:
    1 IPC_SET: arg=in:semid_ds
    2 IPC_STAT: arg=out:semid_ds
    3 IPC_INFO: arg=out:seminfo
    13 GETALL: arg=out:unsigned short[semaphores]
    16 SETVAL: arg=int32
    17 SETALL: arg=in:unsigned short[semaphores]
    18 SEM_STAT: arg=out:semid_ds
    19 SEM_INFO: arg=out:seminfo
    20 SEM_STAT_ANY: arg=out:semid_ds
"""

_MSGCTL = """
    0 IPC_RMID:
    1 IPC_SET: buf=in:msqid_ds  uptr=in:msqid_ds
    2 IPC_STAT: buf=out:msqid_ds  uptr=out:msqid_ds
    3 IPC_INFO: buf=out:msginfo  uptr=out:msginfo
    11 MSG_STAT: buf=out:msqid_ds  uptr=out:msqid_ds
    12 MSG_INFO: buf=out:msginfo  uptr=out:msginfo
    13 MSG_STAT_ANY: buf=out:msqid_ds  uptr=out:msqid_ds
"""

_SHMCTL = """
    0 IPC_RMID:
    1 IPC_SET: buf=in:shmid_ds  uptr=in:shmid_ds
    2 IPC_STAT: buf=out:shmid_ds  uptr=out:shmid_ds
    3 IPC_INFO: buf=out:shminfo  uptr=out:shminfo
    11 SHM_LOCK:
    12 SHM_UNLOCK:
    13 SHM_STAT: buf=out:shmid_ds  uptr=out:shmid_ds
    14 SHM_INFO: buf=out:shm_info  uptr=out:shm_info
    15 SHM_STAT_ANY: buf=out:shmid_ds  uptr=out:shmid_ds
"""

_PTRACE = """
    0 PTRACE_TRACEME:
    1 PTRACE_PEEKTEXT: data=out:unsigned long
    2 PTRACE_PEEKDATA: data=out:unsigned long
    3 PTRACE_PEEKUSR: data=out:unsigned long
    4 PTRACE_POKETEXT: data=int
    5 PTRACE_POKEDATA: data=int
    6 PTRACE_POKEUSR: data=int
    7 PTRACE_CONT: data=int
    8 PTRACE_KILL:
    9 PTRACE_SINGLESTEP: data=int
    16 PTRACE_ATTACH:
    17 PTRACE_DETACH: data=int
    24 PTRACE_SYSCALL: data=int
    0x4200 PTRACE_SETOPTIONS: data=int
    0x4201 PTRACE_GETEVENTMSG: data=out:unsigned long
    0x4202 PTRACE_GETSIGINFO: data=out:siginfo
    0x4203 PTRACE_SETSIGINFO: data=in:siginfo
    0x4204 PTRACE_GETREGSET: addr=int  data=inout:iovec,writes:iov_base
    0x4205 PTRACE_SETREGSET: addr=int  data=inout:iovec,reads:iov_base
    0x4206 PTRACE_SEIZE: data=int
    0x4207 PTRACE_INTERRUPT:
    0x4208 PTRACE_LISTEN:
    0x4209 PTRACE_PEEKSIGINFO: addr=in:ptrace_peeksiginfo_args  data=out:void[= 128 * addr@12]
    0x420A PTRACE_GETSIGMASK: addr=int  data=out:void[addr]
    0x420B PTRACE_SETSIGMASK: addr=int  data=in:void[addr]
    0x420C PTRACE_SECCOMP_GET_FILTER: addr=int  data=out:sock_filter[filter]?
    0x420D PTRACE_SECCOMP_GET_METADATA: addr=int  data=inout:void[addr]
    0x420E PTRACE_GET_SYSCALL_INFO: addr=int  data=out:void[addr]
    0x420F PTRACE_GET_RSEQ_CONFIGURATION: addr=int  data=out:void[addr]
    0x4210 PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG: addr=int  data=in:void[addr]
    0x4211 PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG: addr=int  data=out:void[addr]
    0x4212 PTRACE_SET_SYSCALL_INFO: addr=int  data=in:void[addr]
"""
# Requests that architectures have of their own, by architecture and width: registers, mostly.
_PTRACE_OWN = {
    ("x86", 64): """
        12 PTRACE_GETREGS: data=out:user_regs_struct
        13 PTRACE_SETREGS: data=in:user_regs_struct
        14 PTRACE_GETFPREGS: data=out:user_i387_struct
        15 PTRACE_SETFPREGS: data=in:user_i387_struct
        25 PTRACE_GET_THREAD_AREA: addr=int  data=out:user_desc
        26 PTRACE_SET_THREAD_AREA: addr=int  data=in:user_desc
        30 PTRACE_ARCH_PRCTL: addr=out:unsigned long  data=int
    """,
    ("x86", 32): """
        12 PTRACE_GETREGS: data=out:user_regs_struct
        13 PTRACE_SETREGS: data=in:user_regs_struct
        14 PTRACE_GETFPREGS: data=out:user_i387_struct
        15 PTRACE_SETFPREGS: data=in:user_i387_struct
        18 PTRACE_GETFPXREGS: data=out:user_fxsr_struct
        19 PTRACE_SETFPXREGS: data=in:user_fxsr_struct
        25 PTRACE_GET_THREAD_AREA: addr=int  data=out:user_desc
        26 PTRACE_SET_THREAD_AREA: addr=int  data=in:user_desc
    """,
    ("arm", 32): """
        12 PTRACE_GETREGS: data=out:pt_regs
        13 PTRACE_SETREGS: data=in:pt_regs
        14 PTRACE_GETFPREGS: data=out:void[116]
        15 PTRACE_SETFPREGS: data=in:void[116]
        22 PTRACE_GET_THREAD_AREA: data=out:unsigned long
        23 PTRACE_SET_SYSCALL: data=int
        27 PTRACE_GETVFPREGS: data=out:void[260]
        28 PTRACE_SETVFPREGS: data=in:void[260]
    """,
    ("powerpc", 64): """
        12 PTRACE_GETREGS: data=out:pt_regs
        13 PTRACE_SETREGS: data=in:pt_regs
        14 PTRACE_GETFPREGS: data=out:void[264]
        15 PTRACE_SETFPREGS: data=in:void[264]
    """,
    ("powerpc", 32): """
        12 PTRACE_GETREGS: data=out:pt_regs
        13 PTRACE_SETREGS: data=in:pt_regs
        14 PTRACE_GETFPREGS: data=out:void[264]
        15 PTRACE_SETFPREGS: data=in:void[264]
    """,
    ("mips", 32): """
        12 PTRACE_GETREGS: data=out:pt_regs
        13 PTRACE_SETREGS: data=in:pt_regs
        14 PTRACE_GETFPREGS: data=out:void[264]
        15 PTRACE_SETFPREGS: data=in:void[264]
        25 PTRACE_GET_THREAD_AREA: data=out:unsigned long
    """,
    ("m68k", 32): """
        12 PTRACE_GETREGS: data=out:void[76]
        13 PTRACE_SETREGS: data=in:void[76]
        14 PTRACE_GETFPREGS: data=out:void[108]
        15 PTRACE_SETFPREGS: data=in:void[108]
        25 PTRACE_GET_THREAD_AREA: data=out:unsigned long
    """,
}
_PTRACE_OWN["mips", 64] = _PTRACE_OWN["mips", 32]

# By the command's upper 24 bits; the rest is what quota it is about.
_QUOTACTL = """
    0x800001 Q_SYNC:
    0x800002 Q_QUOTAON: addr=path
    0x800003 Q_QUOTAOFF:
    0x800004 Q_GETFMT: addr=out:unsigned int
    0x800005 Q_GETINFO: addr=out:if_dqinfo
    0x800006 Q_SETINFO: addr=in:if_dqinfo
    0x800007 Q_GETQUOTA: addr=out:if_dqblk
    0x800008 Q_SETQUOTA: addr=in:if_dqblk
    0x800009 Q_GETNEXTQUOTA: addr=out:if_nextdqblk
    0x5801 Q_XQUOTAON: addr=in:unsigned int
    0x5802 Q_XQUOTAOFF: addr=in:unsigned int
    0x5803 Q_XGETQUOTA: addr=out:fs_disk_quota
    0x5804 Q_XSETQLIM: addr=in:fs_disk_quota
    0x5805 Q_XGETQSTAT: addr=out:fs_quota_stat
    0x5806 Q_XQUOTARM: addr=in:unsigned int
    0x5807 Q_XQUOTASYNC:
    0x5808 Q_XGETQSTATV: addr=inout:fs_quota_statv
    0x5809 Q_XGETNEXTQUOTA: addr=out:fs_disk_quota
"""

# BPF_PROG_QUERY stores query.revision behind the end of a shorter structure. (The values of a map's elements
# have a size that only the map knows.)
_BPF = """
    1 BPF_MAP_LOOKUP_ELEM: uattr=inout[size>48 bytes],reads:key,writes:value
    2 BPF_MAP_UPDATE_ELEM: uattr=inout[size>48 bytes],reads:key,reads:value
    3 BPF_MAP_DELETE_ELEM: uattr=inout[size>48 bytes],reads:key
    4 BPF_MAP_GET_NEXT_KEY: uattr=inout[size>48 bytes],reads:key,writes:next_key
    0 BPF_MAP_CREATE: uattr=inout[size>48 bytes],reads:excl_prog_hash
    5 BPF_PROG_LOAD: uattr=inout[size>48 bytes],reads:insns,reads:signature,writes:log_buf
    10 BPF_PROG_TEST_RUN:
        uattr=inout[size>48 bytes],reads:data_in,reads:ctx_in,writes:data_out,writes:ctx_out
    15 BPF_OBJ_GET_INFO_BY_FD:
        uattr=inout[size>48 bytes],writes:info,writes:jited_prog_insns,writes:xlated_prog_insns,
        writes:map_ids,writes:jited_ksyms,writes:jited_func_lens,writes:func_info,writes:line_info,
        writes:jited_line_info,writes:prog_tags,writes:hash,writes:btf,writes:name
    16 BPF_PROG_QUERY:
        uattr=inout[size>64 bytes],writes:prog_ids,writes:prog_attach_flags,writes:link_ids,
        writes:link_attach_flags
    18 BPF_BTF_LOAD: uattr=inout[size>48 bytes],reads:btf,writes:btf_log_buf
    20 BPF_TASK_FD_QUERY: uattr=inout[size>48 bytes],writes:buf
    21 BPF_MAP_LOOKUP_AND_DELETE_ELEM: uattr=inout[size>48 bytes],reads:key,writes:value
    24 BPF_MAP_LOOKUP_BATCH:
        uattr=inout[size>48 bytes],reads:in_batch,writes:out_batch,writes:keys,writes:values
    25 BPF_MAP_LOOKUP_AND_DELETE_BATCH:
        uattr=inout[size>48 bytes],reads:in_batch,writes:out_batch,writes:keys,writes:values
    26 BPF_MAP_UPDATE_BATCH: uattr=inout[size>48 bytes],reads:keys,reads:values
    27 BPF_MAP_DELETE_BATCH: uattr=inout[size>48 bytes],reads:keys
    37 BPF_PROG_STREAM_READ_BY_FD: uattr=inout[size>48 bytes],writes:stream_buf
"""

_KEYCTL = """
    0 KEYCTL_GET_KEYRING_ID: arg2=int32  arg3=int32
    1 KEYCTL_JOIN_SESSION_KEYRING: arg2=string?
    2 KEYCTL_UPDATE: arg2=int32  arg3=in:void[arg4]?
    3 KEYCTL_REVOKE: arg2=int32
    4 KEYCTL_CHOWN: arg2=int32  arg3=int32  arg4=int32
    5 KEYCTL_SETPERM: arg2=int32  arg3=int32
    6 KEYCTL_DESCRIBE: arg2=int32  arg3=out:void[arg4]?
    7 KEYCTL_CLEAR: arg2=int32
    8 KEYCTL_LINK: arg2=int32  arg3=int32
    9 KEYCTL_UNLINK: arg2=int32  arg3=int32
    10 KEYCTL_SEARCH: arg2=int32  arg3=string  arg4=string  arg5=int32
    11 KEYCTL_READ: arg2=int32  arg3=out:void[arg4]?
    12 KEYCTL_INSTANTIATE: arg2=int32  arg3=in:void[arg4]?  arg5=int32
    13 KEYCTL_NEGATE: arg2=int32  arg3=int32  arg4=int32
    14 KEYCTL_SET_REQKEY_KEYRING: arg2=int32
    15 KEYCTL_SET_TIMEOUT: arg2=int32  arg3=int32
    16 KEYCTL_ASSUME_AUTHORITY: arg2=int32
    17 KEYCTL_GET_SECURITY: arg2=int32  arg3=out:void[arg4]?
    18 KEYCTL_SESSION_TO_PARENT:
    19 KEYCTL_REJECT: arg2=int32  arg3=int32  arg4=int32  arg5=int32
    20 KEYCTL_INSTANTIATE_IOV: arg2=int32  arg3=in:iovec[arg4]?,reads:iov_base  arg5=int32
    21 KEYCTL_INVALIDATE: arg2=int32
    22 KEYCTL_GET_PERSISTENT: arg2=int32  arg3=int32
    23 KEYCTL_DH_COMPUTE: arg2=in:keyctl_dh_params  arg3=out:void[arg4]?
        arg5=in:keyctl_kdf_params?,reads:otherinfo
    24 KEYCTL_PKEY_QUERY: arg2=int32  arg4=string  arg5=out:keyctl_pkey_query
    25 KEYCTL_PKEY_ENCRYPT: arg2=in:keyctl_pkey_params  arg3=string  arg4=in:void[= arg2@4]
        arg5=out:void[= arg2@8]
    26 KEYCTL_PKEY_DECRYPT: arg2=in:keyctl_pkey_params  arg3=string  arg4=in:void[= arg2@4]
        arg5=out:void[= arg2@8]
    27 KEYCTL_PKEY_SIGN: arg2=in:keyctl_pkey_params  arg3=string  arg4=in:void[= arg2@4]
        arg5=out:void[= arg2@8]
    28 KEYCTL_PKEY_VERIFY: arg2=in:keyctl_pkey_params  arg3=string  arg4=in:void[= arg2@4]
        arg5=in:void[= arg2@8]
    29 KEYCTL_RESTRICT_KEYRING: arg2=int32  arg3=string?  arg4=string?
    30 KEYCTL_MOVE: arg2=int32  arg3=int32  arg4=int32  arg5=int32
    31 KEYCTL_CAPABILITIES: arg2=out:void[arg3]
    32 KEYCTL_WATCH_KEY: arg2=int32  arg3=int32  arg4=int32
"""

_SECCOMP = """
    0 SECCOMP_SET_MODE_STRICT:
    1 SECCOMP_SET_MODE_FILTER: uargs=in:sock_fprog,reads:filter
    2 SECCOMP_GET_ACTION_AVAIL: uargs=in:unsigned int
    3 SECCOMP_GET_NOTIF_SIZES: uargs=out:seccomp_notif_sizes
"""

_ARCH_PRCTL = """
    0x1001 ARCH_SET_GS: arg2=address
    0x1003 ARCH_GET_FS: arg2=out:unsigned long
    0x1004 ARCH_GET_GS: arg2=out:unsigned long
    0x1012 ARCH_SET_CPUID: arg2=int
    0x1021 ARCH_GET_XCOMP_SUPP: arg2=out:unsigned long long
    0x1022 ARCH_GET_XCOMP_PERM: arg2=out:unsigned long long
    0x1023 ARCH_REQ_XCOMP_PERM: arg2=int
    0x1024 ARCH_GET_XCOMP_GUEST_PERM: arg2=out:unsigned long long
    0x1025 ARCH_REQ_XCOMP_GUEST_PERM: arg2=int
    0x4001 ARCH_GET_UNTAG_MASK: arg2=out:unsigned long
    0x4002 ARCH_ENABLE_TAGGED_ADDR: arg2=int
    0x4003 ARCH_GET_MAX_TAG_BITS: arg2=out:unsigned long
    0x5001 ARCH_SHSTK_ENABLE: arg2=int
    0x5002 ARCH_SHSTK_DISABLE: arg2=int
    0x5003 ARCH_SHSTK_LOCK: arg2=int
    0x5004 ARCH_SHSTK_UNLOCK: arg2=int
    0x5005 ARCH_SHSTK_STATUS: arg2=out:unsigned long
"""

# By the operation without its flags. What stands for the time limit is a number for some.
_FUTEX = """
    0 FUTEX_WAIT: utime=in?
    1 FUTEX_WAKE:
    3 FUTEX_REQUEUE: utime=int32
    4 FUTEX_CMP_REQUEUE: utime=int32
    5 FUTEX_WAKE_OP: utime=int32
    6 FUTEX_LOCK_PI: utime=in?
    9 FUTEX_WAIT_BITSET: utime=in?
    11 FUTEX_WAIT_REQUEUE_PI: utime=in?
    12 FUTEX_CMP_REQUEUE_PI: utime=int32
    13 FUTEX_LOCK_PI2: utime=in?
"""

_FSCONFIG = """
    0 FSCONFIG_SET_FLAG:
    1 FSCONFIG_SET_STRING: _value=string
    2 FSCONFIG_SET_BINARY: _value=in:void[aux]  aux=int
    3 FSCONFIG_SET_PATH: _value=path
    4 FSCONFIG_SET_PATH_EMPTY: _value=path
    5 FSCONFIG_SET_FD:
"""

_LANDLOCK = """
    1 LANDLOCK_RULE_PATH_BENEATH: rule_attr=in:landlock_path_beneath_attr
    2 LANDLOCK_RULE_NET_PORT: rule_attr=in:landlock_net_port_attr
"""

_KCMP = """
    0 KCMP_FILE: idx1=int  idx2=int
    7 KCMP_EPOLL_TFD: idx1=int  idx2=in:kcmp_epoll_slot
"""

# Registered buffers are written to later, by the requests that name them.
_IO_URING_REGISTER = """
    0 IORING_REGISTER_BUFFERS: arg=in:iovec[nr_args],writes:iov_base
    2 IORING_REGISTER_FILES: arg=in:int[nr_args]
    4 IORING_REGISTER_EVENTFD: arg=in:int
    6 IORING_REGISTER_FILES_UPDATE: arg=in:io_uring_files_update
    7 IORING_REGISTER_EVENTFD_ASYNC: arg=in:int
    8 IORING_REGISTER_PROBE: arg=inout:void[= 16 + 8 * nr_args]
    11 IORING_REGISTER_RESTRICTIONS: arg=in:void[= 16 * nr_args]
    13 IORING_REGISTER_FILES2: arg=in:void[nr_args]
    14 IORING_REGISTER_FILES_UPDATE2: arg=in:void[nr_args]
    15 IORING_REGISTER_BUFFERS2: arg=in:void[nr_args]
    16 IORING_REGISTER_BUFFERS_UPDATE: arg=in:void[nr_args]
    17 IORING_REGISTER_IOWQ_AFF: arg=in:void[nr_args]
    19 IORING_REGISTER_IOWQ_MAX_WORKERS: arg=inout:unsigned int[2]
    20 IORING_REGISTER_RING_FDS: arg=inout:io_uring_rsrc_update[nr_args]
    21 IORING_UNREGISTER_RING_FDS: arg=in:io_uring_rsrc_update[nr_args]
    22 IORING_REGISTER_PBUF_RING: arg=inout:io_uring_buf_reg
    23 IORING_UNREGISTER_PBUF_RING: arg=in:io_uring_buf_reg
    24 IORING_REGISTER_SYNC_CANCEL: arg=in:io_uring_sync_cancel_reg
    25 IORING_REGISTER_FILE_ALLOC_RANGE: arg=in:io_uring_file_index_range
    26 IORING_REGISTER_PBUF_STATUS: arg=inout:io_uring_buf_status
    27 IORING_REGISTER_NAPI: arg=inout:io_uring_napi
    28 IORING_UNREGISTER_NAPI: arg=inout:io_uring_napi?
    29 IORING_REGISTER_CLOCK: arg=in:io_uring_clock_register
    30 IORING_REGISTER_CLONE_BUFFERS: arg=in:io_uring_clone_buffers
    31 IORING_REGISTER_SEND_MSG_RING: arg=in:io_uring_sqe
    33 IORING_REGISTER_RESIZE_RINGS: arg=inout:io_uring_params
    34 IORING_REGISTER_MEM_REGION: arg=inout:io_uring_mem_region_reg
"""

# A set of signals or a structure, and its size; an offset where the flags say so.
_IO_URING_ENTER = """
    *: argp=in:void[argsz]?
"""

_SOCKETCALL = """
    1 SYS_SOCKET: args=in:unsigned long[3]
    2 SYS_BIND: args=in:unsigned long[3]
    3 SYS_CONNECT: args=in:unsigned long[3]
    4 SYS_LISTEN: args=in:unsigned long[2]
    5 SYS_ACCEPT: args=in:unsigned long[3]
    6 SYS_GETSOCKNAME: args=in:unsigned long[3]
    7 SYS_GETPEERNAME: args=in:unsigned long[3]
    8 SYS_SOCKETPAIR: args=in:unsigned long[4]
    9 SYS_SEND: args=in:unsigned long[4]
    10 SYS_RECV: args=in:unsigned long[4]
    11 SYS_SENDTO: args=in:unsigned long[6]
    12 SYS_RECVFROM: args=in:unsigned long[6]
    13 SYS_SHUTDOWN: args=in:unsigned long[2]
    14 SYS_SETSOCKOPT: args=in:unsigned long[5]
    15 SYS_GETSOCKOPT: args=in:unsigned long[5]
    16 SYS_SENDMSG: args=in:unsigned long[3]
    17 SYS_RECVMSG: args=in:unsigned long[3]
    18 SYS_ACCEPT4: args=in:unsigned long[4]
    19 SYS_RECVMMSG: args=in:unsigned long[5]
    20 SYS_SENDMMSG: args=in:unsigned long[4]
"""

# Of a message the two longs of MSGRCV, and what is sent; the rest as in the calls that took its place.
_IPC = """
    1 SEMOP: ptr=in:sembuf[second]
    2 SEMGET:
    3 SEMCTL: ptr=in:unsigned long
    4 SEMTIMEDOP: ptr=in:sembuf[second]
    11 MSGSND: ptr=in:void[second+long]
    12 MSGRCV: ptr=in:unsigned long[2]
    13 MSGGET:
    14/1 MSGCTL: ptr=in:msqid_ds
    14/2 MSGCTL: ptr=out:msqid_ds
    14/3 MSGCTL: ptr=out:msginfo
    14/11 MSGCTL: ptr=out:msqid_ds
    14/12 MSGCTL: ptr=out:msginfo
    14/13 MSGCTL: ptr=out:msqid_ds
    21 SHMAT: ptr=address  third=out:unsigned long
    22 SHMDT: ptr=address
    24/1 SHMCTL: ptr=in:shmid_ds
    24/2 SHMCTL: ptr=out:shmid_ds
    24/3 SHMCTL: ptr=out:shminfo
    24/13 SHMCTL: ptr=out:shmid_ds
    24/14 SHMCTL: ptr=out:shm_info
    24/15 SHMCTL: ptr=out:shmid_ds
"""

_SYSFS = """
    1: arg1=string
    2: arg1=int  arg2=out:void[?]
    3:
"""

# Most requests carry size and direction in their number. Here are those that carry none, and those that
# carry something else: what an interface or a file system does is older than the rule.
_IOCTL = """
    0:1 FIBMAP: arg=inout:int
    0:2 FIGETBSZ: arg=out:int
    0x12:93 BLKROSET: arg=in:int
    0x12:94 BLKROGET: arg=out:int
    0x12:96 BLKGETSIZE: arg=out:unsigned long
    0x12:99 BLKRAGET: arg=out:unsigned long
    0x12:101 BLKFRAGET: arg=out:unsigned long
    0x12:103 BLKSECTGET: arg=out:unsigned short
    0x12:104 BLKSSZGET: arg=out:int
    0x12:119 BLKDISCARD: arg=in:unsigned long long[2]
    0x12:120 BLKIOMIN: arg=out:unsigned int
    0x12:121 BLKIOOPT: arg=out:unsigned int
    0x12:122 BLKALIGNOFF: arg=out:int
    0x12:123 BLKPBSZGET: arg=out:unsigned int
    0x12:124 BLKDISCARDZEROES: arg=out:unsigned int
    0x12:125 BLKSECDISCARD: arg=in:unsigned long long[2]
    0x12:126 BLKROTATIONAL: arg=out:unsigned short
    0x12:127 BLKZEROOUT: arg=in:unsigned long long[2]
    r0x12:112:long BLKBSZGET: arg=out:int
    w0x12:113:long BLKBSZSET: arg=in:int
    r0x12:114:long BLKGETSIZE64: arg=out:unsigned long long
    rf:1:long FS_IOC_GETFLAGS: arg=out:int
    wf:2:long FS_IOC_SETFLAGS: arg=in:int
    rv:1:long FS_IOC_GETVERSION: arg=out:int
    wv:2:long FS_IOC_SETVERSION: arg=in:int
    rwf:11:32 FS_IOC_FIEMAP: arg=inout:void[= 32 + 56 * arg@24]
    wT:202:4 TUNSETIFF: arg=inout:ifreq
    rT:210:4 TUNGETIFF: arg=out:ifreq
    wT:217:4 TUNSETQUEUE: arg=in:ifreq
    w$:6:long PERF_EVENT_IOC_SET_FILTER: arg=string
    r$:7:long PERF_EVENT_IOC_ID: arg=out:unsigned long long
    rw$:10:long PERF_EVENT_IOC_QUERY_BPF: arg=inout:void[= 8 + 4 * arg@0]
    w$:11:long PERF_EVENT_IOC_MODIFY_ATTRIBUTES: arg=in:void[64]
    wU:108:long UI_SET_PHYS: arg=string
    0x4C02 LOOP_SET_STATUS: arg=in:void[168|140]
    0x4C03 LOOP_GET_STATUS: arg=out:void[168|140]
    0x4C04 LOOP_SET_STATUS64: arg=in:loop_info64
    0x4C05 LOOP_GET_STATUS64: arg=out:loop_info64
    0x4C0A LOOP_CONFIGURE: arg=in:loop_config
    0x4B33 KDGKBTYPE: arg=out:void[1]
    0x4B3B KDGETMODE: arg=out:int
    0x4B44 KDGKBMODE: arg=out:int
    0x5600 VT_OPENQRY: arg=out:int
    0x5601 VT_GETMODE: arg=out:vt_mode
    0x5602 VT_SETMODE: arg=in:vt_mode
    0x5603 VT_GETSTATE: arg=out:vt_stat
    0x8912 SIOCGIFCONF: arg=inout:ifconf
"""
# Interfaces: a name, and 24 bytes, or 16 where pointers have 32 bits.
_IFREQ = (*range(0x8910, 0x8912), *range(0x8913, 0x894B), *range(0x8970, 0x8972), *range(0x8990, 0x8996))
_IFREQ += (*range(0x89A2, 0x89A4), *range(0x89B0, 0x89B2), *range(0x89F0, 0x8A00))
_IFREQ_ANSWERS = "{number:#x} SIOC: arg=inout:ifreq"
# Terminals and sockets, most of them by numbers that say nothing of the argument, and others on some ABIs.
_TERMINALS = """
    TCGETS: arg=out:termios
    TCSETS: arg=in:termios
    TCSETSW: arg=in:termios
    TCSETSF: arg=in:termios
    TCGETA: arg=out:termio
    TCSETA: arg=in:termio
    TCSETAW: arg=in:termio
    TCSETAF: arg=in:termio
    TIOCGPGRP: arg=out:int
    TIOCSPGRP: arg=in:int
    TIOCOUTQ: arg=out:int
    TIOCSTI: arg=in:void[1]
    TIOCGWINSZ: arg=out:winsize
    TIOCSWINSZ: arg=in:winsize
    TIOCMGET: arg=out:int
    TIOCMBIS: arg=in:int
    TIOCMBIC: arg=in:int
    TIOCMSET: arg=in:int
    TIOCGSOFTCAR: arg=out:int
    TIOCSSOFTCAR: arg=in:int
    FIONREAD: arg=out:int
    TIOCGSERIAL: arg=out:serial_struct
    TIOCSSERIAL: arg=in:serial_struct
    TIOCPKT: arg=in:int
    FIONBIO: arg=in:int
    TIOCSETD: arg=in:int
    TIOCGETD: arg=out:int
    TIOCGSID: arg=out:int
    FIOASYNC: arg=in:int
    TIOCGLCKTRMIOS: arg=out:termios
    TIOCSLCKTRMIOS: arg=in:termios
    TIOCSERGETLSR: arg=out:int
    TIOCGICOUNT: arg=out:serial_icounter_struct
    FIOSETOWN: arg=in:int
    SIOCSPGRP: arg=in:int
    FIOGETOWN: arg=out:int
    SIOCGPGRP: arg=out:int
    SIOCATMARK: arg=out:int
"""
# Requests whose numbers say all but the structure.
_STRUCTURES = """
    EVIOCGID: arg=out:input_id
    FICLONERANGE: arg=in:file_clone_range
    FITRIM: arg=inout:fstrim_range
    FS_IOC_FSGETXATTR: arg=out:fsxattr
    FS_IOC_FSSETXATTR: arg=in:fsxattr
    FS_IOC_GETFSSYSFSPATH: arg=out:fs_sysfs_path
    FS_IOC_GETFSUUID: arg=out:fsuuid2
    HIDIOCGRAWINFO: arg=out:hidraw_devinfo
    PAGEMAP_SCAN: arg=inout:pm_scan_arg
    PROCMAP_QUERY: arg=inout:procmap_query
    RTC_ALM_READ: arg=out:rtc_time
    RTC_ALM_SET: arg=in:rtc_time
    RTC_RD_TIME: arg=out:rtc_time
    RTC_SET_TIME: arg=in:rtc_time
    RTC_WKALM_RD: arg=out:rtc_wkalrm
    RTC_WKALM_SET: arg=in:rtc_wkalrm
    TCGETS2: arg=out:termios2
    TCSETS2: arg=in:termios2
    TCSETSF2: arg=in:termios2
    TCSETSW2: arg=in:termios2
    TIOCGRS485: arg=out:serial_rs485
    TIOCSRS485: arg=inout:serial_rs485
    UI_ABS_SETUP: arg=in:uinput_abs_setup
    UI_DEV_SETUP: arg=in:uinput_setup
    WDIOC_GETSUPPORT: arg=out:watchdog_info
"""
_SIZE_OF_FILE = "{number:#x} FIOQSIZE: arg=out:unsigned long long"
# Its number says the size there.
_OWN_TERMINALS = frozenset({"alpha", "mips", "parisc", "powerpc", "sh", "sparc", "xtensa"})

# The length is a number of instructions. SOL_SOCKET is 1, or 0xffff on alpha, mips, parisc and sparc; the
# option is 26, or 0x401a on parisc.
_GETSOCKOPT = """
    1/26 SO_GET_FILTER: optval=inout:void[= 8 * optlen@0]?
    0xffff/26 SO_GET_FILTER: optval=inout:void[= 8 * optlen@0]?
    0xffff/0x401a SO_GET_FILTER: optval=inout:void[= 8 * optlen@0]?
"""

# By call: what decides (a parameter, `>>` and `&` on it, `/` and a second one; `!` where memory is looked
# after for other commands, too), and the commands.
_FAMILIES = {
    "arch_prctl": ("option", _ARCH_PRCTL),
    "bpf": ("cmd", _BPF),
    "fcntl": ("cmd !", _FCNTL),
    "fcntl64": ("cmd !", _FCNTL),
    "fsconfig": ("cmd", _FSCONFIG),
    "futex": ("op & 127", _FUTEX),
    "futex_time64": ("op & 127", _FUTEX),
    "getsockopt": ("level / optname", _GETSOCKOPT),
    "io_uring_enter": ("flags", _IO_URING_ENTER),
    "io_uring_register": ("opcode & 0x7fffffff", _IO_URING_REGISTER),
    "ioctl": ("cmd !", _IOCTL),
    "ipc": ("call & 0xffff / second", _IPC),
    "kcmp": ("type", _KCMP),
    "keyctl": ("option", _KEYCTL),
    "landlock_add_rule": ("rule_type", _LANDLOCK),
    "msgctl": ("cmd & 0xfffffeff", _MSGCTL),
    "prctl": ("option / arg2", _PRCTL),
    "ptrace": ("request", _PTRACE),
    "quotactl": ("cmd >> 8", _QUOTACTL),
    "quotactl_fd": ("cmd >> 8", _QUOTACTL),
    "seccomp": ("op", _SECCOMP),
    "semctl": ("cmd & 0xfffffeff", _SEMCTL),
    "shmctl": ("cmd & 0xfffffeff", _SHMCTL),
    "socketcall": ("call", _SOCKETCALL),
    "sysfs": ("option", _SYSFS),
}


def entries(text: str) -> list[tuple[str, str, str]]:
    """Number, name and items of each command of a family; a line that goes on is indented further."""
    found: list[list[str]] = []
    for line in text.splitlines():
        words = line.strip()
        head, colon, items = words.partition(": ")
        if not words:
            continue
        if not colon and words.endswith(":"):
            head, items = words[:-1], ""
        elif not colon or "=" in head:  # goes on
            found[-1][1] += ("" if found[-1][1].endswith(",") else "  ") + words
            continue
        found.append([head, items])
    result = []
    for head, items in found:
        number, _, name = head.rpartition(" ")
        if not number and name[:1] in "*0123456789":
            number, name = name, ""
        result.append((number, name, items.strip()))
    return result


def requests_of(abi: ABI) -> list[tuple[str, int, str]]:
    """Requests of ioctl on an ABI by hand: name, number, and what becomes of the argument ("out:int").

    Those of interfaces, which have one structure, are called SIOC.
    """
    found = []
    for number, name, items in entries(_requests(abi)):
        if known := _number(number, name, abi):
            number = known.partition("/")[0]
            found.append((name, int(number), _narrowed(items, abi).removeprefix("arg=")))
    return sorted(found)


def _requests(abi: ABI) -> str:
    lines = [_IOCTL, *(_IFREQ_ANSWERS.format(number=number) for number in _IFREQ)]
    lines += [_TERMINALS, _STRUCTURES]
    if abi.architecture not in _OWN_TERMINALS:
        number = 0x545E if abi.architecture in ("arm", "m68k", "s390") else 0x5460
        lines.append(_SIZE_OF_FILE.format(number=number))
    return "\n".join(lines)


def commands(call: str, abi: ABI) -> str:
    """What the extension keeps of a call's commands on an ABI: what decides, then `number items` each; or "".

    A number is decimal, two of them have a slash between, `*` is for any.
    """
    if call not in _FAMILIES:
        return ""
    selector, text = _FAMILIES[call]
    if call == "ptrace":
        text += _PTRACE_OWN.get((abi.architecture, abi.register_bits), "")
    if call == "ioctl":
        text = _requests(abi)
    lines = [selector]
    for number, name, items in entries(text):
        known = _number(number, name, abi)
        if known:
            lines.append(f"{known} {_narrowed(items, abi)}")
    return "\n".join(lines)


def _number(text: str, name: str, abi: ABI) -> str:
    """A command's number on an ABI, "" where it has none."""
    if not text:
        request = requests.entry(name)
        found = requests.value(request[1], abi) if request else BY_ABI[abi.name].get(name, USUAL[name])
        return "" if found is None else str(found)
    if text == "*":
        return text
    if ":" in text:
        kind, number, *size = text.split(":")
        direction = kind[: len(kind) - len(kind.lstrip("rw"))] if size else ""
        letter = kind[len(direction) :]
        code = int(letter, 0) if letter[0].isdigit() else ord(letter)
        wide = abi.bits // 8 if size == ["long"] else int(size[0]) if size else 0
        return str(requests.encode(direction, code, int(number), wide, abi.architecture))
    return "/".join(str(int(part, 0)) for part in text.split("/"))


def _narrowed(items: str, abi: ABI) -> str:
    """The items with the structures and sizes of this ABI's width."""
    words = []
    for item in items.split(" "):
        before, bar, after = item.partition("|")
        if bar:
            # `in:one|other`, `in:void[1|2]`: the narrow one takes the place of what is before the bar.
            start = max(before.rfind("["), before.rfind(":")) + 1
            end = next((at for at, sign in enumerate(after) if sign in "],?"), len(after))
            chosen = after[:end] if abi.bits == 32 else before[start:]
            item = before[:start] + chosen + after[end:]
        words.append(item)
    return " ".join(words)
