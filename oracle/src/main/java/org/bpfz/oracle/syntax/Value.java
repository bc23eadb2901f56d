package org.bpfz.oracle.syntax;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An argument of a system call as written: its shape only, what a name means is the reader's business. */
public sealed interface Value {

    /** Where it begins: characters from the start of the line. */
    int at();

    /** {@code -1}, {@code 0644}, {@code 0x1f}, {@code 64K}, {@code 8192*1024}: unsigned 64-bit numbers wrap. */
    record Int(long value, int at) implements Value {}

    /** {@code AT_FDCWD}, {@code O_RDONLY}, {@code NULL}, a variable. */
    record Name(String text, int at) implements Value {}

    /**
     * {@code "bytes"}.
     *
     * @param latin1 one character a byte
     * @param cut    whether dots behind the closing quote say that there was more
     */
    record Text(String latin1, boolean cut, int at) implements Value {

        /** What stands between the quotes, its escapes resolved. */
        public byte[] bytes() {
            return latin1.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** {@code O_CREAT|O_WRONLY}, {@code S_IFREG|0644}: at least two parts, each a name or a number. */
    record Flags(List<Value> parts, int at) implements Value {}

    /**
     * {@code {st_mode=S_IFREG|0644, st_size=5, ...}}.
     *
     * @param cut whether the dots say that there was more
     */
    record Struct(List<Field> fields, boolean cut, int at) implements Value {

        /** The field's value; null if it is not there. */
        public @Nullable Value field(String name) {
            for (Field field : fields) {
                if (name.equals(field.name())) {
                    return field.value();
                }
            }
            return null;
        }
    }

    /**
     * {@code [a, b]}.
     *
     * @param cut whether the dots say that there was more
     */
    record Sequence(List<Value> items, boolean cut, int at) implements Value {}

    /** {@code makedev(0x8, 0x1)}, {@code random(4096, seed=7)}. */
    record Invocation(String function, List<Field> arguments, int at) implements Value {}

    /** {@code [0] => [4096]}: what an address held before the call and after it. */
    record Change(Value before, Value after, int at) implements Value {}

    /** What strace printed in a notation of its own for one call; never in a scenario. */
    record Opaque(String text, int at) implements Value {}

    /**
     * A member of a structure, or an argument.
     *
     * @param name null where none is written
     */
    record Field(@Nullable String name, Value value) {}
}
