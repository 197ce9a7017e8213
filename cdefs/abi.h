/* The ABI, according to the compiler. */
extern const char *const pysys_abi_name;
