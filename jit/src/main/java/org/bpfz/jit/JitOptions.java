package org.bpfz.jit;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is done with a class before it is loaded.
 *
 * @param dump     a folder that it is written to, or null
 * @param verified whether {@link java.lang.classfile.ClassFile#verify} looks at it, besides the JVM's own verifier
 * @param strict   whether a class that is refused is an error; if not, it is reported and its program interpreted. Tests ask for it:
 *                 else a template that makes invalid classes would go unnoticed
 * @param filter   what it is sent through, for tests that damage it
 */
record JitOptions(@Nullable Path dump, boolean verified, boolean strict, UnaryOperator<byte[]> filter) {

    /** Where what is refused is interpreted. */
    JitOptions(@Nullable Path dump, boolean verified, UnaryOperator<byte[]> filter) {
        this(dump, verified, false, filter);
    }

    /**
     * As the system properties {@code bpfz.jit.dump} (a folder), {@code bpfz.jit.verify} and {@code bpfz.jit.strict} (true or false) say.
     */
    static JitOptions ofProperties() {
        String folder = System.getProperty("bpfz.jit.dump");
        return new JitOptions(folder == null || folder.isEmpty() ? null : Path.of(folder),
                Boolean.getBoolean("bpfz.jit.verify"), Boolean.getBoolean("bpfz.jit.strict"),
                UnaryOperator.identity());
    }
}
