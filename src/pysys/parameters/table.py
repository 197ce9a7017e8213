"""Parameters of calls, by hand: what the kernel's types and names do not say.

An entry has an item per parameter, two spaces or a newline between them: `name=SPEC`. SPEC is a kind
(see pysys.parameters.Parameter), or `direction[:points][[length]]`, with `?` behind where NULL is taken, or
`flags:Class`, or some of them joined by a comma. An item may name a parameter that only one of a call's
definitions has. A void[number] is a structure that the kernel shows programs in no header. Further items:
`reads:field`, `writes:field`: what the call does where a pointer in the structure leads to (the others are
in pysys.arguments.pointers); `signed`: of a number without a sign, that one with a sign stands for the same
bits; `int32`: a number of which the kernel reads 32 bits, though the parameter is wider.

Behind a SPEC, ` = 0` or ` = NULL` is the default: what the functions of pysys.calls pass where a caller
omits the argument. The last parameters of a call have one if they are

* what not every command uses: those after the command of fcntl, prctl, futex, ...; open's mode, which only
  O_CREAT uses; mknod's dev;
* flags of which 0 asks for nothing more; but not where O_CLOEXEC or the like is among them: whether programs
  inherit a descriptor is the caller's decision;
* memory and addresses that NULL leaves out: a result that few want, a time limit, a hint.

What says how much, how long, where or what is done has none, though the kernel may take 0 for it: the path of
acct, the times of utimensat, the whence of lseek, lengths.

`= NULL since 7.2` is a parameter that this kernel added to a call which was there before. Programs that were
written earlier do not pass it: the functions of pysys.calls.direct, which have no other defaults, have this
one. `python -m tools.generate` stops at a definition with another number of parameters until it is said here;
of one that a kernel took away the item is `name=gone since 7.3`.

What is known of the call itself stands behind its parameters, by these words:

    quiet       no audit event, as os does without one for its like: it reads, writes, waits, or reports what
                any process may know
    brief       it never waits, for anything or anyone, and runs no code of the process: other Python threads
                do not run during it, since letting them would take longer than the call
    address     the result is an address, which may look negative
    identity    the result is the id of a user or a group, which on ABIs with 32 bits may look negative, too;
                the kernel's call does not fail
    eintr=...   when it is not made again after a signal (see pysys.policy.restart): `never`, or conditions
                with a comma between them:
                pointer:name        this is not NULL: a time limit, which would start again, or a signal mask,
                                    which says that signals are what the caller waits for
                milliseconds:name   a time limit in this number, negative for none
                relative:name       these flags lack TIMER_ABSTIME
                receiving:name      this descriptor is a socket with a time limit of its own for receiving
                sending:name        likewise for sending
"""

from __future__ import annotations

# What recvmsg and sendmsg do with what a message leads to.
_RECEIVED = ",reads:msg_iov,writes:iov_base,writes:msg_name,writes:msg_control"
_SENT = ",reads:msg_iov,reads:iov_base,reads:msg_name,reads:msg_control"

