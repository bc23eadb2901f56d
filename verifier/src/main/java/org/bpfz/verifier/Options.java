package org.bpfz.verifier;

import java.util.Set;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.program.Capability;
import org.bpfz.spec.program.ContextReading;
import org.jspecify.annotations.Nullable;

/**
 * How to verify: who loads, with which flags of BPF_PROG_LOAD, how much to log, and on what kernel.
 *
 * @param capabilities  of the task that loads
 * @param flags         the sum of the constants below
 * @param logLevel      as log_level of BPF_PROG_LOAD: 1 the last path, 2 every path, 4 statistics; 0 messages only
 * @param kernelBtf     the types of the kernel, or null for a kernel without
 * @param possibleCpus  how many CPUs the kernel may have (nr_cpu_ids)
 * @param helperNumbers the numbers of the two compressor helpers
 * @param readings      what is not strict in the reading of CTX-4
 */
public record Options(Set<Capability> capabilities, int flags, int logLevel, @Nullable Btf kernelBtf, int possibleCpus,
        HelperNumbers helperNumbers, Set<ContextReading> readings) {
    /** Refuse accesses that are not aligned to their size. */
    public static final int STRICT_ALIGNMENT = 1;
    /** Allow them even where the machine does not. */
    public static final int ANY_ALIGNMENT = 1 << 1;
    /** Save a state at every chance. */
    public static final int TEST_STATE_FREQ = 1 << 3;
    /** The program may sleep. */
    public static final int SLEEPABLE = 1 << 4;
    /** An XDP program that knows of packets in fragments. */
    public static final int XDP_HAS_FRAGS = 1 << 5;
    /** Refuse where the abstract domain contradicts itself. */
    public static final int TEST_REG_INVARIANTS = 1 << 7;

    public Options {
        capabilities = Set.copyOf(capabilities);
        readings = Set.copyOf(readings);
    }

    /** The numbers of bpf_copy_from_buffer and bpf_lzo_compress (HELP-2). */
    public record HelperNumbers(int copyFromBuffer, int lzoCompress) {
        /** 212 and 213. */
        public static final HelperNumbers DEFAULT = new HelperNumbers(212, 213);
    }

    /** A privileged loader, no flags, no log. */
    public static Options privileged() {
        return new Options(Capability.all(), 0, 0, null, 1, HelperNumbers.DEFAULT, Set.of());
    }

    public Options withCapabilities(Set<Capability> newCapabilities) {
        return new Options(newCapabilities, flags, logLevel, kernelBtf, possibleCpus, helperNumbers, readings);
    }

    public Options withFlags(int newFlags) {
        return new Options(capabilities, newFlags, logLevel, kernelBtf, possibleCpus, helperNumbers, readings);
    }

    public Options withLogLevel(int newLogLevel) {
        return new Options(capabilities, flags, newLogLevel, kernelBtf, possibleCpus, helperNumbers, readings);
    }

    public Options withKernelBtf(@Nullable Btf newKernelBtf) {
        return new Options(capabilities, flags, logLevel, newKernelBtf, possibleCpus, helperNumbers, readings);
    }

    public Options withPossibleCpus(int cpus) {
        return new Options(capabilities, flags, logLevel, kernelBtf, cpus, helperNumbers, readings);
    }

    public Options withHelperNumbers(HelperNumbers numbers) {
        return new Options(capabilities, flags, logLevel, kernelBtf, possibleCpus, numbers, readings);
    }

    public Options withReadings(Set<ContextReading> newReadings) {
        return new Options(capabilities, flags, logLevel, kernelBtf, possibleCpus, helperNumbers, newReadings);
    }

    /** Whether the loader has the capability, or CAP_SYS_ADMIN. */
    public boolean has(Capability capability) {
        return capability.isGrantedBy(capabilities);
    }

    /** Whether the flag is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
