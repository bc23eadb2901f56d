package org.bpfz.verifier.log;

import org.bpfz.spec.isa.Reg;
import org.bpfz.verifier.btf.TypeNames;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Reference;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.SlotType;
import org.bpfz.verifier.state.StackSlot;
import org.bpfz.verifier.state.Value;

/**
 * Abstract states as the log shows them (kernel/bpf/log.c: print_verifier_state, print_reg_state). It keeps which registers and slots
 * changed since they were last shown, as a line behind an instruction shows those only.
 */
public final class StatePrinter {
    private final VerifierLog log;
    private int changedRegisters;
    private long changedSlots;

    public StatePrinter(VerifierLog log) {
        this.log = log;
    }

    /** A register was used or changed. */
    public void touch(int register) {
        changedRegisters |= 1 << register;
    }

    /** A stack slot was used or changed. */
    public void touchSlot(int slot) {
        changedSlots |= 1L << slot;
    }

    /** Everything may have changed. */
    public void touchAll() {
        changedRegisters = -1;
        changedSlots = -1;
    }

    /** Whether anything was used or changed since the last line. */
    public boolean isTouched() {
        return changedRegisters != 0 || changedSlots != 0;
    }

    /** Nothing is left to show. */
    public void clean() {
        changedRegisters = 0;
        changedSlots = 0;
    }

    /** The whole frame, and a line end. */
    public void printAll(Frame frame) {
        print(frame, -1, -1);
    }

    /** What changed in the frame, and a line end. */
    public void printChanged(Frame frame) {
        print(frame, changedRegisters, changedSlots);
        clean();
    }

    private void print(Frame frame, int registers, long slots) {
        if (frame.number() != 0) {
            log.print(" frame").print(frame.number()).print(':');
        }
        for (int i = 0; i < Reg.COUNT; i++) {
            Register register = frame.register(i);
            if (register.value().kind() != Kind.NOT_INIT && (registers >> i & 1) != 0) {
                log.print(" R").print(i);
                printLiveness(register);
                log.print('=');
                printValue(frame, register);
            }
        }
        for (int i = 0; i < frame.slots(); i++) {
            if ((slots >> i & 1) != 0 && frame.slot(i).types() != 0) {
                i = printSlot(frame, i);
            }
        }
        printReferences(frame);
        if (frame.isCallback()) {
            log.print(" cb");
        }
        if (frame.isAsyncCallback()) {
            log.print(" async_cb");
        }
        log.print('\n');
    }

    /** Prints a slot and says which was the last: a dynptr takes two. */
    private int printSlot(Frame frame, int index) {
        StackSlot slot = frame.slot(index);
        switch (slot.kind()) {
            case SPILL -> {
                printSlotName(index, slot.spilled());
                log.print(typesBeforeSpill(slot));
                printValue(frame, slot.spilled());
            }
            case DYNPTR -> {
                Register second = frame.slot(index + 1).spilled();
                printSlotName(index + 1, second);
                printDynptr(second.value());
                return index + 1;
            }
            case ITER -> printIterator(index, slot.spilled());
            case INVALID, MISC, ZERO -> {
                printSlotName(index, slot.spilled());
                log.print(types(slot, StackSlot.BYTES));
            }
        }
        return index;
    }

    private void printSlotName(int index, Register register) {
        log.print(" fp").print(-(index + 1L) * StackSlot.BYTES);
        printLiveness(register);
        log.print('=');
    }

    private static String typesBeforeSpill(StackSlot slot) {
        int count = 0;
        while (slot.type(count) != SlotType.SPILL) {
            count++;
        }
        return types(slot, count);
    }

