/* The C part of tools/soak.py: the allocating threads of the tests, and numbered signals. */
#include "../tests/support/native.c"

#include <errno.h>

/* In memory that is shared with the sender. */
struct seen {
    long long received;
    long long missing;      /* numbers that were left out */
    long long repeated;     /* numbers that came twice or late */
    long long in_child;     /* handlers that ran in another process */
    long long last;         /* number */
    long long round;        /* children made so far */
};

static struct seen *seen;
static pid_t owner;

/* Real-time signals are queued, and those of one kind arrive in order: a gap is a loss. */
static void count(int number, siginfo_t *info, void *context)
{
    long long value = info->si_value.sival_int;
    (void)number, (void)context;
    if (syscall(SYS_getpid) != owner) {
        __atomic_add_fetch(&seen->in_child, 1, __ATOMIC_RELAXED);
        return;
    }
    if (value <= seen->last) {
        seen->repeated++;
        return;
    }
    seen->missing += value - seen->last - 1;
    seen->last = value;
    seen->received++;
}

/* Without SA_RESTART, so that the signal interrupts everything that can be interrupted. */
int count_signals(int number, struct seen *place)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = count;
    action.sa_flags = SA_SIGINFO;
    seen = place;
    owner = getpid();
    return sigaction(number, &action, NULL) == 0 ? 0 : errno;
}

int send_numbered(int pid, int number, int value)
{
    return sigqueue(pid, number, (union sigval){.sival_int = value}) == 0 ? 0 : errno;
}
