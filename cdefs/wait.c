#include <linux/types.h>
#include <poll.h>
#include <sys/ioctl.h>

#define WAIT_P_PID 1
#define WAIT_P_PIDFD 3

/* The kernel's struct rusage: the C library's may have wider times. */
struct raw_rusage {
    __kernel_long_t user[2], system[2], counts[14];
};

/* struct pidfd_info as of Linux 6.13. */
struct kept_info {
    uint64_t mask, cgroup;
    uint32_t pid, tgid, ppid, ids[8];
    int32_t exit_code;          /* Linux 6.15 */
};
#define KEPT_GET _IOWR(0xFF, 11, struct kept_info)
#define KEPT_PID 0x1
#define KEPT_EXIT 0x8

/* The number of forks between the process that loaded this and this one. A struct of an earlier generation is a
   copy, perhaps of one that another thread was just using. */
static unsigned generation;

void pysys_forked(void)
{
    generation++;
}

/* Fills in a struct that had no process. parent: this process. */
static void child_started(struct pysys_child *child, int pid, int pidfd, int parent)
{
    child->pid = pid;
    child->pidfd = pidfd;
    child->parent = parent;
    child->generation = generation;
}

/* Whether this process started it, and not a process that this one was forked from. */
static int child_is_ours(const struct pysys_child *child)
{
    /* Both, because C code forks without Python's hooks, and a process 1 may be a child of another process 1. */
    return child->generation == generation && child->parent == getpid();
}

/* ---- its state ---- */

static int child_state(const struct pysys_child *child)
{
    return __atomic_load_n(&child->state, __ATOMIC_SEQ_CST);
}

static int has_returncode(int state)
{
    return state > PYSYS_DETACHED;
}

