package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.ProgramImage;

/**
 * The programs of a campaign: a seed and an index give the same one every time and everywhere.
 *
 * <p>More than half are meant to be valid, a third are nearly so, the rest is valid code whose encoding was damaged. Where programs run on bare
 * memory, one in {@value #EDGES} is about one instruction at its edges, cell after cell.
 */
public final class ProgramGenerator {
    private static final int EDGES = 8;

    private final long seed;
    private final Profile profile;

    /** Programs of this seed. */
    public ProgramGenerator(long seed, Profile profile) {
        this.seed = seed;
        this.profile = profile;
    }

    /** The program of an index. */
    public Candidate at(long index) {
        Dice dice = new Dice(seed, index);
        if (profile.raw() && index % EDGES == 0) {
            Edges.Cell cell = Edges.cells().get((int) (index / EDGES % Edges.cells().size()));
            return new Candidate(seed, index, Shape.VALID, new EdgeWriter(dice).write(cell));
        }
        int lot = dice.below(100);
        Shape shape = lot < 58 ? Shape.VALID : lot < 85 ? Shape.NEARLY_VALID : Shape.HOSTILE;
        int statements = dice.oneIn(12) ? dice.between(30, 80) : dice.between(1, 14);
        ProgramImage image = new ProgramWriter(dice, profile).write(statements,
                shape == Shape.NEARLY_VALID ? dice.between(1, 2) : 0);
        if (shape == Shape.HOSTILE) {
            image = Images.withCode(image, damaged(dice, image.code()));
        }
        return new Candidate(seed, index, shape, image);
    }

    private static List<RawInstruction> damaged(Dice dice, List<RawInstruction> code) {
        List<RawInstruction> slots = new ArrayList<>(code);
        for (int i = dice.between(1, 3); i > 0 && !slots.isEmpty(); i--) {
            int at = dice.below(slots.size());
            RawInstruction old = slots.get(at);
            switch (dice.below(8)) {
                case 0 -> slots.set(at, new RawInstruction(dice.below(256), old.dst(), old.src(), old.offset(),
                        old.imm()));
                case 1 -> slots.set(at, new RawInstruction(old.opcode(), dice.below(16), old.src(), old.offset(),
                        old.imm()));
                case 2 -> slots.set(at, new RawInstruction(old.opcode(), old.dst(), dice.below(16), old.offset(),
                        old.imm()));
                case 3 -> slots.set(at, new RawInstruction(old.opcode(), old.dst(), old.src(),
                        (short) (dice.oneIn(2) ? dice.between(-8, 8) : dice.immediate()), old.imm()));
                case 4 -> slots.set(at, new RawInstruction(old.opcode(), old.dst(), old.src(), old.offset(),
                        dice.immediate()));
                case 5 -> slots.remove(at);
                case 6 -> slots.add(at, old);
                default -> Collections.swap(slots, at, dice.below(slots.size()));
            }
        }
        slots.replaceAll(ProgramGenerator::withoutDescriptors);
        return slots;
    }

    /** Which descriptors a process happens to have open is no question for a comparison; which maps the program has is one. */
    private static RawInstruction withoutDescriptors(RawInstruction slot) {
        if (slot.loads(ImmKind.MAP_FD) || slot.loads(ImmKind.MAP_VALUE)) {
            return slot.loading(ImmKind.VALUE, slot.imm());
        }
        boolean value = slot.loads(ImmKind.MAP_IDX_VALUE);
        return value || slot.loads(ImmKind.MAP_IDX)
                ? slot.loading(value ? ImmKind.MAP_IDX_VALUE : ImmKind.MAP_IDX,
                        Math.floorMod(slot.imm(), Surface.MAPS.size()))
                : slot;
    }
}
