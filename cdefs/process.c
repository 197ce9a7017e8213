#ifdef __GLIBC__
/* glibc has it since 2.32. A weak reference: what is built for an older one, as wheels are, uses it in a newer one. */
extern char __libc_single_threaded __attribute__((weak));
#endif

/* ---- the C library's idea of the thread, which a raw clone leaves wrong in the child ---- */

struct thread_cache {
    int *tid;               /* where the C library caches the thread id; NULL: not known */
    void *robust_list;      /* struct robust_list_head */
    size_t robust_size;
};

/* Ids of the process and the thread, which an error keeps: a call for each would cost an error a tenth of what it
   costs otherwise. 0: not known. */
static _Thread_local struct {
    int process, thread;
} caller;

/* In a child, whose only thread this is. */
static void forget_caller(void)
{
    caller.process = 0;
}

#ifdef __GLIBC__
#include <dlfcn.h>

/* What libthread_db reads to find the id in a struct pthread: the field's size in bits, count and offset. */
static const uint32_t *described_tid(void)
{
    static _Atomic(const uint32_t *) known;
    static _Atomic int looked;
    if (!looked) {
        known = dlsym(RTLD_DEFAULT, "_thread_db_pthread_tid");
        looked = 1;
    }
    return known;
}

/* In glibc's struct pthread the id is before the head of the robust list. Between them there is a word, in
   older versions or as padding, and, where the list is linked both ways, a pointer, of which one half could look
   like an id. The word with this thread's id is the field. (PR_GET_TID_ADDRESS returns another address since
   glibc 2.42, and in musl.) A thread may have no list: a library may register it only when it is needed. */
static int *cached_tid(int *head)
{
    int tid = (int)syscall(NR_gettid), nearest = sizeof(void *) == 8 ? 4 : 1;
    for (int words = nearest; head && words <= 4; words++)
        if (head[-words] == tid)
            return head - words;
    const uint32_t *field = described_tid();
    if (field && field[0] == 8 * sizeof(int)) {
        int *place = (int *)((char *)pthread_self() + field[2]);
        if (*place == tid)
            return place;
    }
    return NULL;
}
#else
/* In musl's struct pthread it is before errno. musl's raise() and abort() signal that id. */
static int *cached_tid(int *head)
{
    int *place = &errno - 1;
    (void)head;
    return *place == (int)syscall(NR_gettid) ? place : NULL;
}
#endif

/* In the caller, because dlsym() may take a lock, which a copy could find locked forever. */
static struct thread_cache thread_cache(void)
{
    struct thread_cache cache = {NULL, NULL, 0};
    if (syscall(NR_get_robust_list, 0, &cache.robust_list, &cache.robust_size) != 0)
        cache.robust_list = NULL;
    cache.tid = cached_tid(cache.robust_list);
    return cache;
}

/* In the child: does what the C library's fork does there after its clone. */
static void renew_thread_cache(const struct thread_cache *cache, uint64_t flags)
{
    forget_caller();
    if (cache->tid) {
        *cache->tid = (int)syscall(NR_gettid);
#ifdef __GLIBC__
        if (!(flags & CLONE_CHILD_CLEARTID))    /* the caller's address must stay registered */
            syscall(NR_set_tid_address, cache->tid);
#else
        (void)flags;
#endif
    }
    if (cache->robust_list) {
        void **head = cache->robust_list;   /* list.next, futex_offset, list_op_pending */
        head[0] = head;
        head[2] = NULL;
        syscall(NR_set_robust_list, head, cache->robust_size);
    }
}

long pysys_threads(void)
{
#ifdef __GLIBC__
    if (&__libc_single_threaded && __libc_single_threaded)
        return 1;
#endif
    struct stat task;
    if (stat("/proc/self/task", &task) != 0 || task.st_nlink < 3)
        return 0;
    return (long)task.st_nlink - 2;
}

/* unshare and setns move only later children of a thread. The link leads nowhere while the namespace has no
   process, and is missing before Linux 4.12. If it cannot be read, the middle process finds out. */
int pysys_children_elsewhere(void)
{
    struct stat here, there;
    if (stat("/proc/thread-self/ns/pid", &here) != 0 ||
        lstat("/proc/thread-self/ns/pid_for_children", &there) != 0)
        return 0;
    if (stat("/proc/thread-self/ns/pid_for_children", &there) != 0)
        return errno == ENOENT;
    return here.st_ino != there.st_ino;
}

