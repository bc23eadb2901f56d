package org.bpfz.verifier.structure;

import java.util.HashMap;
import java.util.Map;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.MalformedBtf;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;
import org.jspecify.annotations.Nullable;

/** Kernel variables and functions that 64-bit immediates name by BTF id (check_pseudo_btf_id). */
public final class KernelVariables {
    private static final String PER_CPU_SECTION = ".data..percpu";

    private final @Nullable Btf kernel;
    private final VerifierLog log;
    private final Map<Integer, Value> values = new HashMap<>();

    public KernelVariables(@Nullable Btf kernel, VerifierLog log) {
        this.kernel = kernel;
        this.log = log;
    }

    /** What the immediate at a slot is. */
    public Value at(int slot) {
        return values.getOrDefault(slot, Value.NOTHING);
    }

    /** Looks an immediate up before the search begins. */
    public void resolve(Code code, int slot) {
        int id = code.at(slot).imm();
        if (code.at(slot + 1).imm() != 0) {
            throw log.reject(Errno.EINVAL, slot, "invalid module BTF object FD specified.");
        }
        if (kernel == null) {
            throw log.reject(Errno.EINVAL, slot,
                    "kernel is missing BTF, make sure CONFIG_DEBUG_INFO_BTF=y is specified in Kconfig.");
        }
        if (!kernel.contains(id)) {
            throw log.reject(Errno.ENOENT, slot, "ldimm64 insn specifies invalid btf_id " + id + ".");
        }
        switch (kernel.type(id)) {
            case BtfType.Func _ -> values.put(slot, memory(0));
            case BtfType.Var variable -> values.put(slot, variable(kernel, id, variable, slot));
            default -> throw log.reject(Errno.EINVAL, slot,
                    "pseudo btf_id " + id + " in ldimm64 isn't KIND_VAR or KIND_FUNC");
        }
    }

    private static Value memory(int size) {
        return Value.pointer(Type.of(Kind.MEM, Type.RDONLY), new Payload.Region(size, 0));
    }

    private Value variable(Btf btf, int id, BtfType.Var variable, int slot) {
        Payload payload = new Payload.OfBtf(btf, variable.type());
        if (isPerCpu(btf, id)) {
            return Value.pointer(Type.of(Kind.BTF_ID, Type.PERCPU), payload);
        }
        if (btf.resolved(variable.type()) instanceof BtfType.Composite) {
            return Value.pointer(Kind.BTF_ID.plain(), payload);
        }
        try {
            return memory((int) btf.sizeOf(variable.type()));
        } catch (MalformedBtf _) {
            throw log.reject(Errno.EINVAL, slot,
                    "ldimm64 unable to resolve the size of type '" + btf.resolved(variable.type()).name() + "': -22");
        }
    }

    private static boolean isPerCpu(Btf btf, int id) {
        return btf.find(BtfType.DataSec.class, PER_CPU_SECTION).stream()
                .mapToObj(section -> (BtfType.DataSec) btf.type(section)).flatMap(section -> section.vars().stream())
                .anyMatch(each -> each.type() == id);
    }
}
