package org.bpfz.spec.kernel;

/**
 * The resource limits of a process that the modelled calls look at (struct signal_struct, rlim). Limits are unsigned 64-bit
 * numbers; {@link Limits#RLIM_INFINITY} is none.
 *
 * @param fsize      RLIMIT_FSIZE in bytes
 * @param fsizeMax   its hard limit
 * @param nofile     RLIMIT_NOFILE: descriptors are below it
 * @param nofileMax  its hard limit
 */
public record ProcessLimits(long fsize, long fsizeMax, long nofile, long nofileMax) {
    /** What the first process starts with (include/asm-generic/resource.h). */
    public static final ProcessLimits INITIAL = new ProcessLimits(Limits.RLIM_INFINITY, Limits.RLIM_INFINITY, 1024,
            4096);
}
