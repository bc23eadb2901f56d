package org.bpfz.verifier.search;

import org.bpfz.spec.isa.Disassembler;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.structure.Code;
import org.bpfz.verifier.structure.Opcodes;

/** Shows the search as it goes: each instruction, and behind it in a column of its own what it changed. */
final class Trace {
    private static final int COLUMN = 40;
    private static final int TAB = 8;

    /** The kernel shows where a map lies, another place in each boot; these addresses are ours. */
    private static final long MAP_ADDRESSES = 0xffff_8881_0000_0000L;

    private final Search search;
    private final VerifierLog log;
    private final Disassembler disassembler;
    private long endOfInstruction;
    private int instructionLength;

    Trace(Search search, Disassembler disassembler) {
        this.search = search;
        this.disassembler = disassembler;
        log = search.log();
    }

    String textOf(int slot) {
        Code code = search.code();
        RawInstruction insn = code.at(slot);
        RawInstruction next = slot + 1 < code.length() ? code.at(slot + 1) : null;
        boolean map = Opcodes.isLoadImm64(insn) && next != null
                && (insn.src() == Opcodes.PSEUDO_MAP_IDX || insn.src() == Opcodes.PSEUDO_MAP_IDX_VALUE);
        if (map) {
            long address = MAP_ADDRESSES + ((long) insn.imm() << 12) + next.imm();
            RawInstruction low = new RawInstruction(insn.opcode(), insn.dst(), insn.src(), insn.offset(),
                    (int) address);
            RawInstruction high = new RawInstruction(0, 0, 0, (short) 0, (int) (address >>> 32));
            return disassembler.logText(low, high, search.mayLeakPointers());
        }
        return disassembler.logText(insn, next, search.mayLeakPointers());
    }

    /** The instruction at hand, with what changed before it where that was not shown yet, and its source line. */
    void instruction() {
        if (search.printer().isTouched()) {
            changes();
        }
        search.lines().print(search.slot(), "; ");
        long begin = log.position();
        log.print(search.slot()).print(": ").line(textOf(search.slot()));
        endOfInstruction = log.position();
        instructionLength = (int) (endOfInstruction - begin);
    }

    /** What changed: behind the instruction if that is what the log ends with, else on a line of its own. */
    void changes() {
        if (!log.isTracing()) {
            return;
        }
        if (endOfInstruction != 0 && endOfInstruction == log.position()) {
            log.reset(endOfInstruction - 1);
            int target = (Math.max(instructionLength + TAB / 2, COLUMN) + TAB - 1) / TAB * TAB;
            log.print(" ".repeat(target - instructionLength - 1)).print(';');
        } else {
            log.print(search.slot()).print(':');
        }
        search.printer().printChanged(search.state().frame());
    }
}
