package org.bpfz.verifier.call;

import org.bpfz.spec.Errno;
import org.bpfz.spec.program.ProgramRule;
import org.bpfz.spec.program.ReturnRule;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.ReturnRange;
import org.bpfz.verifier.state.Value;

/** What a program, a global function or an asynchronous callback may return (check_return_code). */
public final class ReturnChecks {
    private final Search search;

    public ReturnChecks(Search search) {
        this.search = search;
    }

    /** The result in a register: R0 at exit, R1 where bpf_throw is given it. */
    public void check(int register) {
        Frame outermost = search.state().frame(0);
        boolean function = outermost.subprogram() != 0 && !outermost.isExceptionCallback();
        ReturnRule rule = ProgramRule.of(search.programType()).returnRule(search.traits());
        if (!function && rule instanceof ReturnRule.Nothing) {
            return;
        }
        Value value = search.read(register).value();
        if (search.isSecret(value)) {
            throw search.reject(Errno.EACCES, "R" + register + " leaks addr as return value");
        }
        if (outermost.isAsyncCallback()) {
            enforce(register, value, new ReturnRange(0, 0), "At async callback return");
            return;
        }
        if (function) {
            if (!value.isScalar()) {
                throw search.reject(Errno.EINVAL, "At subprogram exit the register R" + register
                        + " is not a scalar value (" + value.type() + ")");
            }
            return;
        }
        switch (rule) {
            case ReturnRule.Range(int min, int max) ->
                enforce(register, value, new ReturnRange(min, max), "At program exit");
            case ReturnRule.IntRange(int min, int max) ->
                enforceLow(register, value, new ReturnRange(min, max), "At program exit");
            case ReturnRule.Any _,ReturnRule.Nothing _ -> {
            }
        }
    }

    private void enforce(int register, Value value, ReturnRange range, String where) {
        requireKnown(register, value, where);
        if (!isWithin(range, value)) {
            throw search.reject(Errno.EINVAL, outside(value, range, where, "R" + register));
        }
    }

    /** The same of the lower 32 bits: a security hook returns an int. */
    private void enforceLow(int register, Value value, ReturnRange range, String where) {
        requireKnown(register, value, where);
        Range32 low = value.number().low();
        if (low.smin() < range.min() || low.smax() > range.max()) {
            throw search.reject(Errno.EINVAL, outside(value, range, where, "R" + register));
        }
    }

    private void requireKnown(int register, Value value, String where) {
        if (!value.isScalar()) {
            throw search.reject(Errno.EINVAL,
                    where + " the register R" + register + " is not a known value (" + value.type() + ")");
        }
        search.precision().require(register);
    }

    /** Whether all values of the number are in the range. */
    static boolean isWithin(ReturnRange range, Value value) {
        return range.min() <= value.number().wide().smin() && value.number().wide().smax() <= range.max();
    }

    /** The message about a number outside of a range (verbose_invalid_scalar). */
    static String outside(Value value, ReturnRange range, String where, String register) {
        long min = value.number().wide().smin();
        long max = value.number().wide().smax();
        String known = (min > Long.MIN_VALUE ? " smin=" + min : "") + (max < Long.MAX_VALUE ? " smax=" + max : "");
        return where + " the register " + register + " has" + (known.isEmpty() ? " unknown scalar value" : known)
                + " should have been in [" + range.min() + ", " + range.max() + "]";
    }
}
