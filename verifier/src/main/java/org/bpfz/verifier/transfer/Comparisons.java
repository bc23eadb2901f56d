package org.bpfz.verifier.transfer;

import static org.bpfz.verifier.structure.Opcodes.*;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Width;
import org.bpfz.verifier.access.Trust;
import org.bpfz.verifier.domain.Branch;
import org.bpfz.verifier.domain.Branch.Decision;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.ScalarAlu;
import org.bpfz.verifier.search.LinkedRegisters;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Value;

/** Conditional jumps: which ways can be gone, and what each way has learnt (check_cond_jmp_op). */
public final class Comparisons {
    private final Search search;
    private final Speculation speculation;
    private final NullChecks nullChecks;
    private final PacketChecks packetChecks;

    public Comparisons(Search search, Speculation speculation) {
        this.search = search;
        this.speculation = speculation;
        nullChecks = new NullChecks();
        packetChecks = new PacketChecks();
    }

    /** Refuses the instruction, or follows one way and leaves the other for later. */
    public void check(RawInstruction insn) {
        int operation = operationOf(insn);
        if (operation == JCOND) {
            mayGoto(insn);
            return;
        }
        if (operation == JA || operation > JCOND) {
            throw search.reject(Errno.EINVAL, "invalid BPF_JMP/JMP32 opcode " + Integer.toHexString(operation));
        }
        Register left = search.read(insn.dst());
        Register right = rightOf(insn, left);
        boolean leftIsStack = left.value().is(Kind.STACK);
        boolean rightIsStack = hasRegisterSource(insn) && right.value().is(Kind.STACK);
        if (leftIsStack || rightIsStack) {
            search.noteComparison(leftIsStack, rightIsStack);
        }
        Decision decision = decide(insn, left.value(), right.value());
        if (decision != Decision.EITHER) {
            goOneWay(insn, left, right, decision == Decision.ALWAYS);
        } else {
            goBothWays(insn, left, right);
        }
    }

    private Register rightOf(RawInstruction insn, Register left) {
        if (!hasRegisterSource(insn)) {
            if (insn.src() != 0) {
                throw reservedFields();
            }
            return Register.detached(Value.constant(insn.imm()));
        }
        if (insn.imm() != 0) {
            throw reservedFields();
        }
        Register right = search.read(insn.src());
        boolean packets = PacketChecks.isPacketOrEnd(left.value()) && PacketChecks.isPacketOrEnd(right.value());
        if (!packets && search.isSecret(right.value())) {
            throw search.reject(Errno.EACCES, "R" + insn.src() + " pointer comparison prohibited");
        }
        return right;
    }

    private RuntimeException reservedFields() {
        return search.reject(Errno.EINVAL, "BPF_JMP/JMP32 uses reserved fields");
    }

    /** may_goto falls through some unknown number of times; the way that leaves the loop is followed first. */
    private void mayGoto(RawInstruction insn) {
        if (classOf(insn) != JMP || hasRegisterSource(insn) || insn.src() != 0 || insn.dst() != 0 || insn.imm() != 0
                || insn.offset() == 0) {
            throw search.reject(Errno.EINVAL, "invalid may_goto off " + insn.offset() + " imm " + insn.imm());
        }
        State parent = search.state().lineage().parent();
        State before = parent == null ? null : search.openAncestor(parent, search.slot());
        State stay = search.pushLater(search.slot() + 1, search.slot(), false);
        stay.incrementMayGotoDepth();
        if (before != null) {
            search.widen(before, stay);
        }
        search.setSlot(search.slot() + insn.offset());
    }

    private static Width widthOf(RawInstruction insn) {
        return classOf(insn) == JMP32 ? Width.W32 : Width.W64;
    }

    private static Condition conditionOf(RawInstruction insn) {
        return switch (operationOf(insn)) {
            case JEQ -> Condition.EQ;
            case JGT -> Condition.GT;
            case JGE -> Condition.GE;
            case JSET -> Condition.SET;
            case JNE -> Condition.NE;
            case JSGT -> Condition.SGT;
            case JSGE -> Condition.SGE;
            case JLT -> Condition.LT;
            case JLE -> Condition.LE;
            case JSLT -> Condition.SLT;
            case JSLE -> Condition.SLE;
            default -> throw new IllegalArgumentException("no condition in opcode " + insn.opcode());
        };
    }

    /** Whether the comparison always or never holds (is_branch_taken). */
    private static Decision decide(RawInstruction insn, Value left, Value right) {
        Width width = widthOf(insn);
        Condition condition = conditionOf(insn);
        if (width == Width.W64 && PacketChecks.isPacketOrEnd(left) && PacketChecks.isPacketOrEnd(right)) {
            return PacketChecks.decide(condition, left, right);
        }
        if (left.isScalar() && right.isScalar()) {
            return Branch.decide(width, condition, left.number(), right.number());
        }
        if (width == Width.W32) {
            return Decision.EITHER;
        }
        Value number = right.isKnownScalar() ? right : left;
        Value pointer = right.isKnownScalar() ? left : right;
        if (!number.isNull() || !number.isKnownScalar() || !Trust.isNeverNull(pointer)) {
            return Decision.EITHER;
        }
        return switch (condition) {
            case EQ -> Decision.NEVER;
            case NE -> Decision.ALWAYS;
            default -> Decision.EITHER;
        };
    }

