/* Calls made in a child, to see whether the kernel answers them or a filter. */

/* Values of `state` in struct pysys_probe. */
#define PYSYS_PROBE_BEGUN 1
#define PYSYS_PROBE_RETURNED 2
#define PYSYS_PROBE_TRAPPED 3           /* by SIGSYS, which a filter has sent */
/* What the child sets for itself, if the filter lets it: bits of `settings`. */
#define PYSYS_PROBE_SIGNALS 1           /* a handler of SIGSYS, and SIGALRM's default */
#define PYSYS_PROBE_MASK 2              /* lets these two in */
#define PYSYS_PROBE_PARENT 4            /* ends with the parent */
#define PYSYS_PROBE_NO_CORE 8           /* leaves no core file */
#define PYSYS_PROBE_NO_NEW_PRIVS 16     /* as some calls ask for it before they look at their arguments */
#define PYSYS_PROBE_TIMER 32            /* ends if a call does not return */
#define PYSYS_PROBE_SETTINGS 63
#define PYSYS_PROBE_WALL 0x40000000     /* __WALL: for waiting */

struct pysys_probe {
    int64_t number;
    int64_t args[6];
    int64_t result;             /* minus the errno; of a trap, the data that the filter returned */
    int forks;                  /* the call returns twice, 0 in a child, which ends */
    int state;
};

struct pysys_probing {
    int pid;                    /* the child's, until the caller has reaped it */
    unsigned next;              /* the call that comes next */
    unsigned count;
    unsigned settings;
    unsigned setting;           /* the one that the child is making; 0: none */
    unsigned milliseconds;      /* that a call may take */
};

/* Makes a child that makes the calls from `next` on, and ends. Both structures lie in memory that it shares.
   It sends no signal when it ends, and only __WALL waits for it. Returns its id, or minus the errno. */
long pysys_probe(struct pysys_probing *probing, struct pysys_probe *calls);
