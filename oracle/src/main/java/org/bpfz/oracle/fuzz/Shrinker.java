package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bpfz.spec.btf.FuncInfo;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.ProgramImage;

/**
 * Makes a program small that shows something (delta debugging, Zeller and Hildebrandt): slots go, in ever smaller pieces, with jumps over
 * them aimed anew; then constants become simple.
 */
public final class Shrinker {
    private static final int LDDW = 0x18;
    private static final int CALL = 0x85;
    private static final int GOTOL = 0x06;
    private static final int EXIT = 0x95;

    private final Predicate<ProgramImage> shows;
    private int tries;

    /**
     * A shrinker.
     *
     * @param shows whether a program still shows what is looked for; it is asked about programs that make no sense, too
     * @param tries how often it may be asked
     */
    public Shrinker(Predicate<ProgramImage> shows, int tries) {
        this.shows = shows;
        this.tries = tries;
    }

    /** The smallest program that was found: the given one if nothing can go. */
    public ProgramImage shrink(ProgramImage image) {
        ProgramImage best = image;
        for (int before = -1; before != best.code().size() && tries > 0;) {
            before = best.code().size();
            for (int piece = Math.max(1, before / 2); piece >= 1; piece /= 2) {
                for (int at = best.code().size() - piece; at >= 0; at--) {
                    best = orKeep(best, without(best, at, piece));
                    at = Math.min(at, best.code().size() - piece + 1);
                }
            }
        }
        return simplified(best);
    }

    private ProgramImage orKeep(ProgramImage best, ProgramImage candidate) {
        if (tries <= 0 || candidate.code().isEmpty()) {
            return best;
        }
        tries--;
        return shows.test(candidate) ? candidate : best;
    }

    private ProgramImage simplified(ProgramImage image) {
        ProgramImage best = image;
        for (int at = 0; at < best.code().size(); at++) {
            RawInstruction old = best.code().get(at);
            if (target(best.code(), at) >= 0 || old.opcode() == EXIT || old.opcode() == CALL) {
                continue;
            }
            ProgramImage before = best;
            for (int value = 0; value <= 1 && best.equals(before) && old.imm() != value; value++) {
                List<RawInstruction> code = new ArrayList<>(best.code());
                code.set(at, new RawInstruction(old.opcode(), old.dst(), old.src(), old.offset(), value));
                best = orKeep(best, Images.withCode(best, code));
            }
        }
        return best;
    }

    /** The slot that the slot goes or refers to, or -1. */
    private static int target(List<RawInstruction> code, int at) {
        RawInstruction slot = code.get(at);
        int kind = slot.opcode() & 7;
        if (slot.opcode() == GOTOL || (slot.opcode() == CALL && slot.src() == 1)
                || (slot.opcode() == LDDW && slot.src() == 4)) {
            return at + 1 + slot.imm();
        }
        boolean jump = (kind == 5 || kind == 6) && slot.opcode() != CALL && slot.opcode() != EXIT;
        return jump ? at + 1 + slot.offset() : -1;
    }

    /** The program without some slots; what went into them goes to what is behind them. */
    static ProgramImage without(ProgramImage image, int from, int count) {
        List<RawInstruction> code = image.code();
        List<RawInstruction> kept = new ArrayList<>(code.size() - count);
        for (int at = 0; at < code.size(); at++) {
            if (at >= from && at < from + count) {
                continue;
            }
            RawInstruction slot = code.get(at);
            int target = target(code, at);
            if (target >= 0) {
                int distance = moved(target, from, count) - moved(at, from, count) - 1;
                boolean byImmediate = slot.opcode() == GOTOL || slot.opcode() == CALL || slot.opcode() == LDDW;
                slot = byImmediate
                        ? new RawInstruction(slot.opcode(), slot.dst(), slot.src(), slot.offset(), distance)
                        : new RawInstruction(slot.opcode(), slot.dst(), slot.src(), (short) distance, slot.imm());
            }
            kept.add(slot);
        }
        ProgramImage result = Images.withCode(image, kept);
        ProgramBtf types = image.btf();
        return types == null ? result : Images.withTypes(result, without(types, from, count, kept.size()));
    }

    private static ProgramBtf without(ProgramBtf types, int from, int count, int end) {
        Map<Integer, FuncInfo> functions = new LinkedHashMap<>();
        for (FuncInfo function : types.functions()) {
            int slot = moved(function.slot(), from, count);
            boolean gone = function.slot() >= from && function.slot() < from + count;
            if (slot < end && !(gone && functions.containsKey(slot))) {
                functions.put(slot, new FuncInfo(slot, function.typeId()));
            }
        }
        return new ProgramBtf(types.btf(), List.copyOf(functions.values()), List.of());
    }

    private static int moved(int slot, int from, int count) {
        return slot <= from ? slot : slot < from + count ? from : slot - count;
    }
}
