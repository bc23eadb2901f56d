package org.bpfz.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.FuncInfo;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.live.FunctionBtf;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;

/** bpf_loop with a constant 0 iterations never comes to its callback, which is then taken out as dead code; seen on Linux 6.12.117. */
class UnreachedFunctionsTest {
    private static final RawInstruction ZERO = new RawInstruction(0xb7, 0, 0, (short) 0, 0);
    private static final RawInstruction EXIT = new RawInstruction(0x95, 0, 0, (short) 0, 0);
    private static final int MAIN = 9;

    /** A program that loops no times over the function at a slot, and calls the one at another unless that is 0. */
    private static Verdict verify(int callback, int called, int functions) {
        List<RawInstruction> code = new ArrayList<>();
        code.add(new RawInstruction(0xb7, 1, 0, (short) 0, 0));
        code.add(new RawInstruction(0x18, 2, 4, (short) 0, callback - 2));
        code.add(new RawInstruction(0, 0, 0, (short) 0, 0));
        code.add(new RawInstruction(0xb7, 3, 0, (short) 0, 0));
        code.add(new RawInstruction(0xb7, 4, 0, (short) 0, 0));
        code.add(new RawInstruction(0x85, 0, 0, (short) 0, 181));
        code.add(called == 0 ? ZERO : new RawInstruction(0x85, 0, 1, (short) 0, called - 7));
        code.add(ZERO);
        code.add(EXIT);
        List<FuncInfo> infos = new ArrayList<>(List.of(new FuncInfo(0, FunctionBtf.FIRST_FUNCTION)));
        for (int i = 0; i < functions; i++) {
            infos.add(new FuncInfo(code.size(), FunctionBtf.FIRST_FUNCTION + 1 + i));
            code.add(ZERO);
            code.add(EXIT);
        }
        Btf btf = Btf.read(FunctionBtf.of(functions + 1), BtfRules.KERNEL);
        return Verifier.verify(ProgramImage.builder("test", ProgramType.SOCKET_FILTER).code(code)
                .btf(new ProgramBtf(btf, infos, List.of())).build(), Options.privileged());
    }

    @Test
    void theLastFunctionOfSeveralIsNotFoundAgain() {
        assertEquals(Errno.EFAULT,
                assertInstanceOf(Verdict.Rejected.class, verify(MAIN + 2, MAIN, 2)).errno());
    }

    @Test
    void whereAnotherFunctionFollowsItsAddressIsTaken() {
        assertInstanceOf(Verdict.Accepted.class, verify(MAIN, MAIN + 2, 2));
    }

    @Test
    void whereNoFunctionButTheMainOneIsLeftNothingIsLookedUp() {
        assertInstanceOf(Verdict.Accepted.class, verify(MAIN, 0, 1));
    }
}
