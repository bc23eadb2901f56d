package org.bpfz.verifier.transfer;

import static org.bpfz.verifier.structure.Opcodes.*;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.MapType;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.Value;
import org.bpfz.verifier.structure.KernelVariables;

/** 64-bit immediates: numbers, maps and their values, functions, kernel variables (check_ld_imm). */
public final class Immediates {
    private final Search search;
    private final KernelVariables variables;

    public Immediates(Search search, KernelVariables variables) {
        this.search = search;
        this.variables = variables;
    }

    /** Refuses the instruction or carries it out; the search is left at its second slot. */
    public void check(RawInstruction insn) {
        if (sizeOf(insn) != DW) {
            throw search.reject(Errno.EINVAL, "invalid BPF_LD_IMM insn");
        }
        if (insn.offset() != 0) {
            throw search.reject(Errno.EINVAL, "BPF_LD_IMM64 uses reserved fields");
        }
        Register dst = search.define(insn.dst());
        int slot = search.slot();
        switch (insn.src()) {
            case 0 -> dst.set(Value.constant(search.code().imm64(slot)));
            case PSEUDO_BTF_ID -> dst.set(variables.at(slot));
            case PSEUDO_FUNC -> dst.set(function(slot));
            case PSEUDO_MAP_VALUE, PSEUDO_MAP_IDX_VALUE -> {
                MapObject map = search.map(insn.imm());
                if (map.type() == MapType.ARENA) {
                    search.forget(dst);
                } else {
                    int off = search.code().at(slot + 1).imm();
                    dst.set(Value.pointer(Kind.MAP_VALUE.plain(), new Payload.OfMap(map, 0)).withOff(off));
                }
            }
            case PSEUDO_MAP_FD, PSEUDO_MAP_IDX ->
                dst.set(Value.pointer(Kind.CONST_MAP.plain(), new Payload.OfMap(search.map(insn.imm()), 0)));
            default -> throw search.reject(Errno.EINVAL, "bpf verifier is misconfigured");
        }
        search.setSlot(slot + 1);
    }

    private Value function(int slot) {
        if (search.btf() == null) {
            throw search.reject(Errno.EINVAL, "missing btf func_info");
        }
        int subprogram = search.subprograms().find(search.code().function(slot));
        if (search.subprograms().get(subprogram).isGlobal()) {
            throw search.reject(Errno.EINVAL, "callback function not static");
        }
        if (subprogram == 0) {
            throw search.reject(Errno.EINVAL, "callback function cannot be the main program");
        }
        return Value.pointer(Kind.FUNC.plain(), new Payload.OfFunction(subprogram));
    }
}
