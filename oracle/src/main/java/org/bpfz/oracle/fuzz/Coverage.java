package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bpfz.spec.isa.Encoding;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.OpcodeTable;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.ProgramImage;

/** What a campaign's programs consisted of: every kind of instruction, with which operands, at which edges. */
public final class Coverage {
    /** These name descriptors of a process, which are no question for a comparison. */
    private static final Set<ImmKind> DESCRIPTORS = Set.of(ImmKind.MAP_FD, ImmKind.MAP_VALUE);

    private final TreeMap<String, Long> counts = new TreeMap<>();

    /** Counts the instructions of a program. */
    void add(ProgramImage image) {
        for (int i = 0; i < image.code().size(); i++) {
            RawInstruction slot = image.code().get(i);
            for (Encoding row : OpcodeTable.rows(slot.opcode())) {
                if (row.src().allows(slot.src()) && row.offset().allows(slot.offset())
                        && row.imm().allows(slot.imm())) {
                    add(row, slot);
                    break;
                }
            }
            if (slot.isLoadImm64()) {
                i++;
            }
        }
    }

    private void add(Encoding row, RawInstruction slot) {
        String name = name(row);
        count("opcode " + name);
        if (row.dst().isOperand() && row.src().isOperand()) {
            count((slot.dst() == slot.src() ? "aliased " : "distinct ") + name);
        }
        String cell = Edges.cell(row, slot);
        if (cell != null) {
            count(cell);
        }
        if (row.offset().isOperand()) {
            count((slot.offset() < 0 ? "backward " : "forward ") + name);
        }
    }

    private static String name(Encoding row) {
        return row.prototype().toString();
    }

    /** Counts something else, such as a rule that was hit. */
    void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    /** All counts, by name. */
    public SortedMap<String, Long> counts() {
        return new TreeMap<>(counts);
    }

    /** The kinds of instruction of which none was generated. */
    public List<String> missing() {
        return missing(counts);
    }

    /** What is missing of some counts. */
    static List<String> missing(Map<String, Long> counts) {
        List<String> missing = new ArrayList<>();
        for (Encoding row : OpcodeTable.rows()) {
            if (row.prototype() instanceof LoadImm64 load && DESCRIPTORS.contains(load.kind())) {
                continue;
            }
            String name = name(row);
            if (!counts.containsKey("opcode " + name)) {
                missing.add("opcode " + name);
            }
            if (row.dst().isOperand() && row.src().isOperand() && !counts.containsKey("aliased " + name)) {
                missing.add("aliased " + name);
            }
        }
        return missing;
    }
}
