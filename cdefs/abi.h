/* The ABI, according to the compiler. */
extern const char *const pysys_abi_name;
/* It and those whose numbers a process of this one can use, each with a space in front but the first. */
extern const char *const pysys_numbered;
