package org.bpfz.spec.engine;

import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import org.bpfz.spec.memory.Memory;
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
 * @param override     what bpf_override_return tells: the value that the probed function is to return without having run
 * @param memory       what the specification's memory refuses; engines with flat memory know nothing of it
 */
public record Services(int cpus, Clock clock, IntSupplier random, TraceSink trace, @Nullable LzoSize lzo,
        KernelMemory kernelMemory, HelperReading helpers, LongConsumer override, Memory.Rules memory) {
    public Services {
        if (cpus < 1) {
            throw new IllegalArgumentException("no CPU");
        }
    }

    /** Two CPUs, a clock that steps by a microsecond, the given numbers' seed, no trace, no codec, no kernel memory, strict readings. */
    public static Services repeatable(long seed) {
        return new Services(2, Clock.stepping(1_000_000_000, 1_000), new SplitMix(seed), TraceSink.NONE, null,
                KernelMemory.NONE, HelperReading.STRICT, _ -> {
                }, Memory.Rules.DEFAULT);
    }

    /** These services with another number of CPUs. */
    public Services withCpus(int value) {
        return new Services(value, clock, random, trace, lzo, kernelMemory, helpers, override, memory);
    }

    /** These services with another clock. */
    public Services withClock(Clock value) {
        return new Services(cpus, value, random, trace, lzo, kernelMemory, helpers, override, memory);
    }

    /** These services with other random numbers. */
    public Services withRandom(IntSupplier value) {
        return new Services(cpus, clock, value, trace, lzo, kernelMemory, helpers, override, memory);
    }

    /** These services with another trace pipe. */
    public Services withTrace(TraceSink value) {
        return new Services(cpus, clock, random, value, lzo, kernelMemory, helpers, override, memory);
    }

    /** These services with another codec, or none. */
    public Services withLzo(@Nullable LzoSize value) {
        return new Services(cpus, clock, random, trace, value, kernelMemory, helpers, override, memory);
    }

    /** These services with other kernel memory. */
    public Services withKernelMemory(KernelMemory value) {
        return new Services(cpus, clock, random, trace, lzo, value, helpers, override, memory);
    }

    /** These services with other choices of the compressor helpers. */
    public Services withHelpers(HelperReading value) {
        return new Services(cpus, clock, random, trace, lzo, kernelMemory, value, override, memory);
    }

    /** These services with another receiver of what bpf_override_return says. */
    public Services withOverride(LongConsumer value) {
        return new Services(cpus, clock, random, trace, lzo, kernelMemory, helpers, value, memory);
    }

    /** These services with other rules for the specification's memory. */
    public Services withMemory(Memory.Rules value) {
        return new Services(cpus, clock, random, trace, lzo, kernelMemory, helpers, override, value);
    }
}
