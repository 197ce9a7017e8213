/* What the C files here use of the C library and the kernel. Headers may be older than the kernel, so the
   values that they lack are defined here. CFFI does not read this. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/types.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* The C library's syscall() takes words: where they have 32 bits, a wider value would be two of them, which ARM and
   others begin at an even register. The compiler refuses one here. */
#define WORD(value) (void)sizeof(char[sizeof(1 ? (value) : (value)) <= sizeof(pysys_word) ? 1 : -1])
#define WORDS1(a) WORD(a)
#define WORDS2(a, ...) WORD(a), WORDS1(__VA_ARGS__)
#define WORDS3(a, ...) WORD(a), WORDS2(__VA_ARGS__)
#define WORDS4(a, ...) WORD(a), WORDS3(__VA_ARGS__)
#define WORDS5(a, ...) WORD(a), WORDS4(__VA_ARGS__)
#define WORDS6(a, ...) WORD(a), WORDS5(__VA_ARGS__)
#define WORDS7(a, ...) WORD(a), WORDS6(__VA_ARGS__)
#define WORDS8(a, ...) WORD(a), WORDS7(__VA_ARGS__)
#define WORDS_OF(a, b, c, d, e, f, g, h, name, ...) name
#define syscall(...) \
    (WORDS_OF(__VA_ARGS__, WORDS8, WORDS7, WORDS6, WORDS5, WORDS4, WORDS3, WORDS2, WORDS1, )(__VA_ARGS__), \
     (syscall)(__VA_ARGS__))

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif
#ifndef PR_GET_TID_ADDRESS
#define PR_GET_TID_ADDRESS 40
#endif
#ifndef __WALL
#define __WALL 0x40000000
#endif
#ifndef __WNOTHREAD
#define __WNOTHREAD 0x20000000
#endif

/* An argument of a system call: wider than a long in the ABIs with 32-bit pointers in 64-bit registers. */
#if (defined(__x86_64__) && defined(__ILP32__)) || (defined(__mips__) && _MIPS_SIM == _ABIN32)
typedef long long pysys_word;
typedef unsigned long long pysys_uword;
#else
typedef long pysys_word;
typedef unsigned long pysys_uword;
#endif

/* ---- signals, through the kernel's calls. Between clone and exec no function of the C library may run that
   takes a lock, as sigaction does for SIGABRT (glibc since 2.41, musl): another thread may hold it ---- */

#ifdef __mips__
#define KERNEL_SIGNALS 128
#else
#define KERNEL_SIGNALS 64
#endif

typedef struct {
    unsigned long words[KERNEL_SIGNALS / 8 / sizeof(long)];
} signal_set;

static void add_signal(signal_set *set, int number)
{
    set->words[(size_t)(number - 1) / (8 * sizeof(long))] |= 1UL << (size_t)(number - 1) % (8 * sizeof(long));
}

static long set_signal_mask(const signal_set *mask, signal_set *before)
{
    return syscall(NR_rt_sigprocmask, SIG_SETMASK, mask, before, sizeof *mask);
}

/* Between a raw call and the exec, or the repair after it, a handler would run in an incomplete process.
   Returns 0; or -1, and sets errno, if a filter refuses. */
static int block_signals(signal_set *before)
{
    signal_set all;
    memset(&all, 0xff, sizeof all);
    return set_signal_mask(&all, before) == -1 ? -1 : 0;
}

static void restore_signals(const signal_set *before)
{
    set_signal_mask(before, NULL);
}

/* The kernel's struct sigaction, which differs between ABIs. Only the handler's position matters here. */
struct raw_sigaction {
    uintptr_t words[64 / sizeof(uintptr_t)];
};
#ifdef __mips__
#define HANDLER_WORD 1
#else
#define HANDLER_WORD 0
#endif

static long raw_sigaction(int number, const struct raw_sigaction *action, struct raw_sigaction *before)
{
    /* The size twice: sparc takes it last, after a pointer that default and ignored signals do not use. */
    return syscall(NR_rt_sigaction, number, action, before, sizeof(signal_set), sizeof(signal_set));
}

/* SIG_DFL or SIG_IGN. */
static long set_signal(int number, void (*handler)(int))
{
    struct raw_sigaction action;
    memset(&action, 0, sizeof action);
    action.words[HANDLER_WORD] = (uintptr_t)handler;
    return raw_sigaction(number, &action, NULL);
}

/* Sets caught signals to their default action: a handler of this process, above all Python's, would run in
   the child and write to memory that the child shares. */
static void default_caught_signals(void)
{
    for (int number = 1; number <= KERNEL_SIGNALS; number++) {
        struct raw_sigaction action;
        if (raw_sigaction(number, NULL, &action) == 0 && action.words[HANDLER_WORD] != (uintptr_t)SIG_DFL &&
            action.words[HANDLER_WORD] != (uintptr_t)SIG_IGN)
            set_signal(number, SIG_DFL);
    }
}

/* ---- waiting ---- */

/* A time as futex takes it. The newest 32-bit ABIs have only 64-bit times. */
#ifdef NR_futex
struct raw_time {
    __kernel_long_t seconds, nanoseconds;
};
#else
#define NR_futex NR_futex_time64
struct raw_time {
    long long seconds, nanoseconds;
};
#endif

/* Waits until a word of memory, shared with another process or not, differs from what was seen and wake() is
   called for it; at most this many milliseconds. */
static void wait_for_change(unsigned *word, unsigned seen, int milliseconds)
{
    struct raw_time time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    syscall(NR_futex, word, FUTEX_WAIT, seen, &time, NULL, 0);
}

static void wake(unsigned *word)
{
    syscall(NR_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* Reaps a child that is known to end, unless it was reaped elsewhere. */
static void reap(pid_t pid)
{
    while (waitpid(pid, NULL, __WALL) == -1 && errno == EINTR)
        ;
}
