package org.bpfz.verifier.transfer;

import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.program.MapType;
import org.bpfz.verifier.access.Trust;
import org.bpfz.verifier.btf.FieldKind;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;

/** Pointers that may be NULL, after they were compared (mark_ptr_or_null_regs, mark_ptr_not_null_reg). */
public final class NullChecks {
    NullChecks() {
    }

    /** Comparison with 0: on one way all that share the id are 0, on the other all are pointers. */
    void compareWithNull(int register, boolean equal, State stay, State jump) {
        settle(stay, register, !equal);
        settle(jump, register, equal);
    }

    private static void settle(State state, int register, boolean isNull) {
        Value value = state.register(register).value();
        int id = value.id();
        if (value.refId() != 0 && value.refId() == id && isNull) {
            state.frame().release(id);
        }
        state.forEachRegister(each -> settle(each, id, isNull));
    }

    private static void settle(Register register, int id, boolean isNull) {
        Value value = register.value();
        Type type = value.type();
        if (!type.mayBeNull() || value.id() != id || (id == 0 && !type.has(Type.RCU))) {
            return;
        }
        boolean moved = !value.number().isConstant(0)
                || (value.off() != 0 && !type.isAllocatedObject() && !type.isNonOwning());
        if (moved) {
            return;
        }
        if (isNull) {
            register.set(
                    new Value(Kind.SCALAR.plain(), value.off(), value.payload(), value.number(), 0, 0, value.frame()));
            return;
        }
        Value pointer = nonNull(value);
        register.set(mayHaveSpinLock(pointer) ? pointer : pointer.withId(0));
    }

    /** Whether the object has a spin lock: then its id says which (reg_may_point_to_spin_lock). */
    public static boolean mayHaveSpinLock(Value value) {
        return value.is(Kind.MAP_VALUE) && value.map().fields().has(FieldKind.SPIN_LOCK);
    }

    /** The pointer, known not to be NULL: what a lookup in a map of maps or sockets yields is no map value. */
    public static Value nonNull(Value value) {
        if (value.kind() != Kind.MAP_VALUE) {
            return value.withType(value.type().without(Type.MAYBE_NULL));
        }
        MapObject map = value.map();
        MapObject inner = map.inner();
        if (inner != null) {
            boolean timers = inner.fields().has(FieldKind.TIMER) || inner.fields().has(FieldKind.WORKQUEUE);
            return value.withType(Kind.CONST_MAP.plain())
                    .withPayload(new Payload.OfMap(inner, timers ? value.id() : value.mapUid()));
        }
        if (map.type() == MapType.XSKMAP) {
            return value.withType(Kind.XDP_SOCK.plain());
        }
        boolean sockets = map.type() == MapType.SOCKMAP || map.type() == MapType.SOCKHASH;
        return value.withType(sockets ? Kind.SOCKET.plain() : Kind.MAP_VALUE.plain());
    }

    /** Equality with a pointer that is not NULL says the same of the other one. */
    void comparePointers(Condition condition, Register left, Register right, Register jumpLeft, Register jumpRight) {
        boolean equality = condition == Condition.EQ || condition == Condition.NE;
        Value l = left.value();
        Value r = right.value();
        if (!equality || l.isScalar() || r.isScalar() || l.kind() == Kind.BTF_ID || r.kind() == Kind.BTF_ID) {
            return;
        }
        Register equalLeft = condition == Condition.EQ ? jumpLeft : left;
        Register equalRight = condition == Condition.EQ ? jumpRight : right;
        if (Trust.isNeverNull(l) && r.type().mayBeNull()) {
            equalRight.set(nonNull(equalRight.value()));
        }
        if (Trust.isNeverNull(r) && l.type().mayBeNull()) {
            equalLeft.set(nonNull(equalLeft.value()));
        }
    }
}
