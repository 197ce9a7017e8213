/* Any call, by number: the result, or minus the errno. */
long pysys_syscall(long number, long a1, long a2, long a3, long a4, long a5, long a6);