    private static String types(StackSlot slot, int count) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            letters.append(slot.type(i).letter());
        }
        return letters.toString();
    }

    private void printDynptr(Value value) {
        log.print("dynptr_").print(((Payload.OfDynptr) value.payload()).kind().logName()).print('(');
        String separator = "";
        if (value.id() != 0) {
            log.print("id=").print(value.id());
            separator = ",";
        }
        if (value.refId() != 0) {
            log.print(separator).print("ref_id=").print(value.refId());
            separator = ",";
        }
        // The kernel prints the second word of the payload's union under this name: for a dynptr, whether this is its first slot.
        if (((Payload.OfDynptr) value.payload()).first()) {
            log.print(separator).print("dynptr_id=1");
        }
        log.print(')');
    }

    private void printIterator(int index, Register register) {
        Value value = register.value();
        if (value.refId() == 0) {
            return;
        }
        Payload.OfIterator iterator = (Payload.OfIterator) value.payload();
        printSlotName(index, register);
        log.print("iter_").print(TypeNames.iterator(iterator.btf(), iterator.typeId())).print("(ref_id=")
                .print(value.refId());
        log.print(",state=").print(iterator.state().logName()).print(",depth=").print(iterator.depth()).print(')');
    }

    private void printReferences(Frame frame) {
        String separator = " refs=";
        for (Reference reference : frame.references()) {
            log.print(separator).print(reference.id());
            separator = ",";
        }
    }

    private void printLiveness(Register register) {
        if (register.live() == 0) {
            return;
        }
        log.print('_');
        if (register.isLive(Register.READ)) {
            log.print('r');
        }
        if (register.isLive(Register.WRITTEN)) {
            log.print('w');
        }
        if (register.isLive(Register.DONE)) {
            log.print('D');
        }
    }

    private void printValue(Frame frame, Register register) {
        Value value = register.value();
        Scalar number = value.number();
        if (value.isScalar()) {
            if (register.isPrecise()) {
                log.print('P');
            }
            if (number.isConstant()) {
                log.print(Numbers.signed(number.bits().value()));
                return;
            }
        }
        log.print(value.type().toString());
        if (value.is(Kind.ARENA)) {
            return;
        }
        if (value.is(Kind.STACK)) {
            if (value.frame() != frame.number()) {
                log.print('[').print(value.frame()).print(']');
            }
            if (number.isConstant()) {
                log.print(Numbers.signed(value.constantOffset()));
                return;
            }
        }
        if (value.kind() == Kind.BTF_ID) {
            log.print(TypeNames.of(value.btf(), value.typeId()));
        }
        log.print('(').print(details(value)).print(')');
    }

    private static String details(Value value) {
        Details details = new Details();
        if (value.id() != 0) {
            details.add("id=" + value.link());
        }
        if (value.isLinkedByDistance()) {
            details.append(Numbers.plus(value.off()));
        }
        if (value.refId() != 0) {
            details.add("ref_obj_id=" + value.refId());
        }
        if (value.type().isNonOwning()) {
            details.add("non_own_ref");
        }
        if (value.kind().isOfMap()) {
            if (!value.map().name().isEmpty()) {
                details.add("map=" + value.map().name());
            }
            details.add("ks=" + value.map().keySize() + ",vs=" + value.map().valueSize());
        }
        if (!value.isScalar() && value.off() != 0) {
            details.add("off=" + Numbers.signed(value.off()));
        }
        if (value.kind().isPacketData()) {
            details.add("r=" + Numbers.unsigned(value.packetRange()));
        }
        if (value.kind() == Kind.MEM) {
            details.add("sz=" + Numbers.unsigned(Integer.toUnsignedLong(value.regionSize())));
        }
        if (value.is(Kind.DYNPTR) && value.payload() instanceof Payload.OfDynptr dynptr) {
            details.add("type=" + dynptr.kind().logName());
        }
        addNumber(details, value.number());
        return details.toString();
    }

    private static void addNumber(Details details, Scalar number) {
        if (!number.isConstant()) {
            RangeText.addTo(details, number);
            if (number.bits().mask() != -1) {
                details.add("var_off=" + Numbers.tnum(number.bits()));
            }
        } else if (number.bits().value() != 0) {
            details.add("imm=" + Numbers.signed(number.bits().value()));
        }
    }

    /** Comma-separated items. */
    static final class Details {
        private final StringBuilder text = new StringBuilder();

        void add(String item) {
            if (!text.isEmpty()) {
                text.append(',');
            }
            text.append(item);
        }

        void append(String more) {
            text.append(more);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
