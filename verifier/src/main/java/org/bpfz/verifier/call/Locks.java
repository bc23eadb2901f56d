package org.bpfz.verifier.call;

import org.bpfz.spec.Errno;
import org.bpfz.verifier.btf.Field;
import org.bpfz.verifier.btf.FieldKind;
import org.bpfz.verifier.btf.Fields;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.ActiveLock;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.verifier.state.Value;

/** Arguments that are special fields: spin locks, timers, places for kernel pointers (process_spin_lock and its kin). */
final class Locks {
    private final Search search;
    private final KernelTypes types;

    Locks(Search search, KernelTypes types) {
        this.search = search;
        this.types = types;
    }

    void spinLock(int register, boolean lock) {
        Value value = search.value(register);
        checkConstantOffset(register, value, "bpf_spin_lock");
        boolean inMap = value.is(Kind.MAP_VALUE);
        if (inMap && !value.map().isTyped()) {
            throw search.reject(Errno.EINVAL,
                    "map '" + value.map().name() + "' has to have BTF in order to use bpf_spin_lock");
        }
        Fields fields = inMap ? value.map().fields() : types.fieldsOf(value.btf(), value.typeId());
        Field field = fields.first(FieldKind.SPIN_LOCK);
        if (field == null) {
            throw search.reject(Errno.EINVAL, (inMap ? "map '" + value.map().name() : "local 'kptr")
                    + "' has no valid bpf_spin_lock");
        }
        if (field.offset() != value.constantOffset()) {
            throw search.reject(Errno.EINVAL, "off " + value.constantOffset()
                    + " doesn't point to 'struct bpf_spin_lock' that is at " + field.offset());
        }
        Object owner = inMap ? value.map() : value.btf();
        if (lock) {
            lock(owner, value.id());
        } else {
            unlock(owner, value.id());
        }
    }

    private void lock(Object owner, int id) {
        if (search.state().lock() != null) {
            throw search.reject(Errno.EINVAL, "Locking two bpf_spin_locks are not allowed");
        }
        search.state().setLock(new ActiveLock(owner, id));
    }

    private void unlock(Object owner, int id) {
        ActiveLock held = search.state().lock();
        if (held == null) {
            throw search.reject(Errno.EINVAL, "bpf_spin_unlock without taking a lock");
        }
        if (!held.matches(owner, id)) {
            throw search.reject(Errno.EINVAL, "bpf_spin_unlock of different lock");
        }
        search.state().forEachRegister(register -> {
            if (register.value().type().isNonOwning()) {
                search.invalidate(register);
            }
        });
        search.state().setLock(null);
    }

    private void checkConstantOffset(int register, Value value, String what) {
        if (!value.number().isConstant()) {
            throw search.reject(Errno.EINVAL,
                    "R" + register + " doesn't have constant offset. " + what + " has to be at the constant offset");
        }
    }

    void timer(int register, CallFacts facts) {
        Value value = search.value(register);
        MapObject map = value.map();
        checkConstantOffset(register, value, "bpf_timer");
        if (!map.isTyped()) {
            throw search.reject(Errno.EINVAL, "map '" + map.name() + "' has to have BTF in order to use bpf_timer");
        }
        Field field = map.fields().first(FieldKind.TIMER);
        if (field == null) {
            throw search.reject(Errno.EINVAL, "map '" + map.name() + "' has no valid bpf_timer");
        }
        if (field.offset() != value.constantOffset()) {
            throw search.reject(Errno.EINVAL, "off " + value.constantOffset()
                    + " doesn't point to 'struct bpf_timer' that is at " + field.offset());
        }
        facts.map = map;
        facts.mapUid = value.mapUid();
    }

    void kptrDestination(int register, CallFacts facts, KernelTypes kernelTypes) {
        Value value = search.value(register);
        Fields fields;
        if (value.type().isAllocatedObject()) {
            fields = kernelTypes.fieldsOf(value.btf(), value.typeId());
        } else {
            MapObject map = value.map();
            if (!map.isTyped()) {
                throw search.reject(Errno.EINVAL,
                        "map '" + map.name() + "' has to have BTF in order to use bpf_kptr_xchg");
            }
            fields = map.fields();
            facts.map = map;
        }
        checkConstantOffset(register, value, "kptr");
        if (!fields.has(FieldKind::isKptr)) {
            throw search.reject(Errno.EINVAL, "R" + register + " has no valid kptr");
        }
        int off = (int) value.constantOffset();
        Field field = fields.at(off, FieldKind::isKptr);
        if (field == null) {
            throw search.reject(Errno.EACCES, "off=" + off + " doesn't point to kptr");
        }
        if (field.kind() == FieldKind.KPTR_UNREF) {
            throw search.reject(Errno.EACCES, "off=" + off + " kptr isn't referenced kptr");
        }
        facts.kptr = field;
    }
}
