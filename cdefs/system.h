/* What every C file here uses of the C library and the kernel. Headers may be older than the kernel, so
   a value that they lack is defined here. Not a declaration for CFFI. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif
#ifndef PR_GET_TID_ADDRESS
#define PR_GET_TID_ADDRESS 40
#endif
#ifndef __WALL
#define __WALL 0x40000000
#endif

/* An argument of a system call: wider than a long in the ABIs with 32-bit pointers in 64-bit registers. */
#if (defined(__x86_64__) && defined(__ILP32__)) || (defined(__mips__) && _MIPS_SIM == _ABIN32)
typedef long long pysys_word;
typedef unsigned long long pysys_uword;
#else
typedef long pysys_word;
typedef unsigned long pysys_uword;
#endif

/* Block every signal that the C library lets go: a handler that runs between a raw call and the
   exec or the repair after it would run in a half-made process. */
static sigset_t block_signals(void)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    return before;
}

static void restore_signals(const sigset_t *before)
{
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* The status of a child that is known to end; another waiter may have taken it already. */
static void reap(pid_t pid)
{
    while (waitpid(pid, NULL, __WALL) == -1 && errno == EINTR)
        ;
}
