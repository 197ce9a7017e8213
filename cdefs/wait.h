/* Child: waiting for a process, and signals to it.

   What is known about a child is in one struct, which only C changes: the result of a wait is there before a
   signal handler can run, and threads and handlers share it without a lock that one of them could keep. */

/* Values of `state`, besides PYSYS_ENDED plus the returncode (the exit status, or minus the signal). */
#define PYSYS_RUNS 0
#define PYSYS_LOST 1            /* it was reaped elsewhere, and its status is unknown */
#define PYSYS_DETACHED 2        /* handed over: the caller of detach() reaps it */
#define PYSYS_ENDED 65536

struct pysys_child {
    int pid;                    /* 0: there is no process yet */
    int pidfd;                  /* -1: none */
    int state;
    int parent;                 /* the process whose child it is, and its generation: see pysys_forked */
    unsigned generation;
    unsigned uses;              /* calls that use the pidfd, and their generation: see LAST_CLOSES */
    int closing;                /* the pidfd that the last of those calls closes, if `uses` says so */
    int taken;                  /* a thread was the first to see the end, and fills in what follows */
    int has_usage;
    int any_signal;             /* __WALL if it may have ended without a signal to its parent; else 0 */
    int core;                   /* 1: the kernel said that it dumped core */
    long long usage[16];        /* struct rusage: user and system time in microseconds, then its 14 counts */
};

/* Is called in the child of every fork: its generation is the next one. */
void pysys_forked(void);

/* Which call failed, if not pidfd_send_signal. */
#define PYSYS_WAITID 65536
#define PYSYS_KILL 131072
