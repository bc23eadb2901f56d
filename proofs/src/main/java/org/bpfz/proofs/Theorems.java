package org.bpfz.proofs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bpfz.proofs.access.AccessTheorems;
import org.bpfz.proofs.codec.CodecTheorems;
import org.bpfz.proofs.engines.EngineTheorems;
import org.bpfz.proofs.kernel.KernelTheorems;
import org.bpfz.proofs.lzo.LzoTheorems;
import org.bpfz.proofs.pruning.PruningTheorems;
import org.bpfz.proofs.ranges.RangeTheorems;
import org.bpfz.proofs.syscalls.SyscallTheorems;
import org.bpfz.proofs.theorem.Theorem;

/** All theorems, group by group. */
public final class Theorems {
    private static final List<Theorem> ALL = make();

    private Theorems() {
    }

    private static List<Theorem> make() {
        List<Theorem> all = new ArrayList<>();
        all.addAll(KernelTheorems.all());
        all.addAll(RangeTheorems.all());
        all.addAll(AccessTheorems.all());
        all.addAll(PruningTheorems.all());
        all.addAll(EngineTheorems.all());
        all.addAll(CodecTheorems.all());
        all.addAll(LzoTheorems.all());
        all.addAll(SyscallTheorems.all());
        all.sort(Comparator.comparing(Theorem::group));
        return List.copyOf(all);
    }

    /** In the order of the groups. */
    public static List<Theorem> all() {
        return ALL;
    }

    /** Those whose name is the selector, or begins with it and a slash. */
    public static List<Theorem> selected(String selector) {
        return ALL.stream()
                .filter(theorem -> theorem.name().equals(selector) || theorem.name().startsWith(selector + "/"))
                .toList();
    }
}