/* ---- the raw calls ---- */

static long raw_clone(uint64_t flags, int *parent_tid, int *child_tid)
{
#ifdef __sparc__
    /* There the child gets its parent's id, and a second register, which syscall() drops, tells the two
       apart. */
    (void)flags, (void)parent_tid, (void)child_tid;
    errno = ENOSYS;
    return -1;
#else
    pysys_word zero = 0;
    return syscall(NR_clone, PYSYS_CLONE_ORDER((pysys_word)flags, zero, zero, (pysys_word)(uintptr_t)parent_tid,
                                               (pysys_word)(uintptr_t)child_tid, zero));
#endif
}

/* Issues a clone3 that no kernel can grant: EINVAL is from the kernel itself, anything else from a filter. */
int pysys_clone3_is_filtered(void)
{
#ifdef NR_clone3
    int error = errno;      /* of the call whose failure is being explained */
    int filtered = syscall(NR_clone3, NULL, 0) == -1 && errno != EINVAL;
    errno = error;
    return filtered;
#else
    return 1;
#endif
}

static long raw_clone3(void *args, size_t size)
{
#if defined(NR_clone3) && !defined(__sparc__)
    return syscall(NR_clone3, args, size);
#else
    (void)args, (void)size;
    errno = ENOSYS;
    return -1;
#endif
}

static long raw_fork(void)
{
#if defined(NR_fork) && !defined(__sparc__)
    return syscall(NR_fork);
#else
    errno = ENOSYS;
    return -1;
#endif
}

/* Issues the call, or the clone that is the same request. Returns -1 and sets errno, like the C library. */
static long issue(struct pysys_create *r)
{
    long pid;
    if (r->call == PYSYS_LIBC_FORK)
        return fork();
    if (r->call == PYSYS_FORK) {
        pid = raw_fork();
        if (pid != -1 || errno != ENOSYS || !r->fallback)
            return pid;
    } else if (r->call == PYSYS_CLONE3) {
        pid = raw_clone3(r->args, r->size);
        /* EPERM may be a filter's. If it is the kernel's, the same request through clone gets it again. */
        if (pid != -1 || (errno != ENOSYS && errno != EPERM) || !r->fallback)
            return pid;
    }
    return raw_clone(r->flags, r->parent_tid, r->child_tid);
}

/* ---- addresses of the caller that may be wrong ---- */

/* The kernel copies, and answers EFAULT where the processor would raise SIGSEGV. */
static int kernel_copy(void *to, const void *from, size_t size)
{
    struct iovec target = {to, size}, source = {(void *)(uintptr_t)from, size};
    ssize_t done = process_vm_writev(getpid(), &source, 1, &target, 1, 0);
    int pipe_ends[2];
    if (done == -1 && errno != EFAULT && pipe2(pipe_ends, O_CLOEXEC) == 0) {    /* missing, or filtered */
        done = write(pipe_ends[1], from, size) == (ssize_t)size ? read(pipe_ends[0], to, size) : -1;
        int reason = errno;
        close(pipe_ends[0]);
        close(pipe_ends[1]);
        errno = reason;
    }
    if (done >= 0 && done < (ssize_t)size)
        errno = EFAULT;
    return done == (ssize_t)size ? 0 : -1;
}

static int is_writable(int *place)
{
    int value;
    return kernel_copy(&value, place, sizeof value) == 0 && kernel_copy(place, &value, sizeof value) == 0;
}

/* ---- the child, until the caller knows of it ---- */

static int wants_pidfd(const struct pysys_create *r)
{
    return (r->flags & CLONE_PIDFD) != 0;
}

/* Where the caller wants the pidfd and the child's id. */
static int *pidfd_place(const struct pysys_create *r)
{
    if (r->call == PYSYS_CLONE3)
        return (int *)(uintptr_t)((struct pysys_clone_args *)r->args)->pidfd;
    return r->parent_tid;
}

static int *parent_tid_place(const struct pysys_create *r)
{
    if (!(r->flags & CLONE_PARENT_SETTID))
        return NULL;
    if (r->call == PYSYS_CLONE3)
        return (int *)(uintptr_t)((struct pysys_clone_args *)r->args)->parent_tid;
    return r->parent_tid;
}

