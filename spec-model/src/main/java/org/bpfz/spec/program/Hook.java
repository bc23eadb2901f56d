package org.bpfz.spec.program;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The two functions of the kernel that a compressor program attaches to, and nothing else (ATT-2). */
public enum Hook {
    /** Asked when a file was opened whether what is written to it is to be verified (HOOK-1). */
    DECIDE(ImmutableList.of("open", "openat", "openat2", "creat"), ImmutableList.of("uid", "gid")),

    /** Asked for the size after compression of what is written to such a file (HOOK-2). */
    VERIFY(ImmutableList.of("write", "pwrite64", "writev", "pwritev", "pwritev2"), ImmutableList.of("offset", "size"));

    private static final String PREFIX = "bpf_compressor_";

    private final ImmutableList<String> systemCalls;
    private final ImmutableList<String> fields;

    Hook(ImmutableList<String> systemCalls, ImmutableList<String> fields) {
        this.systemCalls = systemCalls;
        this.fields = fields;
    }

    /** The function's name, by which the kernel's BTF knows it: {@code bpf_compressor_decide}. */
    public String function() {
        return PREFIX + shortName();
    }

    /** {@code decide}: how a section may name it behind {@code compressor/}. */
    public String shortName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The system calls that consult it. */
    public ImmutableList<String> systemCalls() {
        return systemCalls;
    }

    /** The fields of struct compress_ctx that are filled in for it (CTX-1). */
    public ImmutableList<String> fields() {
        return fields;
    }

    /** The hook with that function, or null: then no compressor program attaches to the function. */
    public static @Nullable Hook ofFunction(@Nullable String function) {
        for (Hook hook : values()) {
            if (hook.function().equals(function)) {
                return hook;
            }
        }
        return null;
    }

    /** The full name of what a section calls in short, {@code bpf_compressor_decide} for {@code decide}; other names as they are. */
    static String fullName(String target) {
        for (Hook hook : values()) {
            if (hook.shortName().equals(target)) {
                return hook.function();
            }
        }
        return target;
    }
}
