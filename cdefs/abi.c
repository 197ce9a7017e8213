/* build_ffi.py defines PYSYS_ABI_NAME, from src/pysys/abi.py. */
const char *const pysys_abi_name = PYSYS_ABI_NAME;