    private void goOneWay(RawInstruction insn, Register left, Register right, boolean taken) {
        if (left.value().isScalar()) {
            search.precision().require(insn.dst());
        }
        if (hasRegisterSource(insn) && right.value().isScalar()) {
            search.precision().require(insn.src());
        }
        search.noteBranch(taken);
        int target = search.slot() + insn.offset() + 1;
        speculation.followMispredicted(insn, taken ? search.slot() + 1 : target);
        search.traceChanges();
        if (taken) {
            search.setSlot(target - 1);
        }
    }

    private void goBothWays(RawInstruction insn, Register left, Register right) {
        search.noteBranches();
        boolean register = hasRegisterSource(insn);
        LinkedRegisters links = new LinkedRegisters();
        if (register && right.value().isScalar() && right.value().id() != 0) {
            links.collect(search.state(), right.value().link());
        }
        if (left.value().isScalar() && left.value().id() != 0) {
            links.collect(search.state(), left.value().link());
        }
        if (links.count() > 1) {
            search.noteLinks(links);
        }
        State stay = search.state();
        State jump = search.pushLater(search.slot() + insn.offset() + 1, search.slot(), false);
        Register jumpLeft = jump.register(insn.dst());
        Register jumpRight = register ? jump.register(insn.src()) : Register.detached(right.value());
        learn(insn, left, right, jumpLeft, jumpRight);
        if (register && right.value().isScalar() && right.value().id() != 0) {
            spread(stay, right, links);
            spread(jump, jumpRight, links);
        }
        if (left.value().isScalar() && left.value().id() != 0) {
            spread(stay, left, links);
            spread(jump, jumpLeft, links);
        }
        if (register && widthOf(insn) == Width.W64) {
            nullChecks.comparePointers(conditionOf(insn), left, right, jumpLeft, jumpRight);
        }
        comparePointer(insn, left, stay, jump);
        search.traceChanges();
    }

    private void comparePointer(RawInstruction insn, Register left, State stay, State jump) {
        boolean withZero = classOf(insn) == JMP && !hasRegisterSource(insn) && insn.imm() == 0;
        boolean equality = operationOf(insn) == JEQ || operationOf(insn) == JNE;
        if (withZero && equality && left.value().type().mayBeNull()) {
            nullChecks.compareWithNull(insn.dst(), operationOf(insn) == JEQ, stay, jump);
        } else if (!(classOf(insn) == JMP && hasRegisterSource(insn)
                && packetChecks.compare(conditionOf(insn), insn.dst(), insn.src(), stay, jump))
                && search.isSecret(left.value())) {
            throw search.reject(Errno.EACCES, "R" + insn.dst() + " pointer comparison prohibited");
        }
    }

    /** Both ways learn from the comparison of two numbers (reg_set_min_max). */
    private void learn(RawInstruction insn, Register left, Register right, Register jumpLeft, Register jumpRight) {
        if (!left.value().isScalar() || !right.value().isScalar()) {
            return;
        }
        boolean same = left.equals(right);
        Scalar leftNumber = left.value().number();
        Scalar rightNumber = right.value().number();
        refine(insn, false, leftNumber, rightNumber, left, right, same);
        refine(insn, true, leftNumber, rightNumber, jumpLeft, jumpRight, same);
        search.checkInvariants(jumpLeft, "true_reg1");
        search.checkInvariants(jumpRight, "true_reg2");
        search.checkInvariants(left, "false_reg1");
        search.checkInvariants(right, "false_reg2");
    }

    private static void refine(RawInstruction insn, boolean taken, Scalar leftNumber, Scalar rightNumber, Register left,
            Register right, boolean same) {
        if (same) {
            left.set(left.value().withNumber(Branch.refineSelf(widthOf(insn), conditionOf(insn), taken, leftNumber)));
        } else {
            Branch.Refined refined = Branch.refine(widthOf(insn), conditionOf(insn), taken, leftNumber, rightNumber);
            left.set(left.value().withNumber(refined.left()));
            right.set(right.value().withNumber(refined.right()));
        }
    }

    /** What one number has learnt, those linked with it learn (sync_linked_regs). */
    private static void spread(State state, Register known, LinkedRegisters links) {
        for (int i = 0; i < links.count(); i++) {
            Register register = links.at(state, i);
            Value value = register.value();
            if (register.equals(known) || !value.isScalar() || value.link() != known.value().link()) {
                continue;
            }
            boolean sameNumber = (!value.isLinkedByDistance() && !known.value().isLinkedByDistance())
                    || value.off() == known.value().off();
            int distance = value.off() - known.value().off();
            register.copyValue(known);
            if (!sameNumber) {
                Scalar number = ScalarAlu.add(known.value().number(), Scalar.constant(distance));
                register.set(new Value(known.value().type(), value.off(), Payload.None.NONE, number, value.id(),
                        known.value().refId(), 0));
            }
        }
    }
}
