package org.bpfz.oracle.scenario;

import java.util.List;
import java.util.Set;
import org.bpfz.oracle.calls.CallReader;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.oracle.syntax.Value.Field;
import org.jspecify.annotations.Nullable;

/** What stands behind a directive: {@code uid=1000 mode=0600}. */
final class Attributes {
    private final CallReader calls;
    private final List<Field> fields;

    /** Complains of a name that the directive does not have. */
    Attributes(CallReader calls, List<Field> fields, Set<String> known) throws NotationException {
        this.calls = calls;
        this.fields = fields;
        for (Field field : fields) {
            if (field.name() == null || !known.contains(field.name())) {
                throw new NotationException(field.value().at(), "no such attribute: " + field.name() + "; there are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    /** The value as written; null if the attribute is not given. */
    @Nullable
    Value value(String name) {
        for (Field field : fields) {
            if (name.equals(field.name())) {
                return field.value();
            }
        }
        return null;
    }

    /** The number, or another one if the attribute is not given. */
    int number(String name, int otherwise) throws NotationException {
        Value value = value(name);
        return value == null ? otherwise : (int) calls.number(value);
    }
}
