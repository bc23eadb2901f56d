package org.bpfz.verifier.call;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.program.ArgKind;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.btf.Argument;
import org.bpfz.verifier.btf.FunctionArguments;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.DynptrKind;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;
import org.bpfz.verifier.structure.Subprogram;
import org.bpfz.verifier.transfer.NullChecks;

/** Functions by their prototype: what a call must pass (btf_check_func_arg_match) and what a global one may expect. */
public final class GlobalFunctions {
    private final Search search;
    private final MemoryAccess memory;
    private final KernelTypes types;
    private final FunctionArguments prototypes;
    private final ArgumentTypes argumentTypes;
    private final Dynptrs dynptrs;

    public GlobalFunctions(Search search, MemoryAccess memory, KernelTypes types, References references) {
        this.search = search;
        this.memory = memory;
        this.types = types;
        prototypes = new FunctionArguments(types, search.log(), search.image());
        argumentTypes = new ArgumentTypes(search, memory, types);
        dynptrs = new Dynptrs(search, memory, references);
    }

    /** The arguments that the function's prototype names; refuses one that it can't name. */
    public List<Argument> arguments(int index) {
        Subprogram subprogram = search.subprograms().get(index);
        List<Argument> known = subprogram.arguments();
        if (known == null) {
            known = prototypes.of(subprogram, index);
            subprogram.setArguments(known);
        }
        return known;
    }

    /** Holds the caller's registers against the prototype (btf_check_subprog_call). */
    void checkCall(int index) {
        Subprogram subprogram = search.subprograms().get(index);
        if (search.btf() == null || subprogram.isUnreliable()) {
            throw new Rejection(Errno.EINVAL);
        }
        try {
            List<Argument> arguments = arguments(index);
            for (int i = 0; i < arguments.size(); i++) {
                check(i + 1, arguments.get(i));
            }
        } catch (Rejection rejection) {
            subprogram.markUnreliable();
            throw rejection;
        }
    }

    private void check(int register, Argument argument) {
        Value value = search.value(register);
        int number = register - 1;
        switch (argument.kind()) {
            case ANYTHING -> {
                if (!value.isScalar()) {
                    throw search.reject(Errno.EINVAL, "R" + register + " is not a scalar");
                }
            }
            case CTX -> {
                argumentTypes.checkOffset(value, register, false, false);
                if (!value.is(Kind.CTX)) {
                    throw search.reject(Errno.EINVAL, "arg#" + number + " expects pointer to ctx");
                }
            }
            case MEM -> {
                argumentTypes.checkOffset(value, register, false, false);
                checkMemory(register, argument.size());
                if (!argument.nullable() && value.type().mayBeNull()) {
                    throw search.reject(Errno.EINVAL, "arg#" + number + " is expected to be non-NULL");
                }
            }
            case ARENA -> {
                if (!value.is(Kind.ARENA) && !value.isScalar()) {
                    throw search.reject(Errno.EINVAL, "R" + register + " is not a pointer to arena or scalar.");
                }
            }
            case DYNPTR -> {
                argumentTypes.checkOffset(value, register, false, true);
                dynptrs.pass(register, Type.RDONLY, 0);
            }
            case TRUSTED -> checkTrusted(register, value, argument);
        }
    }

    /** Memory that the callee may read and write, unless it is NULL (check_mem_reg). */
    private void checkMemory(int register, int size) {
        Register place = search.register(register);
        Value value = place.value();
        if (value.isNull()) {
            return;
        }
        place.set(NullChecks.nonNull(value));
        try {
            memory.checkHelper(register, size, false, true, null);
            memory.checkHelper(register, size, true, true, null);
        } catch (Rejection _) {
            throw new Rejection(Errno.EINVAL);
        } finally {
            place.set(value);
        }
    }

    private void checkTrusted(int register, Value value, Argument argument) {
        Btf kernel = types.kernel();
        if ((value.isNull() && argument.nullable()) || kernel == null) {
            return;
        }
        int flags = Type.TRUSTED | (argument.nullable() ? Type.MAYBE_NULL : 0);
        String struct = kernel.type(argument.typeId()).name();
        argumentTypes.check(register, new ArgumentRule(ArgKind.PTR_TO_BTF_ID, flags, 0, struct),
                new CallFacts(0, false));
        argumentTypes.checkOffset(value, register, false, false);
    }

    /** Fills the registers of a function that is verified by itself (do_check_common). */
    public void prepare(Frame frame, List<Argument> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            Register register = frame.register(i + 1);
            Argument argument = arguments.get(i);
            switch (argument.kind()) {
                case CTX -> register.set(Value.pointer(Kind.CTX));
                case ANYTHING, ARENA -> search.forget(register);
                case DYNPTR -> register.set(Dynptrs.constant(DynptrKind.LOCAL, true, search.nextId()));
                case MEM -> register.set(Value.pointer(Type.of(Kind.MEM, argument.nullable() ? Type.MAYBE_NULL : 0),
                        new Payload.Region(argument.size(), 0)).withId(search.nextId()));
                case TRUSTED -> register.set(trusted(argument).withId(search.nextId()));
            }
        }
    }

    private Value trusted(Argument argument) {
        Btf kernel = types.kernel();
        if (kernel == null) {
            return Value.ANY_NUMBER;
        }
        int flags = Type.TRUSTED | (argument.nullable() ? Type.MAYBE_NULL : 0);
        return Value.pointer(Type.of(Kind.BTF_ID, flags), new Payload.OfBtf(kernel, argument.typeId()));
    }
}
