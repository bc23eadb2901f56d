package org.bpfz.oracle.program;

import org.bpfz.spec.engine.Facts;

/**
 * What the verifier has proved, as engines read it.
 *
 * @param proved the verifier's own facts
 * @param ahead  how many slots the verified program has in front of the one that is loaded
 */
public record ProgramFacts(org.bpfz.verifier.Facts proved, int ahead) implements Facts {
    @Override
    public boolean verified() {
        return true;
    }

    @Override
    public MemoryFact memory(int slot) {
        return MemoryFact.UNKNOWN;
    }

    @Override
    public BranchFact branch(int slot) {
        return BranchFact.BOTH;
    }

    @Override
    public boolean isDead(int slot) {
        return !proved.isLive(slot + ahead);
    }
}
