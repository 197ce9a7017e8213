"""What the names are that are not calls of today's kernel, and what to use instead.

Each line: name, kind, one sentence. The kinds are those of a page: wrapper (the C library's name for a call
that is named differently), library (not a call itself), overview (a text, not a function), removed (was a
call once), never (a reserved name behind which there has never been anything), call (where the tables would
take one for an empty number). Every other name is a call.
"""

from __future__ import annotations

_LINES = """
_exit           wrapper   End the process at once; the C library issues exit_group, which ends every thread.
fstatat         wrapper   The C library's name for the call newfstatat, or fstatat64 on 32-bit ABIs.
posix_fadvise   wrapper   The C library's name for the calls fadvise64 and fadvise64_64.
pread           wrapper   The C library's name for the call pread64.
pselect         wrapper   The C library's name for the call pselect6; it keeps the timeout unchanged.
pwrite          wrapper   The C library's name for the call pwrite64.
setegid         wrapper   Set the effective group id; made of setresgid, in every thread of the process.
seteuid         wrapper   Set the effective user id; made of setresuid, in every thread of the process.
sigqueue        wrapper   Send a signal with a value; made of rt_sigqueueinfo.
sigtimedwait    wrapper   Wait for a signal, but not forever; the call is rt_sigtimedwait.
sigwaitinfo     wrapper   Wait for a signal; the call is rt_sigtimedwait with no timeout.
wait            wrapper   Wait for any child; the call is wait4.
wait3           wrapper   Wait for any child and get its resource usage; the call is wait4.

_Exit           library   C's own name for _exit.
fstatvfs        library   File system statistics through a descriptor; made of fstatfs.
getcontext      library   Save registers in user space; only the signal mask needs a call, rt_sigprocmask.
gethostid       library   An identifier kept in a file or made up from the host's address; not a call itself.
inb             library   Read a byte from an I/O port: one machine instruction, allowed by ioperm or iopl.
inb_p           library   As inb, with a pause.
inl             library   Read 32 bits from an I/O port: one machine instruction, allowed by ioperm or iopl.
inl_p           library   As inl, with a pause.
insb            library   Read several bytes from an I/O port: a machine instruction.
insl            library   Read several 32-bit values from an I/O port: a machine instruction.
insw            library   Read several 16-bit values from an I/O port: a machine instruction.
inw             library   Read 16 bits from an I/O port: one machine instruction, allowed by ioperm or iopl.
inw_p           library   As inw, with a pause.
killpg          library   Send a signal to a process group: kill with the group's id negated.
outb            library   Write a byte to an I/O port: one machine instruction, allowed by ioperm or iopl.
outb_p          library   As outb, with a pause.
outl            library   Write 32 bits to an I/O port: one machine instruction, allowed by ioperm or iopl.
outl_p          library   As outl, with a pause.
outsb           library   Write several bytes to an I/O port: a machine instruction.
outsl           library   Write several 32-bit values to an I/O port: a machine instruction.
outsw           library   Write several 16-bit values to an I/O port: a machine instruction.
outw            library   Write 16 bits to an I/O port: one machine instruction, allowed by ioperm or iopl.
outw_p          library   As outw, with a pause.
sbrk            library   Grow or shrink the heap by an increment; made of brk.
setcontext      library   Restore registers and signal mask in user space; the counterpart of getcontext.
sethostid       library   Write the file that gethostid reads.
statvfs         library   File system statistics by path; made of statfs.

intro           overview  What section 2 is about.
ioctl_list      overview  The requests of ioctl.
msgop           overview  Sending and receiving System V messages: msgsnd and msgrcv.
obsolete        overview  Calls that a newer one has replaced.
path_resolution overview  How the kernel finds the file that a path names.
select_tut      overview  How to write a program around select and pselect.
shmop           overview  Attaching and detaching System V shared memory: shmat and shmdt.
spufs           overview  The file system behind spu_create and spu_run, on the Cell processor.
syscalls        overview  The list of all calls.
undocumented    overview  Calls that no manual describes.
unimplemented   overview  Names with a number and nothing behind it.

_syscall        removed   Macros that wrote a call's stub, gone from the kernel's headers; use syscall.
_sysctl         removed   Gone in 5.5; kernel parameters are files below /proc/sys.
alloc_hugepages removed   Came and went within 2.5; use mmap with MAP_HUGETLB.
bdflush         removed   Gone in 5.15, without effect since 2.6; the kernel writes dirty buffers by itself.
clone2          removed   The clone of IA-64, which left the kernel in 6.7.
create_module   removed   Gone in 2.6; use init_module or finit_module.
free_hugepages  removed   Came and went within 2.5; use munmap.
get_kernel_syms removed   Gone in 2.6; symbols are in /proc/kallsyms.
getunwind       removed   Unwind data of IA-64, which left the kernel in 6.7.
idle            removed   Made the first process the idle task; gone in 2.3.13.
lookup_dcookie  removed   Went with the old OProfile driver in 5.12; use perf_event_open.
nfsservctl      removed   Gone in 3.1; the NFS server is controlled through files of the nfsd file system.
perfctr         removed   Performance counters of SPARC, gone in 2.6.34; use perf_event_open.
perfmonctl      removed   Performance counters of IA-64, gone in 5.10; use perf_event_open.
query_module    removed   Gone in 2.6; modules are in /proc/modules and /sys/module.
setup           removed   Mounted the root file system for the first process; gone in 2.2.
sysctl          removed   The C library's function for _sysctl, gone with it; use the files below /proc/sys.
timerfd         removed   Gone in 2.6.25; timerfd_create, timerfd_settime and timerfd_gettime do its work.
uselib          removed   Loaded a.out shared libraries; gone in 6.16, and optional for long before.

spill           call      Write the register windows to the stack; done before the kernel looks at its table.
xtensa          call      Atomic operations on memory; done before the kernel looks at its table.

afs_syscall     never     A number kept for the AFS file system.
break           never     A number kept from early Unix.
dipc            never     A number kept on Alpha for distributed System V IPC.
epoll_ctl_old   never     A number kept on x86-64 for a draft of epoll_ctl.
epoll_wait_old  never     A number kept on x86-64 for a draft of epoll_wait.
exec_with_loader never    A number kept on Alpha from OSF/1.
fattch          never     STREAMS, which Linux does not have: give a STREAM a name in the file system.
fdetach         never     STREAMS, which Linux does not have: take a STREAM's name away.
ftime           never     A number kept from early Unix.
getmsg          never     STREAMS, which Linux does not have: receive a message.
getpmsg         never     STREAMS, which Linux does not have: receive a message of a priority band.
gtty            never     A number kept from early Unix; terminal modes are read with ioctl.
isastream       never     STREAMS, which Linux does not have: ask whether a descriptor is one.
lock            never     A number kept from early Unix; nothing has ever answered it.
mpx             never     A number kept from early Unix: multiplexed files.
multiplexer     never     A number kept on PowerPC.
prof            never     A number kept from early Unix: profiling.
profil          never     A number kept from early Unix; the C library uses setitimer.
putmsg          never     STREAMS, which Linux does not have: send a message.
putpmsg         never     STREAMS, which Linux does not have: send a message of a priority band.
security        never     A number kept on x86-64 for security modules; see lsm_get_self_attr.
stty            never     A number kept from early Unix; terminal modes are set with ioctl.
tux             never     What manuals call tuxcall, a number kept for a web server in the kernel.
tuxcall         never     A number kept on x86-64, Alpha and PowerPC for a web server in the kernel.
ulimit          never     A number kept from early Unix; the C library uses getrlimit and setrlimit.
vserver         never     A number kept for the Linux-VServer patches; namespaces do that work today.
"""

KINDS: dict[str, tuple[str, str]] = {
    name: (kind, text) for name, kind, text in (line.split(None, 2) for line in _LINES.splitlines() if line)
}
