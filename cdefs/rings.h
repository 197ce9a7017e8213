/* Words of memory that the kernel writes and reads at the same time: io_uring's queues and perf's ring. What
   was written before one is stored is seen with it; what is read after one is loaded is not older than it. */
uint32_t pysys_load32(const void *place);
void pysys_store32(void *place, uint32_t value);
uint64_t pysys_load64(const void *place);
void pysys_store64(void *place, uint64_t value);
