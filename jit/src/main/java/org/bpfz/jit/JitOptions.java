package org.bpfz.jit;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is done with a class before it is loaded.
 *
 * @param dump     a folder that it is written to, or null
 * @param verified whether {@link java.lang.classfile.ClassFile#verify} looks at it, besides the JVM's own verifier
 * @param filter   what it is sent through, for tests that damage it
 */
record JitOptions(@Nullable Path dump, boolean verified, UnaryOperator<byte[]> filter) {

    /** As the system properties {@code bpfz.jit.dump} (a folder) and {@code bpfz.jit.verify} (true or false) say. */
    static JitOptions ofProperties() {
        String folder = System.getProperty("bpfz.jit.dump");
        return new JitOptions(folder == null || folder.isEmpty() ? null : Path.of(folder),
                Boolean.getBoolean("bpfz.jit.verify"), UnaryOperator.identity());
    }
}
