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
    unsigned uses;              /* calls that use the pidfd; in the upper half, their generation */
    int closing;                /* a pidfd that the last of those calls closes; -1: none */
    int taken;                  /* a thread was the first to see the end, and fills in what follows */
    int has_usage;
    long long usage[16];        /* struct rusage: user and system time in microseconds, then its 14 counts */
};

/* Fills in a zeroed struct. The process, if there is one yet, is a child of this one. */
void pysys_started(struct pysys_child *child, int pid, int pidfd);

/* Is called in the child of every fork: its generation is the next one. */
void pysys_forked(void);

/* Whether this process started it, and not a process that this one was forked from. */
int pysys_is_ours(const struct pysys_child *child);

/* Waits until a child has ended, and reaps it; with WNOHANG does not wait. Returns 1: `state` has the returncode;
   0: it still runs; minus the errno: EINTR after a signal; ECHILD if it is not this process's child, was handed
   over, or was reaped elsewhere and its status is lost. */
long pysys_reap(struct pysys_child *child, int options);

/* Waits until the process has ended, through its pidfd, without reaping it; at most this many nanoseconds.
   Returns 1: it has ended; 0: not yet; minus the errno: EBADF without a pidfd. */
long pysys_poll(struct pysys_child *child, long long timeout);

/* Which call failed, if not pidfd_send_signal. */
#define PYSYS_WAITID 65536
#define PYSYS_KILL 131072

/* Sends a signal, never to another process. Returns 0: it was sent, or the process has ended; minus the errno,
   and minus one of those above: ECHILD without a pidfd for a process that is not this one's child or was handed
   over, because its id may mean another one. */
long pysys_send_signal(struct pysys_child *child, int number);

/* Copies what the process has used. Returns 0 if that is unknown. */
int pysys_usage(const struct pysys_child *child, long long *usage);

/* Makes another descriptor of the same process the pidfd of `copy`. Returns 0, or minus the errno. */
long pysys_duplicate(struct pysys_child *child, struct pysys_child *copy);

/* Closes the pidfd, or has the last call that uses it close it. Returns 0, or minus the errno. */
long pysys_close(struct pysys_child *child);

/* Hands the process over: the caller closes the pidfd and reaps. Returns the pidfd, or -1. */
int pysys_detach(struct pysys_child *child);
