/* What the compiler knows of this ABI. */
extern const char *const pysys_abi_name;
