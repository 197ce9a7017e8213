long pysys_syscall(long number, long a1, long a2, long a3, long a4, long a5, long a6)
{
    long result = syscall(number, a1, a2, a3, a4, a5, a6);
    return result == -1 ? -errno : result;
}