TABLE: dict[str, str] = {
    "_llseek": "result=out  whence=flags:SeekWhence",
    "_newselect": """inp=inout:void[n bits]?  outp=inout:void[n bits]?  exp=inout:void[n bits]?
        tvp=inout? = NULL  eintr=pointer:tvp""",
    "_sysctl": "args=inout:void",
    "accept": """upeer_sockaddr=out:void[*upeer_addrlen]? = NULL  upeer_addrlen=inout:int? = NULL
        eintr=receiving:fd""",
    "accept4": """upeer_sockaddr=out:void[*upeer_addrlen]?  upeer_addrlen=inout:int?  flags=flags:SocketFlags
        eintr=receiving:fd""",
    "access": "mode=flags:AccessMode",
    "acct": "name=path?",
    "add_key": "_description=string?  _payload=in:void[plen]?  ringid=flags:KeySpecial",
    "adjtimex": "txc_p=inout  utp=inout",
    "alarm": "brief",
    "arc_settls": "user_tls_data_ptr=address",
    "arc_usr_cmpxchg": "uaddr=inout",
    "arch_prctl": "option=flags:ArchPrctlOption  arg2=word = 0",
    "arm_fadvise64_64": "advice=flags:FadviseAdvice",
    "arm_sync_file_range": "flags=flags:SyncFileRangeFlags",
    "atomic_cmpxchg_32": "mem=inout",
    "bind": "umyaddr=in:void[addrlen]",
    # Numbers of results go into the first 48 bytes, whatever size says.
    # The common attributes are those of BPF_COMMON_ATTRS: kernel/bpf/syscall.c of 7.2 has them, and they were
    # under review still when 7.1 had its first candidate (kernel-patches/bpf, pull request 11880).
    "bpf": """cmd=flags:BpfCommand  uattr=inout[size>48 bytes]
        uattr_common=inout[size_common bytes]? = NULL since 7.2  size_common=int = 0 since 7.2""",
    "brk": "brk=address  address",
    "cachectl": "addr=address",
    "cacheflush": "addr=address  start=address  end=address",
    "cachestat": "cstat_range=in  cstat=out",
    # Versions of the header from 2 on have two elements; version 1 has one.
    "capget": "header=inout  dataptr=out[2]?",
    "capset": "header=inout  data=in[2]",
    "clock_adjtime": "utx=inout  utp=inout  txc_p=inout",
    "clock_adjtime64": "utx=inout",
    "clock_getres": "tp=out?  quiet",
    "clock_getres_time64": "tp=out?",
    "clock_gettime": "tp=out  quiet",
    "clock_gettime64": "tp=out  quiet",
    "clock_nanosleep": "flags=flags:TimerFlags  rqtp=in  rmtp=out?  quiet  eintr=relative:flags",
    "clock_nanosleep_time64": "flags=flags:TimerFlags  rqtp=in  rmtp=out? = NULL  eintr=relative:flags",
    "clock_settime": "tp=in",
    "clock_settime64": "tp=in",
    "clone": "clone_flags=flags:CloneFlags  newsp=address  parent_tidptr=out?  child_tidptr=out?  tls=word",
    "clone3": "uargs=in[size bytes]",
    # The descriptor is gone by then, and its number may already be another thread's.
    "close": "eintr=never",
    "close_range": "max_fd=signed  flags=flags:CloseRangeFlags = 0",
    # The connection is being made all the same: poll for it, a repetition answers EALREADY.
    "connect": "uservaddr=in:void[addrlen]  eintr=never",
    "copy_file_range": "off_in=inout?  off_out=inout?  flags=int = 0",
    "create_module": "name_user=string",
    "delete_module": "flags=flags:ModuleDeleteFlags = 0",
    "dup3": "flags=flags:OpenFlags",
    "epoll_create1": "flags=flags:EpollCreateFlags",
    "epoll_ctl": "op=flags:EpollOperation  event=in?",
    "epoll_pwait": """events=out[maxevents]  sigmask=in:void[sigsetsize]?  quiet
        eintr=pointer:sigmask,milliseconds:timeout""",
    "epoll_pwait2": """events=out[maxevents]  timeout=in?  sigmask=in:void[sigsetsize]?  quiet
        eintr=pointer:timeout,pointer:sigmask""",
    "epoll_wait": "events=out[maxevents]  quiet  eintr=milliseconds:timeout",
    "eventfd2": "flags=flags:EventfdFlags",
    "execv": "argv=strings?",
    "execve": "argv=strings?  envp=strings?",
    "execveat": "argv=strings?  envp=strings?  flags=flags:AtFlags = 0",
    "faccessat": "mode=flags:AccessMode",
    "faccessat2": "mode=flags:AccessMode  flags=flags:AtFlags = 0",
    "fadvise64": "advice=flags:FadviseAdvice",
    "fadvise64_64": "advice=flags:FadviseAdvice",
    "fallocate": "mode=flags:FallocateMode",
    "fanotify_init": "flags=flags:FanotifyInitFlags  event_f_flags=flags:OpenFlags",
    "fanotify_mark": "flags=flags:FanotifyMarkFlags  mask=flags:FanotifyEvents  pathname=path?",
    "fchmodat2": "flags=flags:AtFlags = 0",
    "fchownat": "flag=flags:AtFlags = 0",
    "fcntl": "cmd=flags:FcntlCommand  arg=word = 0",
    "fcntl64": "cmd=flags:FcntlCommand  arg=word = 0",
    "fgetxattr": "value=out:void[size]?",
    "file_getattr": "filename=path?  ufattr=out[usize bytes]  at_flags=flags:AtFlags",
    "file_setattr": "filename=path?  ufattr=in[usize bytes]  at_flags=flags:AtFlags",
    "finit_module": "uargs=string  flags=flags:ModuleInitFlags = 0",
    "flistxattr": "list=out:void[size]?",
    "flock": "cmd=flags:FlockOperation",
    "fsconfig": "cmd=flags:FsconfigCommand  _key=string?  _value=word  aux=fd",
    "fsetxattr": "value=in:void[size]?  flags=flags:XattrFlags = 0",
    "fsmount": "flags=flags:FsmountFlags  attr_flags=flags:MountAttributes",
    "fsopen": "flags=flags:FsopenFlags",
    "fspick": "flags=flags:FspickFlags",
    "fstat": "statbuf=out  quiet",
    "fstat64": "statbuf=out",
    "fstatat64": "filename=path?  statbuf=out  flag=flags:AtFlags = 0",
    "fstatfs": "buf=out",
    "fstatfs64": "buf=out[sz bytes]",
    # utime is a number for some operations.
    "futex": """uaddr=inout  op=flags:FutexOperation  val=signed  utime=word = NULL  uaddr2=inout? = NULL
        val3=signed = 0  quiet  eintr=pointer:utime""",
    "futex_requeue": "waiters=in[2]",
    "futex_time64": """uaddr=inout  op=flags:FutexOperation  val=signed  utime=word = NULL
        uaddr2=inout? = NULL  val3=signed = 0  eintr=pointer:utime""",
    "futex_wait": "uaddr=inout:unsigned int  flags=flags:Futex2Flags  timeout=in?  quiet",
    "futex_waitv": "waiters=in[nr_futexes]  timeout=in?  quiet",
    "futex_wake": "uaddr=inout:unsigned int  flags=flags:Futex2Flags  quiet",
    "futimesat": "filename=path?  utimes=in[2]?  t=in[2]?",
    "get_kernel_syms": "table=out:void?",
    # Cleared in steps of 64 bits, for processes of 32 bits too.
    "get_mempolicy": """policy=out?  nmask=out:unsigned long long[maxnode-1 bits]?  addr=address
        flags=flags:GetMempolicyFlags""",
    "get_robust_list": "head_ptr=out  len_ptr=out",
    "get_thread_area": "u_info=inout",
    "get_tls": "address",
    "getcpu": "cpup=out?  nodep=out?  unused=address  quiet",
    "getcwd": "buf=out[size]",
    "getdents": "dirent=out:void[count]",
    "getdents64": "dirent=out:void[count]",
    "getdomainname": "name=out[len]",
    "getegid": "quiet  brief  identity",
    "getegid32": "brief  identity",
    "geteuid": "quiet  brief  identity",
    "geteuid32": "brief  identity",
    "getgid": "quiet  brief  identity",
    "getgid32": "brief  identity",
    "getgroups": "grouplist=out[gidsetsize]?",
    "getgroups32": "grouplist=out[gidsetsize]?",
    "gethostname": "name=out[len]",
    "getitimer": "which=flags:ItimerWhich  value=out",
    "getpeername": "usockaddr=out:void[*usockaddr_len]?  usockaddr_len=inout",
    "getpgid": "quiet  brief",
    "getpgrp": "quiet  brief",
    "getpid": "quiet  brief",
    "getppid": "quiet  brief",
    "getpriority": "which=flags:PriorityWhich  brief",
    "getrandom": "ubuf=out[len]  flags=flags:GetrandomFlags  quiet",
    "getresgid": "rgidp=out  egidp=out  sgidp=out",
    "getresgid32": "rgidp=out  egidp=out  sgidp=out",
    "getresuid": "ruidp=out  euidp=out  suidp=out",
    "getresuid32": "ruidp=out  euidp=out  suidp=out",
    "getrlimit": "resource=flags:RlimitResource  rlim=out",
    "getrusage": "who=flags:RusageWho  ru=out",
    "getsid": "quiet  brief",
    "getsockname": "usockaddr=out:void[*usockaddr_len]?  usockaddr_len=inout",
    "getsockopt": """level=flags:SocketLevel  optname=flags:SocketOption  optval=inout:void[*optlen]?
        optlen=inout""",
    "gettid": "quiet  brief",
    "gettimeofday": "tv=out?  tz=out? = NULL  quiet",
    "getuid": "quiet  brief  identity",
    "getuid32": "brief  identity",
    "getxattr": "value=out:void[size]?",
    "getxattrat": "pathname=path?  at_flags=flags:AtFlags  uargs=in[usize bytes],writes:value",
    "init_module": "umod=in[len]  uargs=string",
    "inotify_add_watch": "mask=flags:InotifyEvents",
    "inotify_init1": "flags=flags:InotifyInitFlags",
    # Nothing is written to result.
    "io_cancel": "iocb=in  result=out? = NULL",
    "io_getevents": "events=out[nr]  timeout=in? = NULL  eintr=pointer:timeout",
    "io_pgetevents": """events=out[nr]  timeout=in? = NULL  usig=in?,reads:sigmask = NULL
        eintr=pointer:timeout,pointer:usig""",
    "io_pgetevents_time64": """events=out[nr]  timeout=in? = NULL  usig=in?,reads:sigmask = NULL
        eintr=pointer:timeout,pointer:usig""",
    "io_setup": "ctxp=inout  ctx32p=inout",
    "io_submit": "iocbpp=in[nr],submits:aio_buf",
    # argp: a set of signals, a structure with one, or an offset, as flags say.
    # Part of what was submitted may be done, and the wait's limit would start again.
    "io_uring_enter": """min_complete=int = 0  flags=flags:IoUringEnterFlags = 0  argp=word = NULL
        argsz=int = 0  eintr=never""",
    "io_uring_register": "opcode=flags:IoUringRegisterOp  arg=word = NULL  nr_args=int = 0",
    "io_uring_setup": "params=inout",
    "ioctl": "cmd=signed  arg=word = 0",
    "ioprio_get": "which=flags:IoprioWhich",
    "ioprio_set": "which=flags:IoprioWhich",
    # The call is in the first argument: it can be semtimedop, and with socketcall connect.
    "ipc": """call=flags:IpcCall  first=int = 0  second=word = 0  third=word = 0  ptr=word = NULL
        fifth=word = 0  eintr=never""",
    "kcmp": "type=flags:KcmpType  idx1=word = 0  idx2=word = 0",
    "kexec_file_load": "cmdline_ptr=in[cmdline_len]?  flags=flags:KexecFileFlags = 0",
    "kexec_load": "entry=address  segments=in[nr_segments]?,reads:buf  flags=flags:KexecFlags = 0",
    "keyctl": "option=flags:KeyctlOperation  arg2=word  arg3=word  arg4=word  arg5=word",
    "kill": "brief",
    "landlock_add_rule": """rule_type=flags:LandlockRuleType  rule_attr=in[?]
        flags=flags:LandlockAddRuleFlags""",
    "landlock_create_ruleset": "attr=in[size bytes]?  flags=flags:LandlockCreateFlags",
    "landlock_restrict_self": "flags=flags:LandlockRestrictFlags",
    "lgetxattr": "value=out:void[size]?",
    "linkat": "flags=flags:AtFlags = 0",
    "listmount": "req=in[24 bytes]  mnt_ids=out[nr_mnt_ids]  flags=flags:ListmountFlags",
    "listns": "req=in[32 bytes]  ns_ids=out[nr_ns_ids]",
    "listxattr": "list=out:void[size]?",
    "listxattrat": "pathname=path?  at_flags=flags:AtFlags  list=out:void[size]?",
    "llistxattr": "list=out:void[size]?",
    "llseek": "result=out  whence=flags:SeekWhence",
    "lookup_dcookie": "buf=out:void[len]",
    "lseek": "whence=flags:SeekWhence  quiet",
    "lsetxattr": "value=in:void[size]?  flags=flags:XattrFlags = 0",
    "lsm_get_self_attr": "attr=flags:LsmAttribute  ctx=inout:void[*size]?  size=inout  flags=flags:LsmFlags",
    "lsm_list_modules": "ids=out[*size]?  size=inout",
    "lsm_set_self_attr": "attr=flags:LsmAttribute  ctx=in:void[size]",
    "lstat": "statbuf=out",
    "lstat64": "statbuf=out",
    "madvise": "start=address  behavior=flags:MadviseAdvice",
    "map_shadow_stack": "addr=address  flags=flags:ShadowStackFlags = 0",
    "mbind": """start=address  mode=flags:MempolicyMode  nmask=in[maxnode-1 bits]?
        flags=flags:MempolicyFlags = 0""",
    "membarrier": "cmd=flags:MembarrierCommand  flags=flags:MembarrierFlags = 0  cpu_id=int = 0  quiet",
    "memfd_create": "flags=flags:MemfdFlags",
    "memfd_secret": "flags=flags:MemfdSecretFlags",
    "migrate_pages": "old_nodes=in[maxnode-1 bits]?  new_nodes=in[maxnode-1 bits]?",
    "mincore": "start=address  vec=out:void[len pages]",
    "mknod": "dev=int = 0",
    "mknodat": "dev=int = 0",
    "mlock": "start=address",
    "mlock2": "start=address  flags=flags:MlockFlags = 0",
    "mlockall": "flags=flags:MlockallFlags",
    # Where it has one parameter: its six arguments.
    "mmap": "arg=in:unsigned long[6]  addr=address  prot=flags:ProtFlags  flags=flags:MapFlags  address",
    "mmap2": "addr=address  prot=flags:ProtFlags  flags=flags:MapFlags  address",
    # Reads or writes as func says.
    "modify_ldt": "ptr=inout:void[bytecount]",
    "mount": "dev_name=string?  dir_name=path  type=string?  flags=flags:MountFlags = 0  data=word = NULL",
    "mount_setattr": "flags=flags:AtFlags  uattr=in[usize bytes]",
    "move_mount": "from_pathname=path?  to_pathname=path?  flags=flags:MoveMountFlags",
    "move_pages": """pages=in[nr_pages]  nodes=in[nr_pages]?  status=out[nr_pages]
        flags=flags:MempolicyFlags = 0""",
    "mprotect": "start=address  prot=flags:ProtFlags",
    "mq_getsetattr": "mqdes=fd  u_mqstat=in?  u_omqstat=out?",
    "mq_notify": "mqdes=fd  u_notification=in?",
    "mq_open": "u_name=string  oflag=flags:OpenFlags  u_attr=in?",
    "mq_timedreceive": "mqdes=fd  u_msg_ptr=out:void[msg_len]  u_msg_prio=out?  u_abs_timeout=in?",
    "mq_timedreceive_time64": """mqdes=fd  u_msg_ptr=out:void[msg_len]  u_msg_prio=out? = NULL
        u_abs_timeout=in? = NULL""",
    "mq_timedsend": "mqdes=fd  u_msg_ptr=in:void[msg_len]  u_abs_timeout=in?",
    "mq_timedsend_time64": "mqdes=fd  u_msg_ptr=in:void[msg_len]  u_abs_timeout=in? = NULL",
    "mq_unlink": "u_name=string",
    "mremap": "addr=address  flags=flags:MremapFlags = 0  new_addr=address = 0  address",
    "mseal": "start=address  flags=int = 0",
    # cmd says which structure, and who writes.
    "msgctl": "cmd=flags:MsgctlCommand  buf=word = NULL  uptr=word = NULL",
    "msgget": "msgflg=flags:IpcFlags = 0",
    "msgrcv": "msgp=out:void[msgsz+long]  msgflg=flags:MsgFlags",
    "msgsnd": "msgp=in:void[msgsz+long]  msgflg=flags:IpcFlags",
    "msync": "start=address  flags=flags:MsyncFlags",
    "munlock": "start=address",
    "munmap": "addr=address",
    # The id has 64 bits with AT_HANDLE_MNT_ID_UNIQUE, which is 1, else it is an int.
    "name_to_handle_at": """name=path  handle=inout[8+first]  mnt_id=out:void[= 4 + 4 * ( flag & 1 )]
        flag=flags:HandleFlags""",
    # The time is relative and would start again; the remainder is in the second argument.
    "nanosleep": "rqtp=in  rmtp=out?  quiet  eintr=never",
    "newfstatat": "filename=path?  statbuf=out  flag=flags:AtFlags = 0",
    "nfsservctl": "arg=in:void  res=out:void?",
    "old_adjtimex": "txc_p=inout:void[200]",
    "oldfstat": "statbuf=out",
    "oldlstat": "statbuf=out",
    "oldolduname": "name=out",
    "oldstat": "statbuf=out",
    "oldumount": "name=path",
    "olduname": "name=out",
    "open": "flags=flags:OpenFlags  mode=int = 0",
    "open_by_handle_at": "handle=in[8+first]  flags=flags:OpenFlags",
    "open_tree": "flags=flags:OpenTreeFlags",
    "open_tree_attr": "flags=flags:OpenTreeFlags  uattr=in[usize bytes]?",
    "openat": "flags=flags:OpenFlags  mode=int = 0",
    "openat2": "how=in[usize bytes]",
    "or1k_atomic": "v1=inout  v2=inout",
    "osf_fstat": "buf=out:void[160]",
    "osf_fstatfs": "buffer=out:void[bufsiz]",
    "osf_fstatfs64": "buffer=out:void[bufsiz]",
    "osf_getdirentries": "dirent=out:void[count]  basep=out? = NULL",
    "osf_getdomainname": "name=out:void[namelen]",
    "osf_getitimer": "which=flags:ItimerWhich  value=out",
    "osf_getrusage": "who=flags:RusageWho  ru=out:void[128]",
    "osf_getsysinfo": "buffer=out:void[nbytes]  start=inout? = NULL  arg=inout:void[?]? = NULL",
    "osf_gettimeofday": "tv=out?  tz=out? = NULL",
    "osf_lstat": "name=path  buf=out:void[160]",
    "osf_mount": "flag=flags:MountFlags  data=in:void[16]",
    "osf_proplist_syscall": "args=in:void[?]?",
    "osf_select": """inp=inout:void[n bits]?  outp=inout:void[n bits]?  exp=inout:void[n bits]?
        tvp=in? = NULL  eintr=pointer:tvp""",
    "osf_set_program_attributes": "text_start=address  bss_start=address",
    "osf_setitimer": "which=flags:ItimerWhich  value=in?  ovalue=out? = NULL",
    "osf_setsysinfo": "buffer=in:void[?]?  start=inout? = NULL  arg=inout:void[?]? = NULL",
    "osf_settimeofday": "tv=in?  tz=in? = NULL",
    "osf_shmat": "shmaddr=address = 0  shmflg=flags:ShmatFlags = 0",
    "osf_sigprocmask": "how=flags:SigprocmaskHow",
    "osf_sigstack": "uss=in:void[16]?  uoss=out:void[16]? = NULL",
    "osf_stat": "name=path  buf=out:void[160]",
    "osf_statfs": "buffer=out:void[bufsiz]",
    "osf_statfs64": "pathname=path  buffer=out:void[bufsiz]",
    "osf_swapon": "swap_flags=flags:SwapFlags = 0",
    "osf_sysinfo": "buf=out:void[count]",
    "osf_usleep_thread": "sleep=in  remain=out? = NULL  eintr=never",
    "osf_utimes": "tvs=in[2]?",
    "osf_utsname": "name=out:void[160]",
    "osf_wait4": "ustatus=out? = NULL  options=flags:WaitOptions = 0  ur=out:void[128]? = NULL",
    # It waits for a signal, and this is how it reports that one came; so do sigsuspend and its like.
    "pause": "quiet  eintr=never",
    "pciconfig_read": "buf=out:void[len]",
    "pciconfig_write": "buf=in:void[len]",
    # The kernel writes the size it knows into the structure when it refuses a longer one.
    "perf_event_open": "attr_uptr=inout[64 bytes]  flags=flags:PerfFlags",
    "personality": "personality=flags:Persona,signed  brief",
    # A descriptor of the other process.
    "pidfd_getfd": "fd=int",
    "pidfd_open": "flags=flags:PidfdFlags",
    "pidfd_send_signal": "info=in?  flags=flags:PidfdSignalFlags",
    "pipe": "fildes=out[2]",
    "pipe2": "fildes=out[2]  flags=flags:OpenFlags",
    "pkey_alloc": "flags=int = 0  init_val=flags:PkeyRights = 0",
    "pkey_mprotect": "start=address  prot=flags:ProtFlags",
    "poll": "ufds=inout[nfds]?  quiet  eintr=milliseconds:timeout_msecs",
    "ppoll": """ufds=inout[nfds]?  tsp=inout? = NULL  sigmask=in:void[sigsetsize]? = NULL  sigsetsize=int = 0
        quiet  eintr=pointer:tsp,pointer:sigmask""",
    "ppoll_time64": """ufds=inout[nfds]?  tsp=inout? = NULL  sigmask=in:void[sigsetsize]? = NULL
        sigsetsize=int = 0  eintr=pointer:tsp,pointer:sigmask""",
    "prctl": "option=flags:PrctlOption  arg2=word = 0  arg3=word = 0  arg4=word = 0  arg5=word = 0",
    "pread64": "buf=out:void[count]  quiet",
    "preadv": "vec=in[vlen],writes:iov_base  quiet",
    "preadv2": "vec=in[vlen],writes:iov_base  flags=int = 0  quiet  eintr=receiving:fd",
    "prlimit64": "resource=flags:RlimitResource  new_rlim=in?  old_rlim=out?",
    "process_madvise": "vec=in[vlen]  behavior=flags:MadviseAdvice  flags=int = 0",
    "process_mrelease": "flags=int = 0",
    "process_vm_readv": "lvec=in[liovcnt],writes:iov_base  rvec=in[riovcnt]",
    "process_vm_writev": "lvec=in[liovcnt],reads:iov_base  rvec=in[riovcnt]",
    # sig: the address of a set of signals, and its size.
    "pselect6": """inp=inout:void[n bits]?  outp=inout:void[n bits]?  exp=inout:void[n bits]?
        tsp=inout? = NULL  sig=in:unsigned long[2]? = NULL  quiet  eintr=pointer:tsp,pointer:sig""",
    "pselect6_time64": """inp=inout:void[n bits]?  outp=inout:void[n bits]?  exp=inout:void[n bits]?
        tsp=inout? = NULL  sig=in:unsigned long[2]? = NULL  eintr=pointer:tsp,pointer:sig""",
    "ptrace": "request=flags:PtraceRequest  pid=int32 = 0  addr=word = 0  data=word = 0",
    "pwrite64": "buf=in:void[count]  quiet",
    "pwritev": "vec=in[vlen],reads:iov_base  quiet",
    "pwritev2": "vec=in[vlen],reads:iov_base  flags=int = 0  quiet  eintr=sending:fd",
    "query_module": "name_user=string?  buf=out:void[bufsize]?  ret=out",
    # cmd says what addr is: a path for Q_QUOTAON.
    "quotactl": "cmd=flags:QuotaCommand  special=path? = NULL  id=int = 0  addr=word = NULL",
    "quotactl_fd": "cmd=flags:QuotaCommand  id=int = 0  addr=word = NULL",
    "read": "buf=out:void[count]  quiet  eintr=receiving:fd",
    # Holds one entry, whatever count says: a header, and a name, of which some file systems (FUSE, vfat) have
    # longer ones than 255 bytes.
    "readdir": "dirent=out:void[4108]",
    "readlink": "buf=out:void[bufsiz]",
    "readlinkat": "buf=out:void[bufsiz]",
    "readv": "vec=in[vlen],writes:iov_base  quiet  eintr=receiving:fd",
    "reboot": """magic1=flags:RebootMagic  magic2=flags:RebootMagic  cmd=flags:RebootCommand
        arg=string? = NULL""",
    "recv": "ubuf=out:void[size]?  flags=flags:MessageFlags = 0  eintr=receiving:fd",
    "recvfrom": """ubuf=out:void[size]?  flags=flags:MessageFlags = 0
        addr=out:void[*addr_len|*addrlen]? = NULL  addr_len=inout? = NULL  buf=out:void[len]?
        addrlen=inout? = NULL  eintr=receiving:fd""",
    "recvmmsg": f"""mmsg=inout[vlen]{_RECEIVED}  flags=flags:MessageFlags  timeout=inout? = NULL
        eintr=pointer:timeout,receiving:fd""",
    "recvmmsg_time64": f"""mmsg=inout[vlen]{_RECEIVED}  flags=flags:MessageFlags  timeout=inout? = NULL
        eintr=pointer:timeout,receiving:fd""",
    "recvmsg": f"msg=inout{_RECEIVED}  flags=flags:MessageFlags  eintr=receiving:fd",
    "remap_file_pages": "start=address  prot=flags:ProtFlags  flags=flags:MapFlags = 0",
    "removexattrat": "pathname=path?  at_flags=flags:AtFlags",
    "renameat2": "flags=flags:RenameFlags = 0",
    "request_key": "_callout_info=string?  destringid=flags:KeySpecial",
    "restart_syscall": "quiet",
    "riscv_flush_icache": "start=address  end=address  flags=int = 0",
    "riscv_hwprobe": """pairs=inout[pair_count]  cpusetsize=int = 0  cpus=inout:void[cpusetsize]? = NULL
        flags=int = 0""",
    # The kernel goes on writing to it: no memory of one call.
    "rseq": "rseq=address  flags=flags:RseqFlags",
    "rseq_slice_yield": "quiet",
    "rt_sigaction": "act=in?  oact=out?  restorer=address",
    "rt_sigpending": "uset=out:void[sigsetsize]",
    "rt_sigprocmask": "how=flags:SigprocmaskHow  nset=in:void[sigsetsize]?  oset=out:void[sigsetsize]?",
    "rt_sigqueueinfo": "uinfo=in",
    "rt_sigsuspend": "unewset=in:void[sigsetsize]  eintr=never",
    "rt_sigtimedwait": "uthese=in:void[sigsetsize]  uinfo=out?  uts=in?  eintr=never",
    "rt_sigtimedwait_time64": "uthese=in:void[sigsetsize]  uinfo=out?  uts=in?  eintr=never",
    "rt_tgsigqueueinfo": "uinfo=in",
    # As long as its numbers of arguments and results say.
    "rtas": "uargs=inout:void[12]",
    "s390_guarded_storage": "gs_cb=in? = NULL",
    "s390_pci_mmio_read": "mmio_addr=address  user_buffer=out:void[length]",
    "s390_pci_mmio_write": "mmio_addr=address  user_buffer=in:void[length]",
    "s390_runtime_instr": "signum=int = 0",
    "s390_sthyi": "buffer=out:void[4096]  return_code=out? = NULL  flags=int = 0",
    "sched_get_affinity": "user_mask_ptr=out:void[len]",
    "sched_get_priority_max": "policy=flags:SchedPolicy  brief",
    "sched_get_priority_min": "policy=flags:SchedPolicy  brief",
    "sched_getaffinity": "user_mask_ptr=out:void[len]",
    "sched_getattr": "uattr=out[usize bytes]  flags=flags:SchedGetattrFlags",
    "sched_getparam": "param=out",
    "sched_getscheduler": "brief",
    "sched_rr_get_interval": "interval=out",
    "sched_rr_get_interval_time64": "interval=out",
    "sched_set_affinity": "user_mask_ptr=in:void[len]",
    "sched_setaffinity": "user_mask_ptr=in:void[len]",
    # As with perf_event_open.
    "sched_setattr": "uattr=inout[48 bytes]",
    "sched_setparam": "param=in",
    "sched_setscheduler": "policy=flags:SchedPolicy  param=in",
    "sched_yield": "quiet",
    "seccomp": "op=flags:SeccompOperation  flags=flags:SeccompFilterFlags = 0  uargs=word = NULL",
    # Where it has one parameter: its five arguments.
    "select": """inp=inout:void[n bits]?  outp=inout:void[n bits]?  exp=inout:void[n bits]?
        tvp=inout? = NULL  arg=in:unsigned long[5]  quiet  eintr=pointer:tvp,pointer:arg""",
    "semctl": "cmd=flags:SemctlCommand  arg=word = 0",
    "semget": "semflg=flags:IpcFlags = 0",
    "semop": "tsops=in[nsops]",
    "semtimedop": "tsops=in[nsops]  tsems=in[nsops]  timeout=in?  eintr=pointer:timeout",
    "semtimedop_time64": "tsops=in[nsops]  timeout=in? = NULL  eintr=pointer:timeout",
    "send": "buff=in:void[len]?  flags=flags:MessageFlags = 0  eintr=sending:fd",
    "sendfile": "offset=inout?  eintr=sending:out_fd",
    "sendfile64": "offset=inout?  eintr=sending:out_fd",
    "sendmmsg": f"mmsg=inout[vlen]{_SENT}  flags=flags:MessageFlags = 0  eintr=sending:fd",
    "sendmsg": f"msg=in{_SENT}  flags=flags:MessageFlags = 0  eintr=sending:fd",
    "sendto": """buff=in:void[len]?  flags=flags:MessageFlags = 0  addr=in:void[addr_len]? = NULL
        addr_len=int = 0  eintr=sending:fd""",
    "set_mempolicy": "mode=flags:MempolicyMode  nmask=in[maxnode-1 bits]? = NULL  maxnode=int = 0",
    "set_mempolicy_home_node": "start=address  flags=int = 0",
    # Both are read and written when the thread ends: no memory of one call.
    "set_robust_list": "head=address",
    "set_thread_area": "u_info=inout  addr=address  tp=address",
    "set_tid_address": "tidptr=address",
    "setdomainname": "name=in:void[len]",
    "setfsgid": "identity",
    "setfsgid32": "identity",
    "setfsuid": "identity",
    "setfsuid32": "identity",
    "setgroups": "grouplist=in[gidsetsize]?",
    "setgroups32": "grouplist=in[gidsetsize]?",
    "sethostname": "name=in:void[len]",
    "setitimer": "which=flags:ItimerWhich  value=in?  ovalue=out?",
    "setns": "flags=flags:CloneFlags = 0",
    "setpriority": "which=flags:PriorityWhich  brief",
    "setrlimit": "resource=flags:RlimitResource  rlim=in",
    "setsockopt": "level=flags:SocketLevel  optname=flags:SocketOption  optval=in:void[optlen]?",
    "settimeofday": "tv=in?  tz=in? = NULL",
    "setxattr": "value=in:void[size]?  flags=flags:XattrFlags = 0",
    "setxattrat": "pathname=path?  at_flags=flags:AtFlags  uargs=in[usize bytes],reads:value",
    "shmat": "shmaddr=address = 0  shmflg=flags:ShmatFlags = 0  address",
    # As with msgctl.
    "shmctl": "cmd=flags:ShmctlCommand  buf=word = NULL  uptr=word = NULL",
    "shmdt": "shmaddr=address",
    "shmget": "shmflg=flags:ShmFlags = 0",
    "shutdown": "how=flags:ShutdownHow",
    "sigaction": "act=in?  oact=out? = NULL",
    "sigaltstack": "uss=in?  uoss=out? = NULL  uss_ptr=in?  uoss_ptr=out? = NULL",
    "signal": "handler=address",
    "signalfd": "user_mask=in:void[sizemask|sigsetsize]",
    "signalfd4": "user_mask=in:void[sizemask|sigsetsize]  flags=flags:SignalfdFlags",
    "sigpending": "uset=out",
    "sigprocmask": "how=flags:SigprocmaskHow  nset=in?  oset=out? = NULL",
    "sigsuspend": "uset=in:void[16]  eintr=never",
    "socket": "family=flags:AddressFamily  type=flags:SocketType  protocol=flags:IpProtocol = 0",
    # As many arguments as the call that is meant has.
    "socketcall": "call=flags:SocketCall  args=in[?]  eintr=never",
    "socketpair": """family=flags:AddressFamily  type=flags:SocketType  protocol=flags:IpProtocol
        usockvec=out[2]""",
    "splice": """off_in=inout?  off_out=inout?  flags=flags:SpliceFlags = 0
        eintr=receiving:fd_in,sending:fd_out""",
    "spu_create": "name=path  neighbor_fd=fd = 0",
    "spu_run": "unpc=inout  ustatus=out? = NULL",
    "stat": "statbuf=out",
    "stat64": "statbuf=out",
    "statfs": "buf=out",
    "statfs64": "buf=out[sz bytes]",
    "statmount": "req=in[24 bytes]  buf=out[bufsize bytes]  flags=flags:StatmountFlags",
    "statx": "filename=path?  flags=flags:AtFlags  mask=flags:StatxMask  buffer=out",
    "stime": "tptr=in",
    "subpage_prot": "addr=address  map=in[len pages]?",
    "swapcontext": "old_ctx=out:void[ctx_size]?  new_ctx=in:void[ctx_size]?",
    "swapon": "swap_flags=flags:SwapFlags = 0",
    "sync_file_range": "flags=flags:SyncFileRangeFlags",
    "sync_file_range2": "flags=flags:SyncFileRangeFlags",
    "sys_debug_setcontext": "ctx=in:void[?]  dbg=in[ndbg]?",
    "sysfs": "arg1=word = 0  arg2=word = 0",
    "sysinfo": "info=out",
    # Of SYSLOG_ACTION_CONSOLE_LEVEL, len is the level, and there is no buf.
    "syslog": "type=flags:SyslogAction  buf=out:void[len]? = NULL  len=int = 0",
    "sysmips": "arg1=word = 0  arg2=word = 0",
    "tee": "flags=flags:SpliceFlags = 0",
    "tgkill": "brief",
    "time": "tloc=out? = NULL  quiet",
    # The id is also read once prctl(PR_TIMER_CREATE_RESTORE_IDS) has asked for that.
    "timer_create": "timer_event_spec=in?  created_timer_id=inout",
    "timer_getoverrun": "brief",
    "timer_gettime": "setting=out",
    "timer_gettime64": "setting=out",
    "timer_settime": "flags=flags:TimerFlags  new_setting=in  old_setting=out?  new=in  old=out?",
    "timer_settime64": "flags=flags:TimerFlags  new_setting=in  old_setting=out? = NULL",
    "timerfd": "utmr=in",
    "timerfd_create": "clockid=flags:ClockId  flags=flags:TimerfdFlags",
    "timerfd_gettime": "otmr=out",
    "timerfd_gettime64": "otmr=out",
    "timerfd_settime": "flags=flags:TimerfdSetFlags  utmr=in  otmr=out?",
    "timerfd_settime64": "flags=flags:TimerfdSetFlags  utmr=in  otmr=out? = NULL",
    "times": "tbuf=out?  quiet",
    "tkill": "brief",
    "ugetrlimit": "resource=flags:RlimitResource  rlim=out",
    "umask": "mask=flags:FileMode  brief",
    "umount": "name=path  flags=flags:UmountFlags = 0",
    "umount2": "name=path  flags=flags:UmountFlags = 0",
    "uname": "name=out",
    "unlinkat": "flag=flags:AtFlags = 0",
    "unshare": "unshare_flags=flags:CloneFlags",
    "unused109": "name=out",
    "unused59": "name=out",
    "uselib": "library=path",
    "userfaultfd": "flags=flags:UserfaultfdFlags",
    "ustat": "ubuf=out  u=out",
    "utime": "filename=path  times=in?  t=in?",
    "utimensat": "filename=path?  utimes=in[2]?  flags=flags:AtFlags = 0  t=in[2]?",
    "utimensat_time64": "filename=path?  utimes=in[2]?  flags=flags:AtFlags = 0",
    "utimes": "filename=path  utimes=in[2]?  t=in[2]?",
    "utimesat": "filename=path?  utimes=in[2]?",
    "utrap_install": "new_p=address  new_d=address  old_p=out? = NULL  old_d=out? = NULL",
    "vm86": "arg=word = 0",
    "vm86old": "user_vm86=inout",
    "vmsplice": "uiov=in[nr_segs],splices:iov_base  flags=flags:SpliceFlags = 0",
    "wait4": "stat_addr=out?  options=flags:WaitOptions  ru=out?",
    "waitid": "which=flags:WaitIdType  infop=out?  options=flags:WaitOptions  ru=out?  uru=out?",
    "waitpid": "stat_addr=out? = NULL  options=flags:WaitOptions = 0",
    "write": "buf=in:void[count]  quiet  eintr=sending:fd",
    "writev": "vec=in[vlen],reads:iov_base  quiet  eintr=sending:fd",
    "xtensa": "ptr=inout",
}
