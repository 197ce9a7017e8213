#ifndef PR_SET_NO_NEW_PRIVS
#define PR_SET_NO_NEW_PRIVS 38
#endif

/* The call that the child is making, for its handler. */
static struct pysys_probe *volatile probed;

static void probe_trapped(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    struct pysys_probe *call = probed;
    if (call != NULL) {
        call->result = info->si_errno;
        call->state = PYSYS_PROBE_TRAPPED;
    }
}

/* Whether the child makes a setting; until it has, `setting` names it, in case that it ends the child. */
static int probe_sets(struct pysys_probing *probing, unsigned setting)
{
    probing->setting = probing->settings & setting;
    return probing->setting != 0;
}

/* The child starts with all signals blocked, so that no handler of this process runs in it. */
static void probe_settings(struct pysys_probing *probing)
{
    if (probe_sets(probing, PYSYS_PROBE_SIGNALS)) {
        /* The C library's, which knows how a handler returns: it takes no lock for this signal. */
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_sigaction = probe_trapped;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGSYS, &action, NULL);
        set_signal(SIGALRM, SIG_DFL);
    }
    if (probe_sets(probing, PYSYS_PROBE_MASK)) {
        signal_set most, one;
        memset(&most, 0xff, sizeof most);
        memset(&one, 0, sizeof one);
        add_signal(&one, SIGSYS);
        add_signal(&one, SIGALRM);
        for (size_t i = 0; i < sizeof most.words / sizeof *most.words; i++)
            most.words[i] &= ~one.words[i];
        set_signal_mask(&most, NULL);
    }
    if (probe_sets(probing, PYSYS_PROBE_PARENT))
        syscall(NR_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (probe_sets(probing, PYSYS_PROBE_NO_CORE))
        syscall(NR_prctl, PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (probe_sets(probing, PYSYS_PROBE_NO_NEW_PRIVS))
        syscall(NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static void probe_child(struct pysys_probing *probing, struct pysys_probe *calls)
{
    probe_settings(probing);
    while (probing->next < probing->count) {
        struct pysys_probe *call = &calls[probing->next];
        if (probe_sets(probing, PYSYS_PROBE_TIMER)) {
            struct {
                __kernel_long_t interval[2], value[2];
            } timer = {{0, 0}, {probing->milliseconds / 1000, probing->milliseconds % 1000 * 1000}};
            syscall(NR_setitimer, ITIMER_REAL, &timer, NULL);
        }
        probing->setting = 0;
        probing->next++;
        call->state = PYSYS_PROBE_BEGUN;
        probed = call;
        const int64_t *a = call->args;
        pysys_word result = pysys_syscall6((long)call->number, (pysys_word)a[0], (pysys_word)a[1],
                                           (pysys_word)a[2], (pysys_word)a[3], (pysys_word)a[4],
                                           (pysys_word)a[5]);
        probed = NULL;
        if (call->forks && result == 0)
            break;      /* the call's child; or a filter has answered, which `state` then shows */
#ifdef NR_wait4
        if (call->forks && result > 0)
            syscall(NR_wait4, (long)result, NULL, __WALL, NULL);
#endif
        if (call->state == PYSYS_PROBE_BEGUN) {
            call->result = result;
            call->state = PYSYS_PROBE_RETURNED;
        }
    }
    syscall(NR_exit_group, 0);
    syscall(NR_exit, 0);
    for (;;)
        __builtin_trap();       /* a filter refuses both */
}

long pysys_probe(struct pysys_probing *probing, struct pysys_probe *calls)
{
    signal_set signals;
    int blocked = block_signals(&signals) == 0;
    long pid = raw_clone(0, NULL, NULL);        /* a copy, whose end is not announced */
    if (pid == -1)
        pid = raw_fork();
    if (pid == 0) {
        if (!blocked)
            default_caught_signals();
        probe_child(probing, calls);
    }
    long result = pid == -1 ? -errno : pid;
    if (pid > 0)
        probing->pid = (int)pid;
    if (blocked)
        restore_signals(&signals);
    return result;
}
