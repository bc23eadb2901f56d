package org.bpfz.verifier.structure;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.OpcodeTable;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.MapType;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.state.MapObject;

/** Opcodes are known, 64-bit immediates are whole and name maps that the program may use (resolve_pseudo_ldimm64). */
public final class ImmediateChecks {
    private static final int MAX_MAPS = 64;
    private static final int MAX_OFFSET = 1 << 29;

    private final Code code;
    private final List<MapObject> maps;
    private final MapRules rules;
    private final KernelVariables variables;
    private final VerifierLog log;
    private final Set<MapObject> used = new HashSet<>();

    public ImmediateChecks(Code code, List<MapObject> maps, MapRules rules, KernelVariables variables,
            VerifierLog log) {
        this.code = code;
        this.maps = maps;
        this.rules = rules;
        this.variables = variables;
        this.log = log;
    }

    public void check() {
        for (int i = 0; i < code.length(); i++) {
            RawInstruction insn = code.at(i);
            boolean load = Opcodes.classOf(insn) == Opcodes.LDX;
            boolean memory = Opcodes.modeOf(insn) == Opcodes.MEM || Opcodes.modeOf(insn) == Opcodes.MEMSX;
            if (load && (!memory || insn.imm() != 0)) {
                throw log.reject(Errno.EINVAL, i, "BPF_LDX uses reserved fields");
            }
            if (Opcodes.isLoadImm64(insn)) {
                check(i, insn);
                i++;
            } else if (OpcodeTable.rows(insn.opcode()).isEmpty()) {
                String hex = Integer.toHexString(insn.opcode());
                throw log.reject(Errno.EINVAL, i, "unknown opcode " + (hex.length() == 1 ? "0" : "") + hex);
            }
        }
    }

    private void check(int slot, RawInstruction insn) {
        RawInstruction second = slot + 1 < code.length() ? code.at(slot + 1) : null;
        if (second == null || second.opcode() != 0 || second.dst() != 0 || second.src() != 0 || second.offset() != 0) {
            throw log.reject(Errno.EINVAL, slot, "invalid bpf_ld_imm64 insn");
        }
        switch (insn.src()) {
            case 0, Opcodes.PSEUDO_FUNC -> {
            }
            case Opcodes.PSEUDO_BTF_ID -> variables.resolve(code, slot);
            case Opcodes.PSEUDO_MAP_VALUE, Opcodes.PSEUDO_MAP_IDX_VALUE ->
                checkValue(slot, map(slot, insn), second.imm());
            case Opcodes.PSEUDO_MAP_FD, Opcodes.PSEUDO_MAP_IDX -> {
                if (second.imm() != 0) {
                    throw unrecognised(slot);
                }
                map(slot, insn);
            }
            default -> throw unrecognised(slot);
        }
    }

    private RuntimeException unrecognised(int slot) {
        return log.reject(Errno.EINVAL, slot, "unrecognized bpf_ld_imm64 insn");
    }

    /** A program names its maps by index; a descriptor in it was left there by mistake. */
    private MapObject map(int slot, RawInstruction insn) {
        boolean index = insn.src() == Opcodes.PSEUDO_MAP_IDX || insn.src() == Opcodes.PSEUDO_MAP_IDX_VALUE;
        if (!index || insn.imm() < 0 || insn.imm() >= maps.size()) {
            throw log.reject(Errno.EBADF, slot, "fd " + insn.imm() + " is not pointing to valid bpf_map");
        }
        MapObject map = maps.get(insn.imm());
        if (used.add(map) && used.size() > MAX_MAPS) {
            throw log.reject(Errno.E2BIG, slot,
                    "The total number of maps per program has reached the limit of " + MAX_MAPS);
        }
        rules.check(slot, map);
        return map;
    }

    private void checkValue(int slot, MapObject map, int off) {
        if (Integer.compareUnsigned(off, MAX_OFFSET) >= 0) {
            throw log.reject(Errno.EINVAL, slot,
                    "direct value offset of " + Integer.toUnsignedString(off) + " is not allowed");
        }
        if (map.type() == MapType.ARENA) {
            return;
        }
        if (map.type() != MapType.ARRAY) {
            throw log.reject(Errno.EINVAL, slot, "no direct value access support for this map type");
        }
        boolean many = map.spec().maxEntries() != 1;
        if (many || Integer.compareUnsigned(off, map.valueSize()) >= 0) {
            throw log.reject(many ? Errno.ENOTSUPP : Errno.EINVAL, slot,
                    "invalid access to map value pointer, value_size="
                            + Integer.toUnsignedString(map.valueSize()) + " off=" + Integer.toUnsignedString(off));
        }
    }
}
