/* cdefs/wait.c without an interpreter, for tests/process/test_wait_alone.py: threads use a pidfd, and one closes
   it. Each looks at the struct after a pause, so that it sees what others have changed meanwhile. */
#include <pthread.h>
#include <stdio.h>

static struct pysys_child child;
static int failures;
static pthread_barrier_t barrier;

static void *user(void *unused)
{
    pthread_barrier_wait(&barrier);
    int pidfd = use_pidfd(&child);
    pause_a_little();
    if (pidfd != -1 && fcntl(pidfd, F_GETFD) == -1) {
        printf("closed while it was used\n");
        failures++;
    }
    done_with_pidfd(&child);
    return unused;
}

static void *closer(void *unused)
{
    pthread_barrier_wait(&barrier);
    child_close(&child);
    return unused;
}

int main(void)
{
    enum { THREADS = 4, ROUNDS = 1000 };
    pthread_barrier_init(&barrier, NULL, THREADS);
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t threads[THREADS];
        int pidfd = dup(2);
        memset(&child, 0, sizeof child);
        child_started(&child, getpid(), pidfd, getpid());
        generation = (unsigned)round & 1; /* first uses in a process that was forked, and in one that was not */
        for (int i = 0; i < THREADS; i++)
            pthread_create(&threads[i], NULL, i ? user : closer, NULL);
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        if (fcntl(pidfd, F_GETFD) != -1) {
            printf("left open in round %d\n", round);
            failures++;
            close(pidfd);
        }
    }
    printf("%d failures\n", failures);
    return failures != 0;
}
