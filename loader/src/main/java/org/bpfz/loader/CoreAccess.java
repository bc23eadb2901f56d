package org.bpfz.loader;

import java.util.List;
import java.util.Locale;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Array;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.EnumValue;
import org.bpfz.spec.btf.BtfType.Enumeration;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.CoreRelocation;
import org.jspecify.annotations.Nullable;

/** Says in words which type and field a CO-RE relocation asks about. */
final class CoreAccess {
    private CoreAccess() {
    }

    /** For example {@code field_byte_offset of struct task_struct.pid}. An access that fits no type is quoted as it is. */
    static String describe(Btf btf, CoreRelocation relocation) {
        String kind = relocation.kind().name().toLowerCase(Locale.ROOT);
        String path = path(btf, relocation.typeId(), relocation.access().split(":", -1));
        return kind + " of " + btf.describe(relocation.typeId())
                + (path == null ? " '" + relocation.access() + "'" : path);
    }

    /** The steps as C writes them, null if they fit no type. The first is an index into an array of the type, or an enumerator. */
    private static @Nullable String path(Btf btf, int typeId, String[] steps) {
        StringBuilder path = new StringBuilder();
        int type = typeId;
        for (int i = 0; i < steps.length; i++) {
            final int step = index(steps[i]);
            final BtfType resolved = btf.resolved(type);
            if (step < 0) {
                return null;
            }
            if (i == 0 && resolved instanceof Enumeration enumeration) {
                List<EnumValue> values = enumeration.values();
                return steps.length == 1 && step < values.size() ? "::" + values.get(step).name() : null;
            } else if (i == 0) {
                path.append(step == 0 ? "" : "[" + step + "]");
            } else if (resolved instanceof Composite composite && step < composite.members().size()) {
                Member member = composite.members().get(step);
                path.append(member.name().isEmpty() ? "" : "." + member.name());
                type = member.type();
            } else if (resolved instanceof Array array) {
                path.append('[').append(step).append(']');
                type = array.element();
            } else {
                return null;
            }
        }
        return path.toString();
    }

    private static int index(String step) {
        return step.matches("[0-9]{1,9}") ? Integer.parseInt(step) : -1;
    }
}
