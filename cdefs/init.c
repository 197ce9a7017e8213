#ifndef NR_rt_sigtimedwait
#define NR_rt_sigtimedwait NR_rt_sigtimedwait_time64
#endif

/* What a shell adds to the number of a signal that ended a program. Process 1 of a namespace cannot be ended by a
   signal from inside it, so it exits with that, too. */
#define ENDED_BY_SIGNAL 128

/* Otherwise whoever waits for the end of a pipe would wait for this process, and a file system that is in use here
   could not be unmounted. */
static void init_let_go(void)
{
    uint64_t limit[2] = {0, 0};
    syscall(NR_chdir, "/");
    if (syscall(NR_close_range, 0, UINT_MAX, 0) == 0)
        return;
    syscall(NR_prlimit64, 0, RLIMIT_NOFILE, NULL, limit);
    if (limit[0] < 1 << 20)
        limit[0] = 1 << 20;     /* it may have been lowered */
    for (uint64_t descriptor = 0; descriptor < limit[0] && descriptor < INT_MAX; descriptor++)
        syscall(NR_close, (int)descriptor);
}

/* Reaps what has ended, of which at first it waits for one or not; ends with the program. */
static void init_reap(pid_t program, int options)
{
    siginfo_t info;
    for (;; options = WNOHANG) {
        info.si_pid = 0;
        if (syscall(NR_waitid, P_ALL, 0, &info, WEXITED | options | __WALL, NULL) == -1 && errno != EINTR)
            syscall(NR_exit_group, 127);        /* a filter refuses that */
        if (info.si_pid == program)
            syscall(NR_exit_group, info.si_code == CLD_EXITED ? info.si_status : ENDED_BY_SIGNAL + info.si_status);
        if (info.si_pid == 0)
            return;
    }
}

/* Passes on what comes from outside the namespace, whose processes have no id in it. What the kernel sends is the
   terminal's, and goes to the whole group; the program is in it, too. */
static void init_pass_on(pid_t program, const siginfo_t *info)
{
    if (info->si_pid == 0 && info->si_code != SI_KERNEL)
        syscall(NR_kill, program, info->si_signo);
}

/* Process 1 from now on. All signals are blocked: one that is blocked is kept for process 1, also where its default
   action would not reach it. */
static void run_init(pid_t program)
{
    signal_set all;
    siginfo_t info;
    memset(&all, 0xff, sizeof all);
    /* Its memory is a copy of the parent's, which is not the program's to read. */
    syscall(NR_prctl, PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
    init_let_go();
    for (int options = WNOHANG;;) {
        init_reap(program, options);
        long number = syscall(NR_rt_sigtimedwait, &all, &info, NULL, sizeof all);
        if (number > 0 && number != SIGCHLD)
            init_pass_on(program, &info);
        else if (number == -1 && errno != EINTR && errno != EAGAIN)     /* refused: nothing is passed on */
            options = 0;
    }
}
