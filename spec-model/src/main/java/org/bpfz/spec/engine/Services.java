package org.bpfz.spec.engine;

import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What helpers need of the world outside of the program, with nothing of an engine in it.
 *
 * @param cpus         how many CPUs per-CPU maps have values for, at least 1
 * @param clock        what time it is
 * @param random       the next number of bpf_get_prandom_u32
 * @param trace        where bpf_trace_printk writes
 * @param lzo          what bpf_lzo_compress asks; null where no codec is to be had, which makes a call of it a fault
 * @param kernelMemory what bpf_probe_read_kernel reads beyond the program's regions
 * @param helpers      the open choices of the two compressor helpers
 * @param stack        what the specification does when a program reads stack that it has not written
 */
public record Services(int cpus, Clock clock, IntSupplier random, TraceSink trace, @Nullable LzoSize lzo,
        KernelMemory kernelMemory, HelperReading helpers, UninitialisedStack stack) {
    public Services {
        if (cpus < 1) {
            throw new IllegalArgumentException("no CPU");
        }
    }

    /**
     * What the specification does when a program reads stack that it has not written. The kernel's verifier lets privileged programs do it
     * (env-&gt;allow_uninit_stack in kernel/bpf/verifier.c), and compilers leave padding unwritten.
     */
    public enum UninitialisedStack {
        /** It is a fault: the result would hang on what the kernel's stack happens to hold. */
        FAULT,
        /** It reads what the run's earlier frames have left there, and zero before them, as engines with flat memory do. */
        LEFTOVER
    }

    /** Two CPUs, a clock that steps by a microsecond, the given numbers' seed, no trace, no codec, no kernel memory, strict readings. */
    public static Services repeatable(long seed) {
        return new Services(2, Clock.stepping(1_000_000_000, 1_000), new SplitMix(seed), TraceSink.NONE, null,
                KernelMemory.NONE, HelperReading.STRICT, UninitialisedStack.FAULT);
    }

    /** These services with another number of CPUs. */
    public Services withCpus(int value) {
        return new Services(value, clock, random, trace, lzo, kernelMemory, helpers, stack);
    }

    /** These services with another clock. */
    public Services withClock(Clock value) {
        return new Services(cpus, value, random, trace, lzo, kernelMemory, helpers, stack);
    }

    /** These services with other random numbers. */
    public Services withRandom(IntSupplier value) {
        return new Services(cpus, clock, value, trace, lzo, kernelMemory, helpers, stack);
    }

    /** These services with another trace pipe. */
    public Services withTrace(TraceSink value) {
        return new Services(cpus, clock, random, value, lzo, kernelMemory, helpers, stack);
    }

    /** These services with another codec, or none. */
    public Services withLzo(@Nullable LzoSize value) {
        return new Services(cpus, clock, random, trace, value, kernelMemory, helpers, stack);
    }

    /** These services with other kernel memory. */
    public Services withKernelMemory(KernelMemory value) {
        return new Services(cpus, clock, random, trace, lzo, value, helpers, stack);
    }

    /** These services with other choices of the compressor helpers. */
    public Services withHelpers(HelperReading value) {
        return new Services(cpus, clock, random, trace, lzo, kernelMemory, value, stack);
    }

    /** These services with another treatment of unwritten stack. */
    public Services withStack(UninitialisedStack value) {
        return new Services(cpus, clock, random, trace, lzo, kernelMemory, helpers, value);
    }
}
