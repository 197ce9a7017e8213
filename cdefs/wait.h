/* A child's end, and signals to it.

   What is known of a child is in one struct, which only C changes: a wait's result is there before a handler
   of a signal can run, and threads and handlers share it without a lock that one of them could keep. */

/* What `state` is, besides PYSYS_ENDED plus the returncode (the exit status, or minus the signal). */
#define PYSYS_RUNS 0
#define PYSYS_LOST 1            /* somebody else has reaped it */
#define PYSYS_DETACHED 2        /* handed over: it is somebody else's to reap */
#define PYSYS_ENDED 65536

struct pysys_child {
    int pid;                    /* 0: there is none yet */
    int pidfd;                  /* -1: none */
    int state;
    int parent;                 /* the process whose child it is, and its generation: see pysys_forked */
    unsigned generation;
    unsigned uses;              /* calls that the pidfd is in; in the upper half, the generation they are of */
    int closing;                /* a pidfd that the last of them closes; -1: none */
    int taken;                  /* a thread has seen the end first, and fills in what follows */
    int has_usage;
    long long usage[16];        /* struct rusage: user and system time in microseconds, then its 14 counts */
};

/* Fills in a zeroed struct. The process, if it is there yet, is a child of this one. */
void pysys_started(struct pysys_child *child, int pid, int pidfd);

/* To be called in the child of every fork: its generation is the next one. */
void pysys_forked(void);

/* Whether this process has started it, and not one that this one was forked from. */
int pysys_is_ours(const struct pysys_child *child);

/* Waits until a child has ended, and reaps it; only looks if options is WNOHANG. 1: `state` has the
   returncode; 0: it still runs; minus the errno: EINTR when a signal came; ECHILD when it is not to be waited
   for here, or was reaped elsewhere and its status is lost. */
long pysys_reap(struct pysys_child *child, int options);

/* Waits until the process has ended, through its pidfd, without reaping it; nanoseconds. 1: ended; 0: not
   yet; minus the errno: EBADF when there is no pidfd. */
long pysys_poll(struct pysys_child *child, long long timeout);

/* What the errno is of where it is not pidfd_send_signal's. */
#define PYSYS_WAITID 65536
#define PYSYS_KILL 131072

/* Sends a signal, never to another process. 0: sent, or there is nobody any more; minus the errno, and minus
   one of those above: ECHILD when there is no pidfd and it is not to be waited for here, so that its id says
   nothing. */
long pysys_send_signal(struct pysys_child *child, int number);

/* Copies what the process has used. 0: that is not known. */
int pysys_usage(const struct pysys_child *child, long long *usage);

/* Another descriptor of the same process becomes the pidfd of `copy`: 0, or minus the errno. */
long pysys_duplicate(struct pysys_child *child, struct pysys_child *copy);

/* Closes the pidfd, or has it closed by the last call that it is in: 0, or minus the errno. */
long pysys_close(struct pysys_child *child);

/* Gives the pidfd and the reaping away: the pidfd, or -1. */
int pysys_detach(struct pysys_child *child);
