package org.bpfz.oracle.replay;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.spec.kernel.Flags;
import org.bpfz.spec.kernel.Output;
import org.jspecify.annotations.Nullable;

/**
 * What strace printed of a struct stat or statx: all of it with -v, type, permissions and size without.
 *
 * @param mode st_mode, or 0 if it was not printed
 * @param size st_size, if it was printed
 */
record FileStat(int mode, OptionalLong size, OptionalInt uid, OptionalInt gid) {

    /** The structure among the arguments of a call; null if there is none with a mode. */
    static @Nullable FileStat of(Recorded seen) {
        for (Value.Field argument : seen.text().arguments()) {
            if (argument.value() instanceof Value.Struct struct) {
                Long mode = member(struct, "mode");
                Long size = member(struct, "size");
                Long uid = member(struct, "uid");
                Long gid = member(struct, "gid");
                return mode == null
                        ? null
                        : new FileStat(mode.intValue(), size == null ? OptionalLong.empty() : OptionalLong.of(size),
                                uid == null ? OptionalInt.empty() : OptionalInt.of(uid.intValue()),
                                gid == null ? OptionalInt.empty() : OptionalInt.of(gid.intValue()));
            }
        }
        return null;
    }

    private static @Nullable Long member(Value.Struct struct, String name) {
        Value value = struct.field("st_" + name);
        if (value == null) {
            value = struct.field("stx_" + name);
        }
        try {
            return value == null ? null : RecordedCalls.NUMBERS.number(value);
        } catch (NotationException unreadable) {
            return null;
        }
    }

    int type() {
        return mode & Flags.S_IFMT;
    }

    int permissions() {
        return mode & ~Flags.S_IFMT;
    }

    /** Whether this is what the model says; of a directory's size it says nothing. */
    boolean agreesWith(Output.Attributes model) {
        boolean sized = type() == Flags.S_IFREG || type() == Flags.S_IFLNK;
        return mode == model.mode() && (!sized || size.isEmpty() || size.getAsLong() == model.size())
                && (uid.isEmpty() || uid.getAsInt() == model.uid())
                && (gid.isEmpty() || gid.getAsInt() == model.gid());
    }
}
