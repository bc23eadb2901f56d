package org.bpfz.interpreter;

import java.util.List;
import org.bpfz.interpreter.map.FlatMap;
import org.bpfz.interpreter.memory.ContextRules;
import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.engine.Event;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;

/**
 * A program that is loaded into an environment of flat memory: context, packet and memory are made ready and read back here, whichever engine
 * runs it. The interpreter can run any of them.
 */
public abstract class FlatProgram implements Executable {
    private static final byte[] NONE = {};

    private final Place place;
    /** Those of a run that is not raw, without a packet. */
    private final ContextRules rules;
    private @Nullable Code code;

    /**
     * Where a program is: its environment, its number there, and what it was loaded from.
     *
     * @param program the image's instructions
     * @param maps    one for each map of the image
     */
    public record Place(FlatEnvironment environment, int id, ProgramImage image, Program program,
            List<FlatMap> maps) {
        public Place {
            maps = List.copyOf(maps);
        }
    }

    /** One run: it begins in a memory that is ready. */
    public interface FlatRun {
        /** Runs to the end; returns R0, or throws a {@link FaultSignal} that knows its slot. */
        long run();

        /** What has happened. */
        List<Event> events();
    }

    /** A program at its place. */
    protected FlatProgram(Place place) {
        this.place = place;
        rules = ContextRules.of(place.image());
    }

    /** Begins a run as the engine does it. */
    protected abstract FlatRun begin(Invocation invocation);

    /** Begins a run by the interpreter. */
    protected final FlatRun interpret(Invocation invocation) {
        return new Interpretation(place.environment(), code(), invocation);
    }

    /** Where the program is. */
    protected final Place place() {
        return place;
    }

    @Override
    public final int id() {
        return place.id();
    }

    @Override
    public final ProgramImage image() {
        return place.image();
    }

    /** The program as the interpreter reads it, decoded when it is asked for. */
    final Code code() {
        Code known = code;
        if (known == null) {
            known = Predecoder.decode(place.program(), place.maps(), place.environment().services().helpers());
            code = known;
        }
        return known;
    }

    @Override
    public final Result run(Invocation invocation) {
        return repeat(invocation, 1).last();
    }

    @Override
    public final Timing repeat(Invocation invocation, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("repeated " + times + " times");
        }
        byte[] context = invocation.context();
        byte[] packet = invocation.packet() == null ? NONE : invocation.packet();
        requireRoom(invocation, context, packet);
        FlatMemory memory = place.environment().memory();
        ContextRules own = invocation.isRaw() ? ContextRules.PLAIN : rules.withPacket(packet.length);
        put(memory, Layout.CONTEXT, context);
        put(memory, Layout.PACKET, packet);
        memory.defineContext(context.length, own);
        memory.define(Layout.PACKET, packet.length, true, true);
        try {
            return repeat(invocation, times, own);
        } finally {
            memory.clear(Layout.CONTEXT, context.length);
            memory.clear(Layout.PACKET, packet.length);
            // What a fault inside of a callback has left.
            memory.clear(Layout.ITERATION_KEYS, Layout.MAX_FRAMES * Layout.ITERATION_KEY_STRIDE);
        }
    }

    private Timing repeat(Invocation invocation, int times, ContextRules own) {
        FlatMemory memory = place.environment().memory();
        long start = System.nanoTime();
        int runs = 0;
        long r0 = 0;
        Fault fault = null;
        FlatRun run;
        do {
            memory.begin(own);
            run = begin(invocation);
            try {
                r0 = run.run();
            } catch (FaultSignal signal) {
                fault = signal.fault();
                r0 = 0;
            }
            runs++;
        } while (runs < times && fault == null);
        long nanos = System.nanoTime() - start;
        Result result = new Result(r0, fault, bytes(Layout.CONTEXT, invocation.context()),
                bytes(Layout.PACKET, invocation.packet()), run.events());
        return new Timing(result, runs, nanos);
    }

    private static void requireRoom(Invocation invocation, byte[] context, byte[] packet) {
        int limit = invocation.isRaw() ? Layout.RAW_LIMIT : Layout.CONTEXT_LIMIT;
        if (context.length > limit) {
            throw new IllegalArgumentException(
                    "context of " + context.length + " bytes; there is room for " + limit);
        }
        if (packet.length > Layout.PACKET_LIMIT || (invocation.isRaw() && packet.length > 0)) {
            throw new IllegalArgumentException("no room for a packet of " + packet.length + " bytes");
        }
    }

    private static void put(FlatMemory memory, long address, byte[] source) {
        System.arraycopy(source, 0, memory.bytes(), FlatMemory.offset(address), source.length);
    }

    private Bytes bytes(long address, byte @Nullable [] like) {
        int at = FlatMemory.offset(address);
        return Bytes.of(place.environment().memory().bytes(), at, at + (like == null ? 0 : like.length));
    }
}
