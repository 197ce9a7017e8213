/* fork, vfork, clone, clone3: a new process whose child returns to Python, or runs a native function. */

/* The call that pysys_create issues. */
#define PYSYS_LIBC_FORK 0
#define PYSYS_FORK 1
#define PYSYS_CLONE 2
#define PYSYS_CLONE3 3

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
    int fallback;            /* PYSYS_FORK, PYSYS_CLONE3: clone with the fields below says the same */
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
    long threads;            /* of this process just before the call; 0 if /proc cannot tell */
};

/* The child's process id, 0 in the child, or minus the errno; -EBUSY: one_step, and there are threads. */
long pysys_create(struct pysys_create *request);

/* The same for a request of these two fields; PYSYS_FORK falls back. It is cheaper: what Python code
   writes to around a fork, it copies page by page. */
long pysys_create_plain(int call, uint64_t flags);

/* Whether something other than the kernel answers clone3: 1 if so, or if there is no clone3. */
int pysys_clone3_is_filtered(void);

/* How many threads this process has, C's included; 0 if /proc cannot tell. */
long pysys_threads(void);

/* Whether this thread's children go into another pid namespace than its own. */
int pysys_children_elsewhere(void);
