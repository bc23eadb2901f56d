package org.bpfz.loader;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;

/** The types of the modelled kernels: few, and made for the model from src/main/kernel. */
public final class BuiltInTypes {
    private BuiltInTypes() {
    }

    /** Those of Linux 6.12. */
    public static Btf linux612() {
        return read("linux_6_12.btf");
    }

    /** Those of Linux 4.12, which has no BTF itself. */
    public static Btf linux412() {
        return read("linux_4_12.btf");
    }

    private static Btf read(String resource) {
        try (InputStream in = Objects.requireNonNull(BuiltInTypes.class.getResourceAsStream(resource))) {
            return Btf.read(in.readAllBytes(), BtfRules.KERNEL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
