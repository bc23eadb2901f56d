package org.bpfz.verifier.call;

import java.util.HashMap;
import java.util.Map;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.Kfunc;
import org.bpfz.spec.program.ProgramTraits;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.structure.Opcodes;
import org.jspecify.annotations.Nullable;

/** The kernel functions that a program calls, by their numbers in the kernel's types (add_kfunc_call, fetch_kfunc_meta). */
public final class KernelFunctions {
    private static final int MAX = 256;
    /** A helper that no configuration leaves out. */
    private static final String ALWAYS_THERE = "bpf_get_current_task";

    private final @Nullable Btf kernel;
    private final ProgramTraits program;
    private final Map<Integer, KernelFunction> found = new HashMap<>();

    /** @param kernel the kernel's types, or null for a kernel without */
    public KernelFunctions(@Nullable Btf kernel, ProgramTraits program) {
        this.kernel = kernel;
        this.program = program;
    }

    /** Looks the function of a call up, before the search begins; refuses what is no function. */
    public void resolve(RawInstruction call, int slot, boolean gplCompatible, VerifierLog log) {
        if (kernel == null) {
            throw log.reject(Errno.ENOTSUPP, slot,
                    "calling kernel function is not supported without CONFIG_DEBUG_INFO_BTF");
        }
        if (!gplCompatible) {
            throw log.reject(Errno.EINVAL, slot, "cannot call kernel function from non-GPL compatible program");
        }
        int id = call.imm();
        if (id == 0 && call.offset() == 0) {
            // A function that the kernel lacks: refused only where a path comes to the call.
            return;
        }
        if (call.offset() != 0) {
            log.line(call.offset() < 0
                    ? "negative offset disallowed for kernel module function call"
                    : "kernel module function calls are not modelled");
            throw log.reject(Errno.EINVAL, slot, "failed to find BTF for kernel function");
        }
        if (found.containsKey(id)) {
            return;
        }
        if (found.size() == MAX) {
            throw log.reject(Errno.E2BIG, slot, "too many different kernel function calls");
        }
        if (!kernel.contains(id) || !(kernel.type(id) instanceof BtfType.Func function)) {
            throw log.reject(Errno.EINVAL, slot,
                    "kernel btf_id " + Integer.toUnsignedString(id) + " is not a function");
        }
        if (!(kernel.type(function.proto()) instanceof BtfType.FuncProto prototype)) {
            throw log.reject(Errno.EINVAL, slot,
                    "kernel function btf_id " + id + " does not have a valid func_proto");
        }
        found.put(id, new KernelFunction(kernel, id, function.name(), prototype,
                Kfunc.allowed(function.name(), program)));
    }

    /**
     * Whether the kernel was built without a helper that depends on its configuration (bpf_override_return: CONFIG_BPF_KPROBE_OVERRIDE). The types
     * of a kernel list its helpers' functions; types that list none say nothing.
     */
    boolean lacksHelper(String name) {
        return kernel != null && kernel.find(BtfType.Func.class, ALWAYS_THERE).isPresent()
                && kernel.find(BtfType.Func.class, name).isEmpty();
    }

    /** The function that is called, or null for a call of one that the kernel lacks and for any other instruction. */
    @Nullable
    KernelFunction of(RawInstruction call) {
        return Opcodes.isKfuncCall(call) && call.offset() == 0 ? found.get(call.imm()) : null;
    }

    /** The name of a function that is called, or null. */
    @Nullable
    String name(int id) {
        KernelFunction function = found.get(id);
        return function == null ? null : function.name();
    }
}
