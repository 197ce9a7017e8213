/* fork, vfork, clone, clone3: make a process that returns to Python, or runs a native function. */

/* The call that pysys_create issues. */
#define PYSYS_LIBC_FORK 0
#define PYSYS_FORK 1
#define PYSYS_CLONE 2
#define PYSYS_CLONE3 3
#define PYSYS_VFORK 4           /* create_plain's alone: clone with the audit event of a fork */

/* The kernel's struct clone_args, as of Linux 5.7. */
struct pysys_clone_args {
    uint64_t flags;
    uint64_t pidfd;
    uint64_t child_tid;
    uint64_t parent_tid;
    uint64_t exit_signal;
    uint64_t stack;
    uint64_t stack_size;
    uint64_t tls;
    uint64_t set_tid;
    uint64_t set_tid_size;
    uint64_t cgroup;
};

struct pysys_create {
    /* in */
    int call;
    int fallback;            /* PYSYS_FORK, PYSYS_CLONE3: clone with the fields below is the same request */
    int one_step;            /* never through a middle process: the flags share something with the caller */
    uint64_t flags;          /* clone's, the exit signal in the low byte */
    int *parent_tid;         /* also takes clone's pidfd */
    int *child_tid;
    void *args;              /* clone3's struct, of any size */
    size_t size;
    int (*fn)(void *);       /* the child's code; NULL: it returns to Python */
    void *arg;
    void *stack;             /* for CLONE_VM */
    size_t stack_size;
    /* out */
    int child;               /* 1 in the child */
    long threads;            /* of this process just before the call; 0: unknown, without /proc */
    int pid;                 /* of the child, in the process that made it, otherwise 0 */
    int pidfd;               /* if it was requested, otherwise -1 */
    int maker;               /* the process that made the child */
};

/* Not an errno: a hook has started a thread, which one_step does not allow. */
#define PYSYS_THREAD_STARTED -4096

/* Issues the request. Returns the child's process id, 0 in the child, minus the errno, or
   PYSYS_THREAD_STARTED. */
long pysys_create(struct pysys_create *request);

/* Ends and reaps the child, and closes its pidfd, for a caller that will not learn of it: a signal handler
   raised, or memory ran out. Does nothing if there is no child, as in the child itself. */
void pysys_abandon(struct pysys_create *request);

/* What create_plain (starts.c) returns besides: a refusal, and what is added to the id of a child that a process
   with threads has made. */
#define PYSYS_NOT_HERE -4097
#define PYSYS_ELSEWHERE -4098
#define PYSYS_BESIDE_THREADS 0x100000000

/* Whether a filter answers clone3 instead of the kernel; also 1 if there is no clone3. */
int pysys_clone3_is_filtered(void);

/* How many threads this process has, including those that C started; 0: unknown, without /proc. */
long pysys_threads(void);

/* Whether this thread's children go into another pid namespace than the thread is in. */
int pysys_children_elsewhere(void);
