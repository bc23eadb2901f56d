package org.bpfz.jit;

import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bpfz.interpreter.helper.Bindings;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.program.HelperPrototype;

/** What all methods of one class have in common while it is made. */
final class Unit {
    private final Program program;
    private final Obstacles obstacles;
    private final Facts facts;
    private final ClassDesc owner;
    private final int[] ordinals;
    private final List<Object> constants = new ArrayList<>();
    private final Map<String, Integer> helpers = new HashMap<>();

    Unit(Program program, Obstacles obstacles, Facts facts, ClassDesc owner) {
        this.program = program;
        this.obstacles = obstacles;
        this.facts = facts;
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

    /** The class data. */
    List<Object> constants() {
        return List.copyOf(constants);
    }
}
