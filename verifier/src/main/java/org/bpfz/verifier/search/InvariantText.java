package org.bpfz.verifier.search;

import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.log.Numbers;
import org.bpfz.verifier.log.VerifierLog;

/** The line about a number that contradicts itself. */
final class InvariantText {
    private InvariantText() {
    }

    static void print(VerifierLog log, String where, String violation, Scalar number) {
        Range64 wide = number.wide();
        Range32 low = number.low();
        log.line("REG INVARIANTS VIOLATION (" + where + "): " + violation + " u64=[" + Numbers.hex(wide.umin()) + ", "
                + Numbers.hex(wide.umax()) + "] s64=[" + Numbers.hex(wide.smin()) + ", " + Numbers.hex(wide.smax())
                + "] u32=[" + Numbers.hex(low.umin()) + ", " + Numbers.hex(low.umax()) + "] s32=["
                + Numbers.hex(low.smin()) + ", " + Numbers.hex(low.smax()) + "] var_off=("
                + Numbers.hex(number.bits().value()) + ", " + Numbers.hex(number.bits().mask()) + ")");
    }
}
