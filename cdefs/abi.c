/* build_ffi.py defines PYSYS_ABI_NAME and PYSYS_NUMBERED, from src/pysys/abi.py and policy/refusals.py. */
const char *const pysys_abi_name = PYSYS_ABI_NAME;
const char *const pysys_numbered = PYSYS_NUMBERED;
