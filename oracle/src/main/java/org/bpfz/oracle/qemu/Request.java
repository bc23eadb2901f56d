package org.bpfz.oracle.qemu;

import com.google.common.io.LittleEndianDataOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * System calls for the agent, with the memory that they work on.
 *
 * <p>Memory is handed out from the agent's arena, whose address is known here, so that structures can be laid out with pointers to each
 * other. A result can be kept at an address for the calls behind it. Each request begins with the whole arena to itself; what an earlier one
 * has left there is not cleared.
 */
public final class Request {
    /** Where the arena begins and how many bytes it has (agent.h). */
    static final long ARENA_BASE = 0x2000_0000L;
    static final long ARENA_SIZE = 0x1000_0000L;

    private static final int OP_POKE = 1;
    private static final int OP_PEEK = 2;
    private static final int OP_PEEK_STRING = 3;
    private static final int OP_CALL = 4;
    private static final int OP_FILL = 5;
    private static final int OP_COPY = 6;
    private static final int OP_FORK = 7;
    private static final int OP_POST = 8;
    private static final int OP_START = 9;
    private static final int OP_COLLECT = 10;
    private static final int OP_GONE = 11;
    private static final int OP_END = 12;
    private static final int OP_TICK = 13;
    private static final int ARGUMENTS = 6;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final LittleEndianDataOutputStream out = new LittleEndianDataOutputStream(bytes);
    private final List<Answers.Kind> answers = new ArrayList<>();
    private long next;

    /** An operand of a system call. */
    public sealed interface Argument {
        /** This number, or address. */
        record Value(long value) implements Argument {}

        /** What the 64 bits at the address are when the call is done. */
        record At(long address) implements Argument {}
    }

    /** With the whole arena to itself. */
    public Request() {
        this(ARENA_BASE);
    }

    /** With the arena from an address on. */
    Request(long from) {
        next = from;
    }

    /** Where the memory ends that has been handed out. */
    long end() {
        return next;
    }

    /** Hands out memory, aligned to 8 bytes, and says nothing of what it holds. */
    public long reserve(int length) {
        long address = next;
        next += (length + 7L) / 8 * 8;
        if (next > ARENA_BASE + ARENA_SIZE) {
            throw new IllegalStateException("a request needs more than the arena's " + ARENA_SIZE + " bytes");
        }
        return address;
    }

    /** Hands out memory that holds these bytes. */
    public long put(byte... content) {
        long address = reserve(content.length);
        poke(address, content);
        return address;
    }

    /** Hands out memory that holds the text and a zero byte. */
    public long put(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        byte[] terminated = new byte[content.length + 1];
        System.arraycopy(content, 0, terminated, 0, content.length);
        return put(terminated);
    }

    /** Hands out zeroed memory. */
    public long zeroed(int length) {
        long address = reserve(length);
        fill(address, length, 0);
        return address;
    }

    /** Writes bytes at an address of the arena. */
    public void poke(long address, byte... content) {
        emit(() -> {
            out.writeByte(OP_POKE);
            out.writeLong(address);
            out.writeInt(content.length);
            out.write(content);
        });
    }

    /** Writes the same byte {@code length} times. */
    public void fill(long address, int length, int value) {
        emit(() -> {
            out.writeByte(OP_FILL);
            out.writeLong(address);
            out.writeInt(length);
            out.writeByte(value);
        });
    }

    /** Copies within the arena. */
    public void copy(long from, long to, int length) {
        emit(() -> {
            out.writeByte(OP_COPY);
            out.writeLong(from);
            out.writeLong(to);
            out.writeInt(length);
        });
    }

