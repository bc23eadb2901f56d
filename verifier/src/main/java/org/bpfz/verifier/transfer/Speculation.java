package org.bpfz.verifier.transfer;

import static org.bpfz.verifier.structure.Opcodes.*;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.log.Numbers;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Value;
import org.jspecify.annotations.Nullable;

/**
 * What unprivileged programs must not make a mispredicting CPU do (Spectre v1): pointer arithmetic is masked to a limit that has to be the
 * same on all paths, and paths that only such a CPU takes are followed too (sanitize_ptr_alu and its kin).
 */
public final class Speculation {
    private static final String PROHIBITED = ", pointer arithmetic with it prohibited for !root";
    private static final int SANITIZE_SRC = 1;
    private static final int SANITIZE_DST = 1 << 1;
    private static final int NEGATIVE = 1 << 2;
    private static final int NON_POINTER = 1 << 3;
    private static final int IMMEDIATE = 1 << 4;

    /** The first half of a guard: how far the pointer was from its limit before the arithmetic. */
    record Window(boolean toLeft, int aluState, int limit, boolean fromSource) {}

    private final Search search;
    private final MemoryAccess memory;

    public Speculation(Search search, MemoryAccess memory) {
        this.search = search;
        this.memory = memory;
    }

    private boolean isUnguarded(RawInstruction insn) {
        return search.ignoresSpeculation() || !hasRegisterSource(insn);
    }

    /** Both operands are numbers: the instruction must not be pointer arithmetic on another path (sanitize_val_alu). */
    void checkNumbers(RawInstruction insn) {
        if (!isUnguarded(insn) && !search.notes().setAluState(search.slot(), NON_POINTER, 0)) {
            throw paths(insn);
        }
    }

    private Rejection reject(String reason) {
        return search.reject(Errno.EACCES, reason + PROHIBITED);
    }

    private Rejection paths(RawInstruction insn) {
        return reject("R" + insn.dst() + " tried to " + verb(insn) + " from different maps, paths or scalars");
    }

    private static String verb(RawInstruction insn) {
        return operationOf(insn) == ADD ? "add" : "sub";
    }

    /** Before the arithmetic; null where nothing is guarded. */
    @Nullable
    Window openWindow(RawInstruction insn, Value ptr, Value offset, boolean fromSource) {
        if (isUnguarded(insn)) {
            return null;
        }
        boolean immediate = offset.number().isConstant();
        boolean negative = offset.number().wide().smin() < 0;
        if (search.state().isSpeculative()) {
            simulate(immediate);
            return new Window(false, 0, 0, fromSource);
        }
        if (!immediate && negative != offset.number().wide().smax() < 0) {
            throw reject("R" + (fromSource ? insn.dst() : insn.src()) + " has unknown scalar with mixed signed bounds");
        }
        boolean toLeft = operationOf(insn) == ADD ? negative : !negative;
        int limit = limitOf(insn, ptr, toLeft, fromSource);
        int aluState = (negative ? NEGATIVE : 0) | (immediate ? IMMEDIATE : 0)
                | (fromSource ? SANITIZE_DST : SANITIZE_SRC);
        if (!immediate) {
            search.notes().exploreAluLimits();
        }
        simulate(immediate);
        return new Window(toLeft, aluState, limit, fromSource);
    }

    /** A CPU that mispredicts runs on with the masked pointer: followed as the pointer without its offset. */
    private void simulate(boolean immediate) {
        if (!immediate) {
            search.pushLater(search.slot() + 1, search.slot(), true);
        }
    }

    /** After the arithmetic: how far the pointer has come is what is masked to. */
    void closeWindow(RawInstruction insn, Window window, Value result, Value offset) {
        if (search.state().isSpeculative()) {
            return;
        }
        int limit = Math.abs(window.limit() - limitOf(insn, result, window.toLeft(), window.fromSource()));
        if (!search.notes().setAluState(search.slot(), window.aluState(), limit)) {
            throw paths(insn);
        }
    }

    /** How far the pointer may still move (retrieve_ptr_limit). */
    private int limitOf(RawInstruction insn, Value ptr, boolean toLeft, boolean fromSource) {
        int limit;
        int max;
        if (ptr.is(Kind.STACK)) {
            max = Frame.MAX_STACK + (toLeft ? 1 : 0);
            limit = (int) -ptr.constantOffset();
        } else if (ptr.is(Kind.MAP_VALUE)) {
            max = ptr.map().valueSize();
            limit = (int) ((toLeft ? ptr.number().wide().smin() : ptr.number().wide().umax()) + ptr.off());
        } else {
            throw reject("R" + (fromSource ? insn.src() : insn.dst()) + " has pointer with unsupported alu operation");
        }
        if (Integer.compareUnsigned(limit, max) >= 0) {
            throw reject("R" + insn.dst() + " tried to " + verb(insn) + " beyond pointer bounds");
        }
        return limit;
    }

    /** The pointer must stay in its object at once, not only when it is used (sanitize_check_bounds). */
    void checkBounds(RawInstruction insn, Value result) {
        if (search.ignoresSpeculation()) {
            return;
        }
        if (result.is(Kind.STACK)) {
            checkStack(insn.dst(), result);
        } else if (result.is(Kind.MAP_VALUE)) {
            try {
                memory.maps().checkRange(insn.dst(), result.off(), 1, false, true);
            } catch (Rejection _) {
                throw search.reject(Errno.EACCES, "R" + insn.dst()
                        + " pointer arithmetic of map value goes out of range, prohibited for !root");
            }
        }
    }

    private void checkStack(int register, Value pointer) {
        long off = pointer.constantOffset();
        if (!pointer.number().isConstant()) {
            throw search.reject(Errno.EACCES, "R" + register + " variable stack access prohibited for !root, var_off="
                    + Numbers.tnum(pointer.number().bits()) + " off=" + off);
        }
        if (off >= 0 || off < -Frame.MAX_STACK) {
            throw search.reject(Errno.EACCES, "R" + register
                    + " stack pointer arithmetic goes out of range, prohibited for !root; off=" + off);
        }
    }

    /** The way that a decided comparison does not go: a mispredicting CPU may go it, with operands of any value. */
    void followMispredicted(RawInstruction insn, int slot) {
        if (search.ignoresSpeculation()) {
            return;
        }
        State branch = search.pushLater(slot, search.slot(), true);
        search.forget(branch.register(insn.dst()));
        if (hasRegisterSource(insn)) {
            search.forget(branch.register(insn.src()));
        }
    }
}
