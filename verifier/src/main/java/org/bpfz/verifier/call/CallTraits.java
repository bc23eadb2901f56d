package org.bpfz.verifier.call;

import org.bpfz.spec.isa.CallNames;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.Helpers;
import org.bpfz.spec.program.KfuncFlag;
import org.bpfz.spec.program.ProgramTraits;
import org.bpfz.spec.program.ReturnKind;
import org.bpfz.verifier.Options.HelperNumbers;
import org.bpfz.verifier.search.Fastcall;
import org.bpfz.verifier.structure.CallKinds;
import org.bpfz.verifier.structure.Opcodes;
import org.jspecify.annotations.Nullable;

/** What the tables say of a call, whatever its arguments are. */
public final class CallTraits implements CallKinds, Fastcall.Calls, CallNames {
    private static final int KERNEL_HELPERS = 212;
    private static final int CALLER_SAVED = 0b11_1111;

    private final ProgramTraits program;
    private final HelperNumbers numbers;
    private final KernelFunctions kernelFunctions;

    public CallTraits(ProgramTraits program, HelperNumbers numbers, KernelFunctions kernelFunctions) {
        this.program = program;
        this.numbers = numbers;
        this.kernelFunctions = kernelFunctions;
    }

    /** The number in the tables: the two compressor helpers may have other ones in code. */
    private int canonical(int number) {
        if (number == numbers.copyFromBuffer()) {
            return Helpers.COPY_FROM_BUFFER;
        }
        if (number == numbers.lzoCompress()) {
            return Helpers.LZO_COMPRESS;
        }
        return number == Helpers.COPY_FROM_BUFFER || number == Helpers.LZO_COMPRESS ? -1 : number;
    }

    /** Whether there is a helper of the number. */
    boolean exists(int number) {
        int known = canonical(number);
        return (known >= 0 && known < KERNEL_HELPERS) || known == Helpers.COPY_FROM_BUFFER
                || known == Helpers.LZO_COMPRESS;
    }

    /** The helper's name as the log prints it. */
    public String name(int number) {
        if (number == 0) {
            return "bpf_unspec";
        }
        String name = Helpers.name(canonical(number));
        return name == null ? "unknown" : name;
    }

    /** The prototype by which the program may call the helper, or null. */
    @Nullable
    HelperPrototype prototype(int number) {
        int known = canonical(number);
        return known == HelperId.OVERRIDE_RETURN && kernelFunctions.lacksHelper(name(known))
                ? null
                : Helpers.allowed(known, program);
    }

    /** Whether no pointer into the packet stays after a call of it. */
    boolean changesPacketData(int number) {
        return Helpers.prototypes(canonical(number)).stream().anyMatch(HelperPrototype::changesPacketData);
    }

    @Override
    public String helper(int number) {
        return name(number);
    }

    @Override
    public @Nullable Integer helper(String name) {
        return Helpers.all().stream().filter(row -> row.name().equals(name)).map(HelperPrototype::number).findFirst()
                .orElse(null);
    }

    @Override
    public @Nullable String kfunc(int btfId, short moduleIndex) {
        return kernelFunctions.name(btfId);
    }

    @Override
    public boolean callsBack(RawInstruction call) {
        return Opcodes.isHelperCall(call) && HelperId.callsBack(call.imm());
    }

    @Override
    public boolean armsCallback(RawInstruction call) {
        return Opcodes.isHelperCall(call) && call.imm() == HelperId.TIMER_SET_CALLBACK;
    }

    @Override
    public boolean changesPacketData(RawInstruction call) {
        return Opcodes.isHelperCall(call) && changesPacketData(call.imm());
    }

    @Override
    public boolean advancesIterator(RawInstruction call) {
        KernelFunction function = kernelFunctions.of(call);
        return function != null && function.has(KfuncFlag.ITER_NEXT);
    }

    @Override
    public int clobbered(RawInstruction call) {
        KernelFunction function = kernelFunctions.of(call);
        if (function != null && function.row() != null) {
            int result = function.prototype().returned() == 0 ? 0 : 1;
            return ((1 << function.arguments()) - 1) << 1 | result;
        }
        HelperPrototype prototype = Opcodes.isHelperCall(call) && exists(call.imm()) ? prototype(call.imm()) : null;
        if (prototype == null) {
            return CALLER_SAVED;
        }
        int result = prototype.result().kind() == ReturnKind.VOID ? 0 : 1;
        return ((1 << prototype.arguments().size()) - 1) << 1 | result;
    }

    /** Casts are no code at all (is_fastcall_kfunc_call); x86 makes bpf_get_smp_processor_id a load of a per-CPU variable (verifier_inlines_helper_call). */
    @Override
    public boolean isInlined(RawInstruction call) {
        KernelFunction function = kernelFunctions.of(call);
        if (function != null) {
            return function.name().equals(KfuncCalls.CAST_TO_KERN_CTX)
                    || function.name().equals(KfuncCalls.RDONLY_CAST);
        }
        HelperPrototype prototype = prototype(call.imm());
        return prototype != null && prototype.allowFastcall() && prototype.number() == HelperId.GET_SMP_PROCESSOR_ID;
    }
}
