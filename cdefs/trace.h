/* Tracing: a stopped thread goes on, and the next one stops. */

struct pysys_stop {
    int tid;                    /* the thread */
    int status;                 /* as waitpid gives it */
    int code;                   /* si_code, where `tid` may not be a traced thread */
    int has_info;               /* whether it has stopped at a call, and `info` was filled in */
    unsigned long long info[16];        /* struct ptrace_syscall_info */
};

/* Lets a stopped thread go on (0: none) with this request and signal, and waits for this one, or for any (0).

   Returns 1 when `stop` was filled in; 0 when `tid` and `code` are of a child that was not reaped, because it may be
   one that is not traced; minus the errno. */
int pysys_next_stop(struct pysys_stop *stop, int resume, long request, long signal, int only);
