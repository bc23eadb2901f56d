package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.FuncInfo;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.live.FunctionBtf;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;

/** Writes one program: the main function, then the functions and callbacks that calls have asked for. */
final class ProgramWriter {
    /** How much memory R1 points to where the profile gives memory. */
    static final int RAW_BYTES = 64;

    private static final int MOST_FUNCTIONS = 3;

    private final Dice dice;
    private final Profile profile;
    private final ProgramType type;
    private final CodeWriter code = new CodeWriter();
    private final List<Integer> calls = new ArrayList<>();
    private final List<Integer> callbacks = new ArrayList<>();
    private final List<Integer> functions = new ArrayList<>();
    private boolean inMain = true;

    ProgramWriter(Dice dice, Profile profile) {
        this.dice = dice;
        this.profile = profile;
        type = dice.of(profile.types());
    }

    Dice dice() {
        return dice;
    }

    Profile profile() {
        return profile;
    }

    CodeWriter code() {
        return code;
    }

    Surface surface() {
        return Surface.of(type, profile);
    }

    /** Whether any number may be returned, as far as the type alone says. */
    boolean returnsAnything() {
        return !inMain || type != ProgramType.CGROUP_SKB;
    }

    boolean mayCall() {
        return inMain && calls.size() < MOST_FUNCTIONS;
    }

    boolean mayCallBack() {
        return inMain && callbacks.isEmpty();
    }

    /** The local call at a slot is to go to a function that is still to be written. */
    void wantFunction(int call) {
        calls.add(call);
    }

    /** The immediate at a slot is to be the address of a callback that is still to be written. */
    void wantCallback(int immediate) {
        callbacks.add(immediate);
    }

    ProgramImage write(int statements, int sins) {
        functions.add(0);
        new FunctionWriter(this, sins).main(statements);
        inMain = false;
        for (int i = 0; i < calls.size(); i++) {
            if (i > 0 && dice.oneIn(3)) {
                code.aim(calls.get(i), functions.getLast());
                continue;
            }
            functions.add(code.here());
            code.land(calls.get(i));
            new FunctionWriter(this, 0).local(dice.between(1, 5));
        }
        for (int callback : callbacks) {
            functions.add(code.here());
            code.refer(callback, code.here());
            new FunctionWriter(this, 0).callback(dice.between(1, 4));
        }
        ProgramImage.Builder builder = ProgramImage.builder("generated", type).sleepable(type == ProgramType.SYSCALL)
                .code(code.slots()).maps(Surface.MAPS);
        if (type == ProgramType.COMPRESSOR) {
            builder.attachType(AttachType.COMPRESSOR);
        }
        if (!callbacks.isEmpty()) {
            builder.btf(types());
        }
        return builder.build();
    }

    /** What the kernel wants to know of functions before it lets their address be taken. */
    private ProgramBtf types() {
        Btf btf = Btf.read(FunctionBtf.of(functions.size()), BtfRules.KERNEL);
        List<FuncInfo> infos = new ArrayList<>();
        for (int i = 0; i < functions.size(); i++) {
            infos.add(new FuncInfo(functions.get(i), FunctionBtf.FIRST_FUNCTION + i));
        }
        return new ProgramBtf(btf, infos, List.of());
    }
}