/* Runs before any Python code can. The kernel has written to these addresses, so they are valid. */
static void record(struct pysys_create *r, long pid)
{
    r->maker = getpid();
    r->pid = (int)pid;
    r->pidfd = wants_pidfd(r) ? *pidfd_place(r) : -1;
}

/* Signals only a child of this process, ended or not: after it was reaped elsewhere its id may be another
   process's. The parent of this process reaps a child that was made with CLONE_PARENT. */
static void end_child(pid_t pid, uint64_t flags)
{
    siginfo_t info;
    if (flags & CLONE_PARENT)
        kill(pid, SIGKILL);
    else if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0 && kill(pid, SIGKILL) == 0)
        reap(pid);
}

void pysys_abandon(struct pysys_create *r)
{
    if (r->pid <= 0 || r->maker != getpid())    /* no child; or this is a copy, in a child */
        return;
    end_child(r->pid, r->flags);
    if (r->pidfd != -1) {
        close(r->pidfd);
        *pidfd_place(r) = -1;
    }
    r->pid = 0;
    r->pidfd = -1;
}

/* ---- one step: the caller is the only thread, so no lock is held that the child would wait for ---- */

static long one_step(struct pysys_create *r, const struct thread_cache *cache)
{
    long pid = issue(r);
    if (pid == -1)
        return -errno;
    if (pid == 0)
        renew_thread_cache(cache, r->flags);
    else
        record(r, pid);
    return pid;
}

/* ---- two steps: fork() takes and repairs the C library's locks, and its child, which has one thread,
   makes the requested process as a sibling ---- */

struct report {             /* shared by the caller and the middle process */
    int pid;                /* the kernel writes it if it can, in case the middle process is killed */
    int error;
};

static long send_descriptor(int channel, int descriptor)
{
    union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int))]; } control;
    char byte = 0;
    struct iovec data = {&byte, 1};
    struct msghdr message = {0};
    memset(&control, 0, sizeof control);
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(&control.header), &descriptor, sizeof(int));
    return sendmsg(channel, &message, MSG_NOSIGNAL);
}

/* Returns the descriptor that has been sent; or -1, and sets errno. */
static int receive_descriptor(int channel[2])
{
    union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int))]; } control;
    char byte;
    struct iovec data = {&byte, 1};
    struct msghdr message = {0};
    int descriptor = -1;
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    close(channel[1]);      /* so that a descriptor is free for the one that arrives */
    channel[1] = -1;
    if (recvmsg(channel[0], &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) == -1)
        return -1;
    if (message.msg_controllen >= CMSG_LEN(sizeof(int)))
        memcpy(&descriptor, CMSG_DATA(&control.header), sizeof(int));
    else
        errno = EMFILE;     /* it is left out, and only a flag says so */
    return descriptor;
}

static int receive_pidfd(int channel[2], int pid)
{
    int descriptor = receive_descriptor(channel);
    if (descriptor == -1)   /* the middle process was killed, or may not send */
        descriptor = (int)syscall(NR_pidfd_open, pid, 0);
    return descriptor;
}

/* In the middle process: issues the request, but with the caller as parent. The pidfd goes into this
   process's descriptor table, the id into the report. */
static long issue_as_sibling(struct pysys_create *r, int *pidfd, int *id)
{
    struct pysys_create again = *r;
    again.flags |= CLONE_PARENT;
    if (r->call == PYSYS_CLONE && wants_pidfd(r)) {
        /* clone3 can return both, and the id has to be known even if this process is killed while it waits.
           If it makes no child, clone finds out why. */
        struct pysys_clone_args both = {0};
        both.flags = (again.flags & ~(uint64_t)0xFF) | CLONE_PARENT_SETTID;
        both.pidfd = (uintptr_t)pidfd;
        both.parent_tid = (uintptr_t)id;
        both.child_tid = (uintptr_t)r->child_tid;
        long pid = raw_clone3(&both, offsetof(struct pysys_clone_args, set_tid));
        if (pid != -1)
            return pid;
    }
    if (wants_pidfd(r)) {           /* clone has one argument for the two */
        again.parent_tid = pidfd;
    } else {
        again.parent_tid = id;
        again.flags |= CLONE_PARENT_SETTID;
    }
    if (r->call == PYSYS_FORK)      /* only clone can name the parent */
        again.call = PYSYS_CLONE;
    if (r->call == PYSYS_CLONE3 && r->size >= offsetof(struct pysys_clone_args, set_tid)) {
        struct pysys_clone_args *head = r->args;    /* this process's copy of the memory */
        head->flags |= CLONE_PARENT | CLONE_PARENT_SETTID;
        head->parent_tid = (uintptr_t)id;
        head->exit_signal = 0;                  /* with CLONE_PARENT it is inherited, and must be 0 here */
        if (head->flags & CLONE_PIDFD)
            head->pidfd = (uintptr_t)pidfd;
    }
    return issue(&again);
}

