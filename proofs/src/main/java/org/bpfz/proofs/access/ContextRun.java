package org.bpfz.proofs.access;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bpfz.spec.program.ContextLayout;
import org.bpfz.spec.program.ContextReading;
import org.bpfz.spec.program.ProgramTraits;
import org.bpfz.spec.program.ProgramType;

/** Asks the tables of all program types about accesses at an offset; yields those that are let through. */
public final class ContextRun implements UnaryOperator<String> {
    @Override
    public String apply(String offset) {
        List<String> accepted = new ArrayList<>();
        for (ProgramType type : EnumSet.complementOf(EnumSet.of(ProgramType.UNSPEC))) {
            for (int width : new int[]{1, 2, 4, 8}) {
                for (boolean write : new boolean[]{false, true}) {
                    if (isGranted(type, (int) Long.parseLong(offset), width, write)) {
                        accepted.add(type + (write ? " store of " : " load of ") + width);
                    }
                }
            }
        }
        return accepted.toString();
    }

    private static boolean isGranted(ProgramType type, int offset, int width, boolean write) {
        ContextLayout layout = ContextLayout.of(type);
        ProgramTraits traits = ProgramTraits.of(type);
        return layout.access(offset, width, write, false, traits) != null
                || layout.access(offset, width, write, false,
                        traits.reading(Set.of(ContextReading.NARROW_LOADS))) != null;
    }
}
