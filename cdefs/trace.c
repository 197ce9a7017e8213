#define TRACE_GET_SYSCALL_INFO 0x420e
#define TRACE_AT_SECCOMP (7 << 8)       /* PTRACE_EVENT_SECCOMP, above the signal */

int pysys_next_stop(struct pysys_stop *stop, int resume, long request, long signal, int only)
{
    /* ESRCH: it is being killed, and its end comes next. */
    if (resume)
        syscall(NR_ptrace, request, (long)resume, 0L, signal);
    if (!only) {
        /* Children of other threads, and those that are not traced, are not for us to reap. */
        siginfo_t seen;
        memset(&seen, 0, sizeof seen);
        if (waitid(P_ALL, 0, &seen, WEXITED | WSTOPPED | WNOWAIT | __WALL | __WNOTHREAD) == -1)
            return -errno;
        stop->tid = only = seen.si_pid;
        stop->code = seen.si_code;
        if (seen.si_code != CLD_TRAPPED)
            return 0;
    }
    int status = 0, found = waitpid(only, &status, __WALL | __WNOTHREAD);
    if (found == -1)
        return -errno;
    stop->tid = found;
    stop->status = status;
    stop->has_info = 0;
    if ((status & 0xffff) == ((SIGTRAP | 0x80) << 8 | 0x7f) || status >> 8 == (SIGTRAP | TRACE_AT_SECCOMP))
        stop->has_info = syscall(NR_ptrace, (long)TRACE_GET_SYSCALL_INFO, (long)found, sizeof stop->info,
                                 stop->info) > 0;
    return 1;
}
