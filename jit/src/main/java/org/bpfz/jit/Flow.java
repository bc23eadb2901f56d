package org.bpfz.jit;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Facts.BranchFact;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Program;

/** What a function consists of: the slots that control reaches from its first one without a call or a return. */
final class Flow {
    private final Program program;
    private final Obstacles obstacles;
    private final Facts facts;
    private final int entry;
    private final BitSet slots = new BitSet();
    private final BitSet targets = new BitSet();
    private final Deque<Integer> open = new ArrayDeque<>();

    private Flow(Program program, Obstacles obstacles, Facts facts, int entry) {
        this.program = program;
        this.obstacles = obstacles;
        this.facts = facts;
        this.entry = entry;
    }

    /** Follows control from the slot, which begins an instruction. */
    static Flow of(Program program, Obstacles obstacles, Facts facts, int entry) {
        Flow flow = new Flow(program, obstacles, facts, entry);
        flow.reach(entry);
        while (!flow.open.isEmpty()) {
            flow.follow(flow.open.pop());
        }
        return flow;
    }

    /** The first slot. */
    int entry() {
        return entry;
    }

    /** The slots of the instructions. */
    BitSet slots() {
        return slots;
    }

    /** The slots that a jump goes to. */
    BitSet targets() {
        return targets;
    }

    private void reach(int slot) {
        if (program.isInstruction(slot) && !slots.get(slot)) {
            slots.set(slot);
            open.push(slot);
        }
    }

    private void follow(int slot) {
        Instruction instruction = program.at(slot);
        if (obstacles.at(slot) != null) {
            return;
        }
        switch (instruction) {
            case Instruction.Exit() -> {
                // Control leaves the function.
            }
            case Instruction.Goto(boolean wide, int offset) -> jump(slot, offset);
            case Instruction.MayGoto(short offset) -> {
                jump(slot, offset);
                reach(program.next(slot));
            }
            case Instruction.Jump jump -> {
                BranchFact fact = facts.branch(slot);
                if (fact != BranchFact.NEVER) {
                    jump(slot, jump.offset());
                }
                if (fact != BranchFact.ALWAYS) {
                    reach(program.next(slot));
                }
            }
            default -> reach(program.next(slot));
        }
    }

    private void jump(int slot, int offset) {
        int target = program.target(slot, offset);
        if (program.isInstruction(target)) {
            targets.set(target);
        }
        reach(target);
    }
}
