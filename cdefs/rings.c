uint32_t pysys_load32(const void *place)
{
    return __atomic_load_n((const uint32_t *)place, __ATOMIC_ACQUIRE);
}

void pysys_store32(void *place, uint32_t value)
{
    __atomic_store_n((uint32_t *)place, value, __ATOMIC_RELEASE);
}

/* Where a word has 32 bits, one of 64 is loaded and stored in halves: an atomic operation would need a library
   there, and the kernel, whose own word it is, leaves the upper half 0. */
uint64_t pysys_load64(const void *place)
{
    uint64_t value = *(const volatile uint64_t *)place;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return value;
}

void pysys_store64(void *place, uint64_t value)
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
    *(volatile uint64_t *)place = value;
}
