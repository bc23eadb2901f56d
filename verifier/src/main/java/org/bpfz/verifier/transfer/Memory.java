package org.bpfz.verifier.transfer;

import static org.bpfz.verifier.structure.Opcodes.*;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.access.Access;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;

/** Loads, stores and atomic operations (check_load_mem, check_store_reg, check_atomic). */
public final class Memory {
    private final Search search;
    private final MemoryAccess memory;

    public Memory(Search search, MemoryAccess memory) {
        this.search = search;
        this.memory = memory;
    }

    public void load(RawInstruction insn) {
        search.read(insn.src());
        search.overwrite(insn.dst());
        Value pointer = search.value(insn.src());
        Type through = pointer.type();
        memory.check(
                new Access(insn.src(), insn.offset(), bytesOf(insn), false, insn.dst(), false, modeOf(insn) == MEMSX));
        search.noteAccess(pointer, insn.offset(), bytesOf(insn));
        search.notePointerType(through, true);
        search.checkInvariants(search.register(insn.dst()), "ldx");
    }

    public void storeRegister(RawInstruction insn) {
        if (modeOf(insn) == ATOMIC) {
            atomic(insn);
            return;
        }
        if (modeOf(insn) != MEM || insn.imm() != 0) {
            throw search.reject(Errno.EINVAL, "BPF_STX uses reserved fields");
        }
        search.read(insn.src());
        store(insn, insn.src());
    }

    public void storeImmediate(RawInstruction insn) {
        if (modeOf(insn) != MEM || insn.src() != 0) {
            throw search.reject(Errno.EINVAL, "BPF_ST uses reserved fields");
        }
        store(insn, Access.NO_REGISTER);
    }

    private void store(RawInstruction insn, int register) {
        search.read(insn.dst());
        Value pointer = search.value(insn.dst());
        Type through = pointer.type();
        memory.check(new Access(insn.dst(), insn.offset(), bytesOf(insn), true, register, false, false));
        search.noteAccess(pointer, insn.offset(), bytesOf(insn));
        search.notePointerType(through, false);
        if (register != Access.NO_REGISTER && pointer.kind() != Kind.STACK) {
            search.exposeIfStack(search.value(register));
        }
    }

    private void atomic(RawInstruction insn) {
        switch (insn.imm()) {
            case ADD, ADD | FETCH, AND, AND | FETCH, OR, OR | FETCH, XOR, XOR | FETCH, XCHG, CMPXCHG ->
                readModifyWrite(insn);
            default -> {
                String hex = Integer.toHexString(insn.imm());
                throw search.reject(Errno.EINVAL,
                        "BPF_ATOMIC uses invalid atomic opcode " + (hex.length() == 1 ? "0" : "") + hex);
            }
        }
    }

    private void readModifyWrite(RawInstruction insn) {
        int size = bytesOf(insn);
        if (size < Integer.BYTES) {
            throw search.reject(Errno.EINVAL, "invalid atomic operand size");
        }
        search.read(insn.src());
        search.read(insn.dst());
        if (insn.imm() == CMPXCHG) {
            search.read(0);
            refuseSecret(0);
        }
        refuseSecret(insn.src());
        Value pointer = search.value(insn.dst());
        Type through = pointer.type();
        if (!isAllowed(through)) {
            throw search.reject(Errno.EACCES,
                    "BPF_ATOMIC stores into R" + insn.dst() + " " + through + " is not allowed");
        }
        int loaded = (insn.imm() & FETCH) == 0 ? Access.NO_REGISTER : insn.imm() == CMPXCHG ? 0 : insn.src();
        if (loaded != Access.NO_REGISTER) {
            search.define(loaded);
        }
        memory.check(new Access(insn.dst(), insn.offset(), size, false, Access.NO_REGISTER, true, false));
        if (loaded != Access.NO_REGISTER) {
            memory.check(new Access(insn.dst(), insn.offset(), size, false, loaded, true, false));
        }
        search.notePointerType(search.value(insn.dst()).type(), false);
        memory.check(new Access(insn.dst(), insn.offset(), size, true, Access.NO_REGISTER, true, false));
        search.noteAccess(pointer, insn.offset(), size);
    }

    private void refuseSecret(int register) {
        if (search.isSecret(search.value(register))) {
            throw search.reject(Errno.EACCES, "R" + register + " leaks addr into mem");
        }
    }

    /** Contexts, packets, flow keys and sockets can't be changed atomically (atomic_ptr_type_ok). */
    private static boolean isAllowed(Type type) {
        Kind kind = type.kind();
        boolean plain = type.flags() == 0;
        return !(plain && (kind == Kind.CTX || kind == Kind.FLOW_KEYS || kind.isSocketView())) && !kind.isPacketData();
    }
}
