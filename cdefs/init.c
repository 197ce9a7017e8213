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

/* Frees the copy of the caller's data, which would grow with each page that the caller changes, and is not to be read
   by the program. What is used here stays: the stack, where errno is, and what files have. A page that is used all the
   same is zero. Without the caller's /proc all stays. */
static void init_free_memory(void)
{
    char buffer[2048];
    const uintptr_t kept[] = {(uintptr_t)buffer, (uintptr_t)&errno};
    uintptr_t ends[2] = {0, 0}, inode = 0;
    char rights[4] = "";
    int field = 0, at = 0;
    long size, maps = syscall(NR_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC);
    while (maps != -1 && (size = syscall(NR_read, maps, buffer, sizeof buffer)) > 0)
        for (long i = 0; i < size; i++) {       /* start-end rights offset device inode name */
            char c = buffer[i];
            uintptr_t digit = (uintptr_t)(c <= '9' ? c - '0' : c - 'a' + 10);
            if (c == '\n') {
                int holds = 0;
                for (int k = 0; k < 2; k++)
                    holds |= ends[0] <= kept[k] && kept[k] < ends[1];
                if (inode == 0 && rights[1] == 'w' && rights[3] == 'p' && !holds)
                    syscall(NR_madvise, ends[0], ends[1] - ends[0], MADV_DONTNEED);
                ends[0] = ends[1] = inode = 0;
                field = at = 0;
            } else if ((c == ' ' && field < 6) || (c == '-' && field == 0)) {
                field++;
            } else if (field < 2) {
                ends[field] = ends[field] << 4 | digit;
            } else if (field == 2 && at < 4) {
                rights[at++] = c;
            } else if (field == 5) {
                inode |= digit;
            }
        }
}

/* Reaps what has ended, of which at first it waits for one or not; ends with the program. */
static void init_reap(pid_t program, int options)
{
    siginfo_t info;
    for (;; options = WNOHANG) {
        info.si_pid = 0;
        if (syscall(NR_waitid, P_ALL, 0, &info, WEXITED | options, NULL) == -1 && errno != EINTR)
            syscall(NR_exit_group, 127);        /* a filter refuses that */
        if (info.si_pid == program)
            syscall(NR_exit_group, info.si_code == CLD_EXITED ? info.si_status : ENDED_BY_SIGNAL + info.si_status);
        if (info.si_pid == 0)
            return;
    }
}

/* Passes on what comes from outside the namespace, whose processes have no id in it. What the kernel sends is the
   terminal's, and goes to the whole group; the program is in it, too. But the end of a terminal goes to the session's
   leader alone. */
static void init_pass_on(pid_t program, const siginfo_t *info)
{
    int is_hangup = (info->si_signo == SIGHUP || info->si_signo == SIGCONT) && syscall(NR_getsid, 0) == 1;
    if (info->si_pid == 0 && (info->si_code != SI_KERNEL || is_hangup))
        syscall(NR_kill, program, info->si_signo);
}

/* Process 1 from now on. All signals are blocked: one that is blocked is kept for process 1, also where its default
   action would not reach it. */
static void run_init(pid_t program, int has_own_proc)
{
    signal_set all;
    siginfo_t info;
    memset(&all, 0xff, sizeof all);
    if (has_own_proc)
        init_free_memory();
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