static int change_state(struct pysys_child *child, int *from, int to)
{
    return __atomic_compare_exchange_n(&child->state, from, to, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/* Returns 1: the returncode is set, by this call or another one; -ECHILD: it was handed over meanwhile. */
static long set_returncode(struct pysys_child *child, int returncode)
{
    int state = child_state(child);
    while (state == PYSYS_RUNS || state == PYSYS_LOST)
        if (change_state(child, &state, PYSYS_ENDED + returncode))
            return 1;
    return state == PYSYS_DETACHED ? -ECHILD : 1;
}

/* Copies what the process has used. Returns 0 if that is unknown. */
static int child_usage(const struct pysys_child *child, long long *usage)
{
    if (!__atomic_load_n(&child->has_usage, __ATOMIC_SEQ_CST))
        return 0;
    memcpy(usage, child->usage, sizeof child->usage);
    return 1;
}

/* ---- its pidfd ---- */

/* `uses` is a count, a bit that says that the last of them closes the pidfd, and their generation. All change at
   once: a thread that has not seen one of them change cannot undo it. */
#define LAST_CLOSES 0x8000u
#define GENERATION 0xffff0000u

/* Returns the pidfd, which stays open until done_with_pidfd. Uses that a fork has copied never end, so they do
   not count in another generation; nor does a close that waited for them, because the number may be that of
   another file by now. */
static int use_pidfd(struct pysys_child *child)
{
    unsigned none = generation << 16, uses = __atomic_load_n(&child->uses, __ATOMIC_SEQ_CST), more;
    do
        more = ((uses & GENERATION) == none ? uses : none) + 1;
    while (!__atomic_compare_exchange_n(&child->uses, &uses, more, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
    return __atomic_load_n(&child->pidfd, __ATOMIC_SEQ_CST);
}

static long done_with_pidfd(struct pysys_child *child)
{
    unsigned uses = __atomic_sub_fetch(&child->uses, 1, __ATOMIC_SEQ_CST);
    if ((uses & ~GENERATION) != LAST_CLOSES)
        return 0;
    int pidfd = __atomic_load_n(&child->closing, __ATOMIC_SEQ_CST);
    /* Where another call has begun, that one closes it. */
    if (!__atomic_compare_exchange_n(&child->uses, &uses, uses & GENERATION, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        return 0;
    return close(pidfd) == -1 ? -errno : 0;
}

/* Closes the pidfd, or has the last call that uses it close it. Returns 0, or minus the errno. */
static long child_close(struct pysys_child *child)
{
    use_pidfd(child);
    int pidfd = __atomic_exchange_n(&child->pidfd, -1, __ATOMIC_SEQ_CST);
    if (pidfd != -1) {
        __atomic_store_n(&child->closing, pidfd, __ATOMIC_SEQ_CST);
        __atomic_or_fetch(&child->uses, LAST_CLOSES, __ATOMIC_SEQ_CST);
    }
    return done_with_pidfd(child);
}

/* Hands the process over: the caller closes the pidfd and reaps. Returns the pidfd, or -1. */
static int child_detach(struct pysys_child *child)
{
    int state = child_state(child);
    while (!has_returncode(state) && !change_state(child, &state, PYSYS_DETACHED))
        ;
    return __atomic_exchange_n(&child->pidfd, -1, __ATOMIC_SEQ_CST);
}

/* Makes another descriptor of the same process the pidfd of `copy`. Returns 0, or minus the errno. */
static long child_duplicate(struct pysys_child *child, struct pysys_child *copy)
{
    int pidfd = use_pidfd(child);
    errno = EBADF;
    copy->pidfd = pidfd == -1 ? -1 : fcntl(pidfd, F_DUPFD_CLOEXEC, 0);
    long result = copy->pidfd == -1 ? -errno : 0;
    copy->parent = getpid();
    copy->generation = generation;
    done_with_pidfd(child);
    return result;
}

/* For a pidfd that was closed elsewhere: its number means no pidfd any more, or another process's. It must not
   be closed again. */
static void forget_pidfd(struct pysys_child *child, int pidfd)
{
    __atomic_compare_exchange_n(&child->pidfd, &pidfd, -1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/* Waits until the process has ended, through its pidfd, without reaping it; at most this many nanoseconds.
   Returns 1: it has ended; 0: not yet; minus the errno: EBADF without a pidfd. */
static long child_poll(struct pysys_child *child, long long timeout)
{
    struct pollfd file = {use_pidfd(child), POLLIN, 0};
    struct timespec time = {timeout / 1000000000, timeout % 1000000000};
    long result = -EBADF;
    if (file.fd != -1) {
        int ready = ppoll(&file, 1, &time, NULL);
        result = ready == -1 ? -errno : file.revents & POLLNVAL ? -EBADF : ready;
    }
    done_with_pidfd(child);
    return result;
}

/* ---- its end ---- */

/* Looks at a child, without reaping it: any number of threads can do so, and none has to pass on what it saw.
   Returns 1: it has ended, info and usage are set; 0: it runs; minus the errno. Sets *pidfd to -1 if it is
   useless. */
static long look(struct pysys_child *child, int *pidfd, int options, siginfo_t *info, struct raw_rusage *usage)
{
    options |= WEXITED | WNOWAIT | child->any_signal;
    info->si_pid = 0;
    if (*pidfd != -1) {
        int result = (int)syscall(NR_waitid, WAIT_P_PIDFD, *pidfd, info, options, usage);
        if (result == 0 && (info->si_pid == 0 || info->si_pid == child->pid))
            return info->si_pid != 0;
        if (result == 0 || errno == EBADF) {
            forget_pidfd(child, *pidfd);
            *pidfd = -1;
        } else if (errno != EINVAL && errno != EAGAIN) {    /* before Linux 5.4; it was made nonblocking */
            return -errno;
        }
    }
    /* The id means this child as long as it is not reaped. */
    if (child_state(child) == PYSYS_LOST)
        return -ECHILD;
    if (syscall(NR_waitid, WAIT_P_PID, child->pid, info, options, usage) == -1)
        return -errno;
    return info->si_pid != 0;
}

static int reap_by(int which, int id, int any_signal)
{
    siginfo_t info;
    int result;
    do
        result = (int)syscall(NR_waitid, which, id, &info, WEXITED | WNOHANG | any_signal, NULL);
    while (result == -1 && errno == EINTR);
    return result;
}

/* It has ended: records that for all threads, and then reaps. By its id only the thread that was first may do
   so: for a second one the id may mean another child by then. */
static long take(struct pysys_child *child, int pidfd, const siginfo_t *info, const struct raw_rusage *usage)
{
    int first = !__atomic_exchange_n(&child->taken, 1, __ATOMIC_SEQ_CST);
    if (first) {
        child->usage[0] = usage->user[0] * 1000000LL + usage->user[1];
        child->usage[1] = usage->system[0] * 1000000LL + usage->system[1];
        for (int i = 0; i < 14; i++)
            child->usage[2 + i] = usage->counts[i];
        __atomic_store_n(&child->core, info->si_code == CLD_DUMPED, __ATOMIC_SEQ_CST);
        __atomic_store_n(&child->has_usage, 1, __ATOMIC_SEQ_CST);
    }
    long result = set_returncode(child, info->si_code == CLD_EXITED ? info->si_status : -info->si_status);
    if (result == 1 && (pidfd == -1 || (reap_by(WAIT_P_PIDFD, pidfd, child->any_signal) == -1 && errno == EINVAL)) && first)
        reap_by(WAIT_P_PID, child->pid, child->any_signal);
    return result;
}

static int has_event(int pidfd, short event, long nanoseconds)
{
    struct pollfd file = {pidfd, event, 0};
    struct timespec time = {0, nanoseconds};
    return ppoll(&file, 1, &time, NULL) == 1;
}

/* The status, in the form of wait4, of a process that was reaped elsewhere, or by the kernel because SIGCHLD is
   ignored. The kernel answers ECHILD a moment before the status is available. */
static int kept_status(int pidfd, int *status)
{
    for (int tries = 0; tries < 100; tries++) {
        struct kept_info info = {.mask = KEPT_EXIT};
        if (ioctl(pidfd, KEPT_GET, &info) == -1)
            return 0;
        if (info.mask & KEPT_EXIT) {
            *status = info.exit_code;
            return 1;
        }
        if (info.ppid != (uint32_t)getpid() || !has_event(pidfd, POLLIN, 0))
            return 0;
        has_event(pidfd, 0, 1000000);   /* POLLHUP: it is gone */
    }
    return 0;
}

static long lost(struct pysys_child *child, int pidfd)
{
    int status, state = PYSYS_RUNS;
    /* Another thread that reaps it records the status before. */
    if (!has_returncode(child_state(child)) && pidfd != -1 && kept_status(pidfd, &status)) {
        __atomic_store_n(&child->core, WIFSIGNALED(status) && WCOREDUMP(status), __ATOMIC_SEQ_CST);
        return set_returncode(child, WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
    }
    change_state(child, &state, PYSYS_LOST);
    return has_returncode(child_state(child)) ? 1 : -ECHILD;
}

/* Waits until a child has ended, and reaps it; with WNOHANG does not wait. Returns 1: `state` has the returncode;
   0: it still runs; minus the errno: EINTR after a signal; ECHILD if it is not this process's child, was handed
   over, or was reaped elsewhere and its status is lost. */
static long child_reap(struct pysys_child *child, int options)
{
    siginfo_t info;
    struct raw_rusage usage;
    int state = child_state(child);
    if (has_returncode(state))
        return 1;
    if (state == PYSYS_DETACHED || !child->pid || !child_is_ours(child))
        return -ECHILD;
    int pidfd = use_pidfd(child);
    long result = look(child, &pidfd, options, &info, &usage);
    if (result == 1)
        result = take(child, pidfd, &info, &usage);
    else if (result == -ECHILD)
        result = lost(child, pidfd);
    done_with_pidfd(child);
    return result;
}

/* ---- signals ---- */

/* A process that was forked later may have closed its descriptors, and have another process's pidfd there. */
static int is_of(int pidfd, const struct pysys_child *child)
{
    struct kept_info info = {.mask = KEPT_PID};
    return child_is_ours(child) || ioctl(pidfd, KEPT_GET, &info) == -1 || info.pid == (uint32_t)child->pid;
}

/* If the child is not reaped yet after a descriptor was opened, the descriptor is the child's, and the signal
   cannot reach another process even if another thread reaps it now. */
static long signal_by_id(struct pysys_child *child, int number)
{
    siginfo_t info;
    struct raw_rusage usage;
    int none = -1;
    if (!child_is_ours(child))
        return -ECHILD;
    int pidfd = (int)syscall(NR_pidfd_open, child->pid, 0);
    long result = look(child, &none, WNOHANG, &info, &usage);
    long call = PYSYS_WAITID;
    if (result == 0 && child_state(child) == PYSYS_RUNS) {
        if (pidfd != -1) {
            call = 0;
            result = syscall(NR_pidfd_send_signal, pidfd, number, NULL, 0);
        } else {    /* before Linux 5.3, or there is no free descriptor */
            call = PYSYS_KILL;
            result = kill(child->pid, number);
        }
        result = result == -1 ? -errno : 0;
    }
    if (pidfd != -1)
        close(pidfd);
    if (result >= 0 || result == -ECHILD || result == -ESRCH)
        return 0;
    return result - call;
}

/* Sends a signal, never to another process. Returns 0: it was sent, or the process has ended; minus the errno,
   and minus PYSYS_WAITID or PYSYS_KILL: ECHILD without a pidfd for a process that is not this one's child or was
   handed over, because its id may mean another one. */
static long child_send_signal(struct pysys_child *child, int number)
{
    int state = child_state(child);
    if (has_returncode(state))
        return 0;
    if (state == PYSYS_DETACHED || !child->pid)
        return -ECHILD;
    int pidfd = use_pidfd(child);
    long result = -EBADF;
    if (pidfd == -1)
        result = signal_by_id(child, number);
    else if (is_of(pidfd, child))
        result = syscall(NR_pidfd_send_signal, pidfd, number, NULL, 0) == -1 ? -errno : 0;
    done_with_pidfd(child);
    return result == -ESRCH ? 0 : result;
}
