package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bpfz.oracle.fuzz.Held.Kind;
import org.bpfz.spec.isa.Reg;

/** What the generator believes of registers and stack at one place of a function; a crude sibling of what the verifier will find out. */
final class Sketch {
    static final int STACK = 512;

    private final Held[] registers = new Held[Reg.COUNT];
    private final BitSet written = new BitSet(STACK);
    private final Map<Integer, Held> spills = new HashMap<>();

    Sketch() {
        Arrays.fill(registers, Held.NOTHING);
        registers[Reg.R10.index()] = Held.stack(0);
    }

    Sketch copy() {
        Sketch copy = new Sketch();
        copy.become(this);
        return copy;
    }

    /** Forgets what is held here for what is held in another place. */
    void become(Sketch other) {
        System.arraycopy(other.registers, 0, registers, 0, registers.length);
        written.clear();
        written.or(other.written);
        spills.clear();
        spills.putAll(other.spills);
    }

    /** Keeps what is also so on another path. */
    void meet(Sketch other) {
        for (int i = 0; i < registers.length; i++) {
            registers[i] = registers[i].meet(other.registers[i]);
        }
        written.and(other.written);
        spills.entrySet().removeIf(entry -> !entry.getValue().equals(other.spills.get(entry.getKey())));
    }

    Held get(Reg register) {
        return registers[register.index()];
    }

    void set(Reg register, Held held) {
        registers[register.index()] = held;
    }

    /** The registers that hold what is asked for. */
    List<Reg> which(Predicate<Held> wanted) {
        List<Reg> found = new ArrayList<>();
        for (Reg register : Reg.values()) {
            if (wanted.test(get(register))) {
                found.add(register);
            }
        }
        return found;
    }

    /** After a call: R0 to R5 are lost. */
    void call(Held result) {
        for (int i = 0; i <= 5; i++) {
            registers[i] = Held.NOTHING;
        }
        registers[0] = result;
    }

    /** A store of numbers to the stack, at a negative offset from R10. */
    void write(int offset, int size) {
        written.set(STACK + offset, STACK + offset + size);
        spills.keySet().removeIf(slot -> slot + 8 > offset && slot < offset + size);
    }

    /** A store of a whole register. */
    void spill(int offset, Held held) {
        write(offset, 8);
        if (!held.is(Kind.NUMBER)) {
            spills.put(offset, held);
        }
    }

    /** Whether the bytes have all been written. */
    boolean isWritten(int offset, int size) {
        return written.nextClearBit(STACK + offset) >= STACK + offset + size;
    }

    /** Whether none of the bytes is of a spilled pointer. */
    boolean isPlain(int offset, int size) {
        return spills.keySet().stream().allMatch(slot -> slot + 8 <= offset || slot >= offset + size);
    }

    /** What a load of eight bytes yields. */
    Held reload(int offset) {
        return spills.getOrDefault(offset, Held.NUMBER);
    }

    /** Packet pointers are lost, as a helper may have moved the packet. */
    void losePacket() {
        for (int i = 0; i < registers.length; i++) {
            if (registers[i].is(Kind.PACKET) || registers[i].is(Kind.PACKET_END)) {
                registers[i] = Held.NOTHING;
            }
        }
        spills.values().removeIf(held -> held.is(Kind.PACKET) || held.is(Kind.PACKET_END));
    }
}
