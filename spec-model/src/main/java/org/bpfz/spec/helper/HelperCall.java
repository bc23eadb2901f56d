package org.bpfz.spec.helper;

import java.util.List;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.engine.Task;
import org.bpfz.spec.map.SpecMap;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.memory.Memory;
import org.bpfz.spec.memory.ViolationException;
import org.bpfz.spec.memory.Word;
import org.jspecify.annotations.Nullable;

/** One call of a helper: its arguments, numbered from 1 as the registers are, and what it works on. */
public final class HelperCall {
    private final Machinery machinery;
    private final List<@Nullable Word> arguments;

    /** @param arguments R1 to R5; null for a register that holds nothing */
    public HelperCall(Machinery machinery, List<@Nullable Word> arguments) {
        this.machinery = machinery;
        this.arguments = arguments;
    }

    /** The machine. */
    Machinery machinery() {
        return machinery;
    }

    Memory memory() {
        return machinery.memory();
    }

    Services services() {
        return machinery.services();
    }

    Task task() {
        return machinery.invocation().task();
    }

    int cpu() {
        return machinery.invocation().cpu();
    }

    /** The argument with its origin. */
    Word word(int argument) throws ArgumentException {
        Word word = arguments.get(argument - 1);
        if (word == null) {
            throw new ArgumentException(argument, "r" + argument + " holds nothing");
        }
        return word;
    }

    /** The argument as 64 bits. */
    long u64(int argument) throws ArgumentException {
        return word(argument).bits();
    }

    /** The low 32 bits of the argument, which is all that a helper with a parameter of type u32 sees. */
    int u32(int argument) throws ArgumentException {
        return (int) u64(argument);
    }

    /**
     * The argument as a number of bytes that Java can count.
     *
     * @param bits 32 or 64: the width of the helper's parameter
     */
    int size(int argument, int bits) throws ArgumentException {
        long size = bits == 32 ? Integer.toUnsignedLong(u32(argument)) : u64(argument);
        if (size < 0 || size > Layout.ARENA_LIMIT) {
            throw new ArgumentException(argument, "no memory has " + Long.toUnsignedString(size) + " bytes");
        }
        return (int) size;
    }

    /** The map of a kind whose handle the argument is. */
    <M extends SpecMap> M map(int argument, Class<M> kind) throws ArgumentException {
        SpecMap map = machinery.map(Layout.mapId(u64(argument)));
        if (map == null) {
            throw new ArgumentException(argument, "not a map");
        }
        if (!kind.isInstance(map)) {
            throw new ArgumentException(argument, "a map of type " + map.spec().type().toolName());
        }
        return kind.cast(map);
    }

    /** The slot of the function whose address the argument is. */
    int function(int argument) throws ArgumentException {
        int slot = Layout.functionSlot(u64(argument));
        if (!machinery.isInstruction(slot)) {
            throw new ArgumentException(argument, "not a function of the program");
        }
        return slot;
    }

    /** Requires that the argument is the context. */
    void requireContext(int argument) throws ArgumentException {
        if (u64(argument) != machinery.context().base()) {
            throw new ArgumentException(argument, "not the context");
        }
    }

    /** The bytes that the argument points to. */
    byte[] read(int argument, int size) throws ViolationException, ArgumentException {
        return memory().read(word(argument), size);
    }

    /** Puts bytes where the argument points to. */
    void write(int argument, byte[] bytes) throws ViolationException, ArgumentException {
        memory().write(word(argument), bytes);
    }

    /** Puts a number of 8 bytes where the argument points to. */
    void writeLong(int argument, long value) throws ViolationException, ArgumentException {
        write(argument, LittleEndian.bytes(value, Long.BYTES));
    }

    /** Puts zeroes where the argument points to. */
    void clear(int argument, int size) throws ViolationException, ArgumentException {
        write(argument, new byte[size]);
    }
}
