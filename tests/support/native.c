/* What the tests need from C: threads that allocate without pause, atfork handlers, native children.
   tests/support/native.py builds and loads it. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile int allocating;
static pthread_t threads[64];
static int thread_count;

static void *allocate(void *seed_)
{
    unsigned seed = (unsigned)(uintptr_t)seed_;
    while (allocating) {
        void *blocks[32];
        for (int i = 0; i < 32; i++) {
            blocks[i] = malloc(64 + rand_r(&seed) % 70000);
            if (blocks[i])
                memset(blocks[i], i, 64);
        }
        for (int i = 0; i < 32; i++)
            free(blocks[i]);
    }
    return NULL;
}

void start_allocating(int count)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);     /* signals stay Python's */
    allocating = 1;
    for (thread_count = 0; thread_count < count && thread_count < 64; thread_count++)
        pthread_create(&threads[thread_count], NULL, allocate, (void *)(uintptr_t)(thread_count + 1));
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void stop_allocating(void)
{
    allocating = 0;
    for (int i = 0; i < thread_count; i++)
        pthread_join(threads[i], NULL);
    thread_count = 0;
}

/* What a child does to show that its allocator works. */
int allocate_once(void)
{
    for (int i = 0; i < 200; i++) {
        char *block = malloc(1000 + 977 * (size_t)i);
        if (!block)
            return 1;
        memset(block, 1, 1000);
        free(block);
    }
    return 0;
}

static char atfork_calls[64];
static void before(void) { strcat(atfork_calls, "b"); }
static void parent(void) { strcat(atfork_calls, "p"); }
static void child(void) { strcat(atfork_calls, "c"); }
void watch_atfork(void) { pthread_atfork(before, parent, child); }
const char *seen_atfork(void) { return atfork_calls; }

/* Native children: int (*)(void *). */
int child_returns_7(void *arg) { (void)arg; return 7; }
int child_returns_arg(void *arg) { return (int)(intptr_t)arg; }
int child_stores_pid(void *arg) { *(volatile int *)arg = (int)syscall(SYS_getpid); return 0; }
int child_closes(void *arg) { return syscall(SYS_close, (int)(intptr_t)arg) == 0 ? 0 : 1; }
int child_changes_directory(void *arg) { return syscall(SYS_chdir, (const char *)arg) == 0 ? 0 : 1; }
int child_ignores_usr1(void *arg) { (void)arg; signal(SIGUSR1, SIG_IGN); return 0; }
int child_sleeps(void *arg) { usleep((useconds_t)(intptr_t)arg); return 0; }
int child_stack_is_aligned(void *arg)
{
    _Alignas(64) volatile char here[64];
    (void)arg;
    here[0] = 1;
    return (uintptr_t)here % 64 ? 1 : 0;
}
int child_waits_for(void *arg)      /* until *arg is not 0; then that value */
{
    volatile int *word = arg;
    while (*word == 0)
        ;
    return *word;
}

/* Each takes and leaves a robust, process-shared mutex in *place; 0 when it went as it should. */
int robust_init(pthread_mutex_t *place)
{
    pthread_mutexattr_t attribute;
    return pthread_mutexattr_init(&attribute) ||
           pthread_mutexattr_setpshared(&attribute, PTHREAD_PROCESS_SHARED) ||
           pthread_mutexattr_setrobust(&attribute, PTHREAD_MUTEX_ROBUST) ||
           pthread_mutex_init(place, &attribute);
}
int robust_lock(pthread_mutex_t *place) { return pthread_mutex_lock(place); }
int recursive_twice(void)
{
    static pthread_mutex_t mutex;
    pthread_mutexattr_t attribute;
    return pthread_mutexattr_init(&attribute) ||
           pthread_mutexattr_settype(&attribute, PTHREAD_MUTEX_RECURSIVE) ||
           pthread_mutexattr_setprotocol(&attribute, PTHREAD_PRIO_INHERIT) ||
           pthread_mutex_init(&mutex, &attribute) || pthread_mutex_lock(&mutex) || pthread_mutex_lock(&mutex) ||
           pthread_mutex_unlock(&mutex) || pthread_mutex_unlock(&mutex);
}
