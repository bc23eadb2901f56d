package org.bpfz.verifier.call;

import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.program.KfuncFlag;
import org.bpfz.verifier.access.Access;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.access.StackObjects;
import org.bpfz.verifier.btf.TypeNames;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.IteratorState;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.SlotType;
import org.bpfz.verifier.state.StackSlot;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;
import org.bpfz.verifier.transfer.NullChecks;

/**
 * Open-coded iterators: a structure on the stack that a first function begins, a second one advances until it gives NULL, and a third one
 * ends (process_iter_arg, process_iter_next_call).
 *
 * <p>A step goes two ways: the iterator is drained and gives NULL, or it stays active, one deeper, and gives something. The loop is through
 * when the state repeats; numbers that nobody has asked for exactly are forgotten to make it repeat.
 */
final class Iterators {
    private static final String PREFIX = "bpf_iter_";

    private final Search search;
    private final MemoryAccess memory;
    private final References references;
    private final StackObjects objects;

    Iterators(Search search, MemoryAccess memory, References references) {
        this.search = search;
        this.memory = memory;
        this.references = references;
        objects = memory.objects();
    }

    /** An argument that is an iterator: a new one, or one that was begun. */
    void pass(int register, KfuncFacts facts) {
        KernelFunction function = facts.function;
        Value pointer = search.value(register);
        int argument = register - 1;
        if (!pointer.is(Kind.STACK)) {
            throw search.reject(Errno.EINVAL, "arg#" + argument + " expected pointer to an iterator on stack");
        }
        int typeId = structureOf(function, argument);
        if (typeId == 0) {
            throw search.reject(Errno.EINVAL, "expected valid iter pointer as arg #" + argument);
        }
        int slots = (int) (function.btf().sizeOf(typeId) / StackSlot.BYTES);
        String name = TypeNames.iterator(function.btf(), typeId);
        if (function.has(KfuncFlag.ITER_NEW)) {
            if (!isFree(pointer, slots)) {
                throw search.reject(Errno.EINVAL, "expected uninitialized iter_" + name + " as arg #" + argument);
            }
            for (int i = 0; i < slots; i++) {
                memory.check(Access.store(register, i * StackSlot.BYTES, StackSlot.BYTES));
            }
            begin(pointer, function, typeId, slots);
            return;
        }
        checkBegun(pointer, function, typeId, slots, name, argument);
        Frame frame = objects.frameOf(pointer);
        int first = objects.find(pointer, "iter", slots);
        for (int i = 0; i < slots; i++) {
            search.liveness().markRead(frame.slot(first - i).spilled());
            search.printer().touchSlot(first - i);
        }
        facts.iteratorFrame = pointer.frame();
        facts.iteratorSlot = first;
        facts.refId = frame.slot(first).spilled().value().refId();
        if (function.has(KfuncFlag.ITER_DESTROY)) {
            end(frame, first, slots);
        }
    }

    /** The structure that the argument points to, if it is an iterator's, or 0 (btf_check_iter_arg). */
    private static int structureOf(KernelFunction function, int argument) {
        Btf btf = function.btf();
        if (!(function.typeOf(argument) instanceof BtfType.Ptr pointer)) {
            return 0;
        }
        int id = btf.skipModifiers(pointer.target());
        boolean iterator = btf.type(id) instanceof BtfType.Struct && btf.type(id).name().startsWith(PREFIX);
        return iterator && btf.sizeOf(id) > 0 && btf.sizeOf(id) % StackSlot.BYTES == 0 ? id : 0;
    }

    private boolean isFree(Value pointer, int slots) {
        int first = objects.find(pointer, "iter", slots);
        if (first == StackObjects.UNUSED) {
            return true;
        }
        if (first < 0) {
            return false;
        }
        Frame frame = objects.frameOf(pointer);
        for (int i = 0; i < slots; i++) {
            for (int b = 0; b < StackSlot.BYTES; b++) {
                if (frame.slot(first - i).type(b) == SlotType.ITER) {
                    return false;
                }
            }
        }
        return true;
    }

    private void begin(Value pointer, KernelFunction function, int typeId, int slots) {
        Frame frame = objects.frameOf(pointer);
        int first = objects.find(pointer, "iter", slots);
        int reference = references.acquire();
        int flags = !function.has(KfuncFlag.RCU_PROTECTED) ? 0 : search.isRcuProtected() ? Type.RCU : Type.UNTRUSTED;
        Payload payload = new Payload.OfIterator(function.btf(), typeId, IteratorState.ACTIVE, 0);
        for (int i = 0; i < slots; i++) {
            StackSlot slot = frame.slot(first - i);
            slot.spilled().set(new Value(Type.of(Kind.STACK, flags), 0, payload, Scalar.ZERO, 0,
                    i == 0 ? reference : 0, 0));
            slot.spilled().markWritten();
            slot.setTypes(SlotType.ITER.everywhere());
            search.printer().touchSlot(first - i);
        }
    }

    private void checkBegun(Value pointer, KernelFunction function, int typeId, int slots, String name, int argument) {
        int first = objects.find(pointer, "iter", slots);
        boolean begun = first >= 0;
        Frame frame = objects.frameOf(pointer);
        for (int i = 0; begun && i < slots; i++) {
            StackSlot slot = frame.slot(first - i);
            Value value = slot.spilled().value();
            if (value.type().has(Type.UNTRUSTED)) {
                throw search.reject(Errno.EPROTO, "expected an RCU CS when using " + function.name());
            }
            begun = (i == 0) == (value.refId() != 0) && value.payload() instanceof Payload.OfIterator of
                    && of.btf() == function.btf() && of.typeId() == typeId
                    && slot.types() == SlotType.ITER.everywhere();
        }
        if (!begun) {
            throw search.reject(Errno.EINVAL, "expected an initialized iter_" + name + " as arg #" + argument);
        }
    }

    private void end(Frame frame, int first, int slots) {
        for (int i = 0; i < slots; i++) {
            StackSlot slot = frame.slot(first - i);
            if (i == 0) {
                references.release(slot.spilled().value().refId());
            }
            search.clear(slot.spilled());
            slot.spilled().markWritten();
            slot.setTypes(SlotType.INVALID.everywhere());
            search.printer().touchSlot(first - i);
        }
    }

    /** A step: the path goes on with a drained iterator and NULL, another one with an active iterator and what it gives. */
    void advance(KfuncFacts facts) {
        State state = search.state();
        if (stateOf(facts.iterator(state)) == IteratorState.ACTIVE) {
            State parent = state.lineage().parent();
            State before = parent == null ? null : search.openAncestor(parent, search.slot());
            State more = search.pushLater(search.slot() + 1, search.slot(), false);
            Register iterator = facts.iterator(more).spilled();
            Payload.OfIterator active = (Payload.OfIterator) iterator.value().payload();
            iterator.set(iterator.value().withPayload(new Payload.OfIterator(active.btf(), active.typeId(),
                    IteratorState.ACTIVE, active.depth() + 1)));
            if (before != null) {
                search.widen(before, more);
            }
            Register given = more.register(0);
            given.set(NullChecks.nonNull(given.value()));
        }
        Register iterator = facts.iterator(state).spilled();
        Payload.OfIterator drained = (Payload.OfIterator) iterator.value().payload();
        iterator.set(iterator.value().withPayload(
                new Payload.OfIterator(drained.btf(), drained.typeId(), IteratorState.DRAINED, drained.depth())));
        state.register(0).set(Value.constant(0), !search.isBpfCapable());
    }

    private static IteratorState stateOf(StackSlot slot) {
        return ((Payload.OfIterator) slot.spilled().value().payload()).state();
    }
}
