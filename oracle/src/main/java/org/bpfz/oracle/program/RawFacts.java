package org.bpfz.oracle.program;

import org.bpfz.spec.engine.Facts;

/**
 * What the verifier has proved of a bare program behind its prologue, as it holds for the program itself: slots are counted without the
 * prologue, and the map that stands for the memory is the memory.
 *
 * @param proved   of the program behind the prologue
 * @param prologue slots of the prologue
 */
record RawFacts(Facts proved, int prologue) implements Facts {
    @Override
    public boolean verified() {
        return proved.verified();
    }

    @Override
    public MemoryFact memory(int slot) {
        MemoryFact fact = proved.memory(slot + prologue);
        return switch (fact) {
            case MemoryFact.MapValue value -> new MemoryFact.RawMemory();
            case MemoryFact.OwnFrame frame -> frame;
            case MemoryFact.Context context -> MemoryFact.UNKNOWN;
            case MemoryFact.Packet packet -> MemoryFact.UNKNOWN;
            case MemoryFact.RawMemory memory -> memory;
            case MemoryFact.Unknown unknown -> unknown;
        };
    }

    @Override
    public BranchFact branch(int slot) {
        return proved.branch(slot + prologue);
    }

    @Override
    public boolean isDead(int slot) {
        return proved.isDead(slot + prologue);
    }

    /** The main function begins with the prologue. */
    @Override
    public boolean isExposed(int function, int offset) {
        return proved.isExposed(function == 0 ? 0 : function + prologue, offset);
    }

    @Override
    public NumberFact destination(int slot) {
        return proved.destination(slot + prologue);
    }

    @Override
    public NumberFact source(int slot) {
        return proved.source(slot + prologue);
    }
}
