package org.bpfz.jit;

import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bpfz.interpreter.FlatProgram;
import org.bpfz.interpreter.helper.Bindings;
import org.bpfz.interpreter.map.FlatArray;
import org.bpfz.interpreter.map.FlatMap;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Facts.MemoryFact;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.MapFlag;
import org.jspecify.annotations.Nullable;

/** What all methods of one class have in common while it is made. */
final class Unit {
    /** Instructions of the longest function that its caller pays for. */
    private static final int STRAIGHT = 100;

    private final Program program;
    private final Obstacles obstacles;
    private final Facts facts;
    private final boolean trusts;
    private final ClassDesc owner;
    private final List<FlatMap> maps;
    private final FlatMemory memory;
    private final int[] ordinals;
    private final List<Object> constants = new ArrayList<>();
    private final Map<String, Integer> helpers = new HashMap<>();

    /** @param trusts whether {@link Anchors} may be expected to be of a raw run's memory */
    Unit(FlatProgram.Place place, Obstacles obstacles, Facts facts, boolean trusts, ClassDesc owner) {
        program = place.program();
        maps = place.maps();
        memory = place.environment().memory();
        this.obstacles = obstacles;
        this.facts = facts;
        this.trusts = trusts;
        this.owner = owner;
        ordinals = new int[program.slotCount()];
        int count = 0;
        for (int slot = 0; slot < ordinals.length; slot++) {
            ordinals[slot] = count;
            count += program.isInstruction(slot) ? 1 : 0;
        }
    }

    Program program() {
        return program;
    }

    Obstacles obstacles() {
        return obstacles;
    }

    Facts facts() {
        return facts;
    }

    boolean trusts() {
        return trusts;
    }

    /** The class that is being made. */
    ClassDesc owner() {
        return owner;
    }

    /** How many instructions stand before the one at the slot. */
    int ordinal(int slot) {
        return ordinals[slot];
    }

    /** The index of a helper in the class data; its prototype is behind it. */
    int helper(HelperPrototype prototype) {
        return helpers.computeIfAbsent(prototype.name(), name -> {
            constants.add(Objects.requireNonNull(Bindings.of(name)));
            constants.add(prototype);
            return constants.size() - 2;
        });
    }

    /** The index of the arena's bytes in the class data. */
    int bytes() {
        return index(memory.bytes());
    }

    /** The index of an array in the class data. */
    int array(FlatArray array) {
        return index(array);
    }

    private int index(Object constant) {
        if (!constants.contains(constant)) {
            constants.add(constant);
        }
        return constants.indexOf(constant);
    }

    /** The array that a verifier has proved the call at the slot to be about, or null. */
    @Nullable
    FlatArray calledArray(int slot) {
        int index = facts.verified() ? facts.calledMap(slot) : Facts.NO_MAP;
        return index >= 0 && index < maps.size() && maps.get(index) instanceof FlatArray array ? array : null;
    }

    /**
     * How many instructions a call of the function at the slot executes, where that is one number: in a straight line, without calls, and not
     * many; else 0. The caller can pay for such a function.
     */
    int straight(int entry) {
        int count = 0;
        for (int slot = entry; slot != 0 && program.isInstruction(slot)
                && count < STRAIGHT; slot = program.next(slot)) {
            Instruction instruction = program.at(slot);
            count++;
            if (instruction instanceof Instruction.Exit) {
                return count;
            }
            if (!isPlain(instruction) || obstacles.at(slot) != null || Obstacles.writesFramePointer(instruction)) {
                return 0;
            }
        }
        return 0;
    }

    private static boolean isPlain(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu alu -> true;
            case Instruction.Mov mov -> true;
            case Instruction.Neg neg -> true;
            case Instruction.End end -> true;
            case Instruction.AddrSpaceCast cast -> true;
            case Instruction.LoadImm64 load -> true;
            case Load load -> true;
            case Instruction.Store store -> true;
            case Instruction.Atomic atomic -> true;
            case Instruction.Jump jump -> false;
            case Instruction.Goto jump -> false;
            case Instruction.MayGoto jump -> false;
            case Instruction.Call call -> false;
            case Instruction.Exit exit -> false;
            case Instruction.LegacyPacketLoad load -> false;
        };
    }

    /** What the load at the slot yields on every path, where it is of a map that nobody can write any more; else null. */
    @Nullable
    Long constant(int slot, Load load) {
        boolean proved = facts.verified()
                && facts.memory(slot) instanceof MemoryFact.MapValue(int index, int from, int to) && from == to
                && index < maps.size() && isConstant(maps.get(index));
        if (!proved || !(facts.memory(slot) instanceof MemoryFact.MapValue value)
                || !(maps.get(value.index()) instanceof FlatArray array)) {
            return null;
        }
        int size = load.size().bytes();
        if (value.from() < 0 || value.from() + size > array.spec().valueSize()) {
            return null;
        }
        long result = 0;
        int at = FlatMemory.offset(array.firstValue()) + value.from();
        for (int i = size - 1; i >= 0; i--) {
            result = result << Byte.SIZE | (memory.bytes()[at + i] & 0xff);
        }
        int unused = Long.SIZE - load.size().bits();
        return load.signed() ? result << unused >> unused : result;
    }

    private static boolean isConstant(FlatMap map) {
        return map.isFrozen() && map.spec().has(MapFlag.RDONLY_PROG) && map.spec().maxEntries() == 1;
    }

    /** The class data. */
    List<Object> constants() {
        return List.copyOf(constants);
    }
}