    /**
     * Does a system call with numbers as arguments.
     *
     * @return the index of its result among the answers
     */
    public int call(int number, long... arguments) {
        Argument[] operands = new Argument[arguments.length];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = new Argument.Value(arguments[i]);
        }
        return callKeeping(0, 0, number, operands);
    }

    /**
     * Does a system call and stores its result.
     *
     * @param keep      the address where, or 0 for nowhere
     * @param width     how many bytes of it, at most 8
     * @param arguments at most six
     * @return the index of its result among the answers
     */
    public int callKeeping(long keep, int width, int number, Argument... arguments) {
        emit(() -> {
            out.writeByte(OP_CALL);
            out.writeShort(number);
            int mask = 0;
            for (int i = 0; i < arguments.length; i++) {
                mask |= arguments[i] instanceof Argument.At ? 1 << i : 0;
            }
            out.writeByte(mask);
            for (int i = 0; i < ARGUMENTS; i++) {
                Argument argument = i < arguments.length ? arguments[i] : new Argument.Value(0);
                out.writeLong(switch (argument) {
                    case Argument.Value(long value) -> value;
                    case Argument.At(long address) -> address;
                });
            }
            out.writeLong(keep);
            out.writeByte(width);
        });
        return answer(Answers.Kind.ofResult());
    }

    /** Asks for bytes of the arena; returns the index of the answer. */
    public int peek(long address, int length) {
        emit(() -> {
            out.writeByte(OP_PEEK);
            out.writeLong(address);
            out.writeInt(length);
        });
        return answer(Answers.Kind.ofBytes(length));
    }

    /** Asks for the bytes up to a zero byte, at most {@code limit}; returns the index of the answer. */
    public int peekString(long address, int limit) {
        emit(() -> {
            out.writeByte(OP_PEEK_STRING);
            out.writeLong(address);
            out.writeInt(limit);
        });
        return answer(Answers.Kind.ofString());
    }

    /** Makes a task; returns the index of its pid. */
    int fork(int slot) {
        emit(() -> {
            out.writeByte(OP_FORK);
            out.writeByte(slot);
        });
        return answer(Answers.Kind.ofResult());
    }

    /** Posts a call to a task (agent.h says what the flags are); {@link #start} lets it begin. */
    void post(int slot, int flags, int earlier, int number, long... arguments) {
        emit(() -> {
            out.writeByte(OP_POST);
            out.writeByte(slot);
            out.writeByte(flags);
            out.writeByte(earlier);
            out.writeShort(number);
            for (int i = 0; i < ARGUMENTS; i++) {
                out.writeLong(i < arguments.length ? arguments[i] : 0);
            }
        });
    }

    /** Lets all tasks do what has been posted; so many of them begin at once. */
    void start(int together) {
        emit(() -> {
            out.writeByte(OP_START);
            out.writeByte(together);
        });
    }

    /** Asks what came of a task's calls; returns the index of the records. */
    int collect(int slot) {
        emit(() -> {
            out.writeByte(OP_COLLECT);
            out.writeByte(slot);
        });
        return answer(Answers.Kind.ofString());
    }

    /** Waits for a task to be gone; returns the index of the record. */
    int gone(int slot) {
        emit(() -> {
            out.writeByte(OP_GONE);
            out.writeByte(slot);
        });
        return answer(Answers.Kind.ofString());
    }

    /** Ends all tasks; returns the index of how many are left. */
    int endTasks() {
        emit(() -> out.writeByte(OP_END));
        return answer(Answers.Kind.ofResult());
    }

    /** Takes a place in the order of entries and exits; returns the index of the answer. */
    int tick() {
        emit(() -> out.writeByte(OP_TICK));
        return answer(Answers.Kind.ofResult());
    }

    /** What goes over the line. */
    byte[] encoded() {
        return bytes.toByteArray();
    }

    /** What comes back, one for each operation that answers. */
    List<Answers.Kind> answers() {
        return List.copyOf(answers);
    }

    private int answer(Answers.Kind kind) {
        answers.add(kind);
        return answers.size() - 1;
    }

    /** Part of the encoding, onto a stream in memory. */
    private interface Emission {
        void run() throws IOException;
    }

    private static void emit(Emission emission) {
        try {
            emission.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
