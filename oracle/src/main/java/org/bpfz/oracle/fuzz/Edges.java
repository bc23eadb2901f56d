package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bpfz.spec.isa.Encoding;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.MayGoto;
import org.bpfz.spec.isa.OpcodeTable;
import org.bpfz.spec.isa.RawInstruction;
import org.jspecify.annotations.Nullable;

/**
 * The cells of instruction × operands in one register or in two × immediate at an edge × offset at an edge, which a campaign of engines is to
 * fill. What is a name in place of a number, such as a helper's, has no edges.
 */
final class Edges {
    private static final List<Integer> IMMEDIATES = List.of(0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE);
    private static final List<Integer> OFFSETS = List.of(0, 1, -1, (int) Short.MAX_VALUE, (int) Short.MIN_VALUE);

    /** The field of an instruction that has no such operand. */
    private static final List<Integer> NONE = List.of(0);

    private static final List<Cell> CELLS = OpcodeTable.rows().stream().flatMap(row -> cells(row).stream()).toList();
    private static final TreeSet<String> NAMES = new TreeSet<>(CELLS.stream().map(Cell::name).toList());

    /**
     * One of them.
     *
     * @param aliased whether both operands are in one register
     * @param offset  0 where the instruction has none
     * @param imm     0 where the instruction has none
     */
    record Cell(Encoding row, boolean aliased, short offset, int imm) {
        /** As tallies say it. */
        String name() {
            return "cell " + row.prototype() + (aliased ? " aliased" : "")
                    + (row.offset().isOperand() ? " offset " + offset : "")
                    + (row.imm().isOperand() ? " immediate " + imm : "");
        }
    }

    private Edges() {
    }

    /** All cells. */
    static List<Cell> cells() {
        return CELLS;
    }

    /** The name of the cell that a slot is in; null where it is in none. */
    static @Nullable String cell(Encoding row, RawInstruction slot) {
        boolean aliased = hasTwo(row) && slot.dst() == slot.src();
        String name = new Cell(row, aliased, slot.offset(), slot.imm()).name();
        return NAMES.contains(name) ? name : null;
    }

    /** The names of the cells that are not among those given. */
    static List<String> missing(Set<String> names) {
        return NAMES.stream().filter(name -> !names.contains(name)).toList();
    }

    private static boolean hasTwo(Encoding row) {
        return row.dst().isOperand() && row.src().isOperand();
    }

    private static List<Cell> cells(Encoding row) {
        List<Cell> cells = new ArrayList<>();
        if (isNamed(row.prototype())) {
            return cells;
        }
        for (boolean aliased : hasTwo(row) ? List.of(false, true) : List.of(false)) {
            for (int offset : row.offset().isOperand() ? OFFSETS : NONE) {
                for (int imm : row.imm().isOperand() ? IMMEDIATES : NONE) {
                    if (offset != 0 || !(row.prototype() instanceof MayGoto)) {
                        cells.add(new Cell(row, aliased, (short) offset, imm));
                    }
                }
            }
        }
        return cells;
    }

    /** Whether the immediate names something. */
    private static boolean isNamed(Instruction prototype) {
        return prototype instanceof Call
                || (prototype instanceof LoadImm64 load && load.kind() != ImmKind.VALUE);
    }
}