struct two_steps {              /* what the caller keeps between the first step and the second */
    struct report *report;
    int channel[2];             /* for the pidfd, or -1 */
    pid_t middle;
    int middle_pidfd;
};

static void clear_up(struct two_steps *steps)
{
    for (int i = 0; i < 2; i++)
        if (steps->channel[i] != -1)
            close(steps->channel[i]);
    if (steps->middle_pidfd != -1)
        close(steps->middle_pidfd);
    if (steps->report != MAP_FAILED)
        munmap(steps->report, sizeof *steps->report);
}

/* Returns the middle process's id, 0 in the requested child, or minus the errno. */
static long begin_two_steps(struct pysys_create *r, const struct thread_cache *cache, struct two_steps *steps)
{
    signal_set signals;
    int *channel = steps->channel;
    struct report *report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    steps->report = report;
    steps->middle = steps->middle_pidfd = channel[0] = channel[1] = -1;
    if (report == MAP_FAILED ||
        (wants_pidfd(r) && (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) != 0 ||
                            !is_writable(pidfd_place(r)))) ||
        block_signals(&signals) == -1) {
        long result = -errno;
        clear_up(steps);
        return result;
    }
    report->error = EAGAIN;         /* stays if the middle process is killed before it can report */
    pid_t middle = fork();
    long result = middle == -1 ? -errno : middle;
    if (middle == 0) {
        int pidfd = -1;
        long pid = -1;
        errno = EINVAL;
        if (getppid() != 0)         /* otherwise setns sent it to another pid namespace, with other ids */
            pid = issue_as_sibling(r, &pidfd, &report->pid);
        if (pid == 0) {
            renew_thread_cache(cache, r->flags);
            clear_up(steps);
            restore_signals(&signals);
            return 0;
        }
        if (pid == -1)
            report->error = errno;
        else
            report->pid = (int)pid;
        if (pidfd != -1)
            send_descriptor(channel[1], pidfd);
        _exit(0);
    }
    restore_signals(&signals);
    if (middle == -1) {
        clear_up(steps);
        return result;
    }
    steps->middle = middle;
    /* It may live as long as a vfork's child. Meanwhile Python code runs in hooks and other threads, and may
       reap it; then its id may become another process's. */
    if (r->flags & CLONE_VFORK)
        steps->middle_pidfd = (int)syscall(NR_pidfd_open, middle, 0);
    return result;
}

#define WAITID_P_PIDFD 3

static void reap_middle(const struct two_steps *steps)
{
    siginfo_t info;
    int answer = -1;
    errno = EINVAL;
    if (steps->middle_pidfd != -1)
        do
            answer = (int)syscall(NR_waitid, WAITID_P_PIDFD, steps->middle_pidfd, &info, WEXITED | __WALL, NULL);
        while (answer == -1 && errno == EINTR);
    if (answer == -1 && errno == EINVAL)    /* no pidfd, or before Linux 5.4 */
        reap(steps->middle);
}

/* Returns the child's id, or minus the errno. */
static long finish_two_steps(struct pysys_create *r, struct two_steps *steps)
{
    reap_middle(steps);
    int pid = steps->report->pid;
    long result = pid ? pid : -steps->report->error;
    int *place = parent_tid_place(r);   /* it may be wrong; the kernel ignores that */
    if (pid && place && kernel_copy(place, &pid, sizeof pid) == -1 && errno != EFAULT)
        *place = pid;
    if (pid && wants_pidfd(r)) {
        int pidfd = receive_pidfd(steps->channel, pid);
        if (pidfd == -1) {      /* as in one step, there must be no child then */
            result = -errno;
            end_child(pid, r->flags);
        } else {
            *pidfd_place(r) = pidfd;
        }
    }
    if (result > 0)
        record(r, pid);
    clear_up(steps);
    return result;
}

