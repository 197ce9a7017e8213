/* exec_in_place: spawn's settings for this process, and then the exec. What pysys.landlock uses of them, too. */

/* What a setting of this process failed at, as struct pysys_spawn has it. */
struct pysys_failed {
    const char *call;
    int element;
};

#define PYSYS_NO_RULESET 0x7fffffff

/* Makes the ruleset of Landlock that the rules in these settings ask for. Returns its descriptor, minus the errno of
   what failed, or PYSYS_NO_RULESET if this kernel has nothing of it, and that is allowed. */
long pysys_ruleset(struct pysys_settings *settings, struct pysys_failed *failed);

/* What a version of Landlock knows: rights of files, rights of ports, scopes. */
void pysys_landlock_known(int version, uint64_t sets[3]);
