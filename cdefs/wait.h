/* A child's end, and signals to it, through its pidfd. */

struct pysys_ended {
    int returncode;             /* the exit status, or minus the signal */
    long long usage[16];        /* struct rusage: user and system time in microseconds, then its 14 counts */
};

/* Reaps a child, by pidfd, or by process id where pidfd is -1; only looks if options is WNOHANG. 1: done;
   0: it still runs; minus the errno: EINTR when a signal came, ECHILD when it is reaped already. */
long pysys_reap(int pidfd, int pid, int options, struct pysys_ended *ended);

/* Waits until the process has ended, without reaping it; nanoseconds. 1: ended; 0: not yet; minus the
   errno. */
long pysys_poll(int pidfd, long long timeout);

/* pidfd_send_signal: 0, or minus the errno. */
long pysys_send_signal(int pidfd, int number);