/* ---- CLONE_VM: a native function on a separate stack, in the same memory ---- */

struct native {
    int (*fn)(void *);
    void *arg;
    uint64_t flags;
    signal_set signals;
};

static int native_child(void *context)
{
    struct native native = *(struct native *)context;
    if (!(native.flags & CLONE_SIGHAND))
        default_caught_signals();
    restore_signals(&native.signals);
    return native.fn(native.arg);
}

static long clone_native(struct pysys_create *r)
{
#ifdef __hppa__
    return r->fn ? -ENOSYS : 0;     /* its stacks grow up */
#endif
    /* The top of the stack, aligned for every ABI; below it the child's context, which has to outlive this
       call. */
    uintptr_t top = ((uintptr_t)r->stack + r->stack_size) & ~(uintptr_t)63;
    size_t reserved = (sizeof(struct native) + 63) & ~(size_t)63;
    if (top < (uintptr_t)r->stack + reserved + 1024)
        return -EINVAL;
    /* Below that the C library stores what the child starts with. */
    char *native = (char *)(top - reserved), start[sizeof(struct native) + 512];
    memset(start, 0, sizeof start);
    if (kernel_copy(native - 512, start, sizeof start) == -1)
        return -errno;
    struct native context = {r->fn, r->arg, r->flags, {{0}}};
    if (block_signals(&context.signals) == -1)
        return -errno;
    memcpy(native, &context, sizeof context);
    int pid = clone(native_child, native, (int)r->flags, native, r->parent_tid, NULL, r->child_tid);
    long result = pid == -1 ? -errno : pid;
    restore_signals(&context.signals);
    if (result > 0)
        record(r, result);
    return result;
}

/* ---- the entry point ---- */

/* Only a child calls it, and each child would have the dynamic linker look for it. Through a variable it is found
   when this is loaded. */
static void (*const volatile after_fork_child)(void) = PyOS_AfterFork_Child;

/* What is left to do when the GIL is released: a vfork's child that a middle process made is waited for. */
struct suspended {
    int waits;
    struct two_steps steps;
};

/* Issues a request that runs in its own memory, with CPython's hooks around it. The caller holds the GIL. */
static long create_with_gil(struct pysys_create *r, struct suspended *suspended)
{
    int hooks = r->fn == NULL;      /* only a child that runs Python needs them */
    long pid;
    struct thread_cache cache = {NULL, NULL, 0};
    r->child = r->pid = 0;
    r->pidfd = -1;
    suspended->waits = 0;
    if (r->call != PYSYS_LIBC_FORK)
        cache = thread_cache();
    if (hooks)
        PyOS_BeforeFork();
    r->threads = pysys_threads();
    if (r->one_step && r->threads > 1) {
        pid = PYSYS_THREAD_STARTED;
    } else if (r->call == PYSYS_LIBC_FORK || r->one_step || r->threads == 1) {
        pid = one_step(r, &cache);
    } else {
        pid = begin_two_steps(r, &cache, &suspended->steps);
        suspended->waits = pid > 0 && r->flags & CLONE_VFORK;
        if (pid > 0 && !suspended->waits)
            pid = finish_two_steps(r, &suspended->steps);
    }
    r->child = pid == 0;
    if (pid == 0 && r->fn)
        _exit(r->fn(r->arg));
    if (hooks) {
        if (pid == 0)
            after_fork_child();
        else
            PyOS_AfterFork_Parent();
    }
    return pid;
}

/* Runs CPython's hooks for the parent before it waits for a vfork's child, so that other Python threads
   continue. */
long pysys_create(struct pysys_create *r)
{
    struct suspended suspended;
    if (r->fn && (r->flags & CLONE_VM)) {
        r->child = r->pid = 0;
        r->pidfd = -1;
        return clone_native(r);
    }
    PyGILState_STATE gil = PyGILState_Ensure();
    long pid = create_with_gil(r, &suspended);
    PyGILState_Release(gil);
    return suspended.waits ? finish_two_steps(r, &suspended.steps) : pid;
}
