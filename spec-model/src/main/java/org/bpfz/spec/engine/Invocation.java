package org.bpfz.spec.engine;

import org.jspecify.annotations.Nullable;

/**
 * What one run of a program starts from. Arrays are handed over, not copied: neither the engine nor the caller writes to them meanwhile, and
 * {@link Result} holds what has become of the bytes.
 */
public final class Invocation {
    /** Instructions that a run may take unless it is told otherwise: what the kernel's verifier looks at (BPF_COMPLEXITY_LIMIT_INSNS). */
    public static final long DEFAULT_BUDGET = 1_000_000;

    private final byte[] context;
    private final boolean raw;
    private final byte @Nullable [] data;
    private final byte @Nullable [] packet;
    private final Task task;
    private final int cpu;
    private final long budget;
    private final boolean recordsEvents;

    private Invocation(Builder builder) {
        context = builder.context;
        raw = builder.raw;
        data = builder.data;
        packet = builder.packet;
        task = builder.task;
        cpu = builder.cpu;
        budget = builder.budget;
        recordsEvents = builder.recordsEvents;
    }

    /** A run with this context in R1. */
    public static Builder context(byte... context) {
        return new Builder(context, false);
    }

    /** A run with the address of this memory in R1 and its length in R2; the program may read and write it. */
    public static Builder raw(byte... memory) {
        return new Builder(memory, true);
    }

    /** The context's bytes, or the raw memory's. */
    public byte[] context() {
        return context;
    }

    /** Whether the context is read-write memory, and R2 its length. */
    public boolean isRaw() {
        return raw;
    }

    /** The data of the write under verification; null where there is none, as in {@code decide}. */
    public byte @Nullable [] data() {
        return data;
    }

    /** The packet, or null. */
    public byte @Nullable [] packet() {
        return packet;
    }

    /** On whose behalf. */
    public Task task() {
        return task;
    }

    /** Which CPU, from 0. */
    public int cpu() {
        return cpu;
    }

    /**
     * How many instructions the run may take, callbacks and tail calls included; one more is a {@link Fault.OutOfBudget}. A run that needs
     * no more than that ends by itself on every engine; where a longer one is cut off, an engine may choose within the next million.
     */
    public long budget() {
        return budget;
    }

    /** Whether the result holds the events. */
    public boolean recordsEvents() {
        return recordsEvents;
    }

    /** Gathers an invocation piece by piece. */
    public static final class Builder {
        private final byte[] context;
        private final boolean raw;
        private byte @Nullable [] data;
        private byte @Nullable [] packet;
        private Task task = Task.INIT;
        private int cpu;
        private long budget = DEFAULT_BUDGET;
        private boolean recordsEvents;

        private Builder(byte[] context, boolean raw) {
            this.context = context;
            this.raw = raw;
        }

        /** The data of the write under verification. */
        public Builder data(byte @Nullable [] value) {
            data = value;
            return this;
        }

        /** The packet. */
        public Builder packet(byte @Nullable [] value) {
            packet = value;
            return this;
        }

        /** On whose behalf; root's first process unless said. */
        public Builder task(Task value) {
            task = value;
            return this;
        }

        /** Which CPU; 0 unless said. */
        public Builder cpu(int value) {
            cpu = value;
            return this;
        }

        /** How many instructions the run may take; {@link #DEFAULT_BUDGET} unless said. */
        public Builder budget(long value) {
            budget = value;
            return this;
        }

        /** Keep the events for the result. */
        public Builder recordEvents() {
            recordsEvents = true;
            return this;
        }

        /** The invocation. */
        public Invocation build() {
            return new Invocation(this);
        }
    }
}
