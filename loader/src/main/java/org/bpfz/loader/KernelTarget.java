package org.bpfz.loader;

import java.util.Map;
import org.bpfz.loader.core.CoreTarget;
import org.bpfz.spec.btf.Btf;
import org.jspecify.annotations.Nullable;

/**
 * What a loader knows of the kernel that programs are to run on: types for CO-RE and kernel functions, configuration, version and
 * addresses. Immutable.
 *
 * @param core    the kernel's types, null where they are not known
 * @param config  the kernel's configuration, null where it is not known
 * @param version LINUX_VERSION_CODE: {@code major << 16 | minor << 8 | patch}
 * @param symbols addresses of the kernel's symbols, for externs without a type
 */
public record KernelTarget(@Nullable CoreTarget core, @Nullable KernelConfig config, int version,
        Map<String, Long> symbols) {
    /** 6.12.0, the kernel that is modelled. */
    public static final int MODELLED_VERSION = 6 << 16 | 12 << 8;

    /** A kernel of which only the version is known: objects that need more are refused. */
    public static final KernelTarget UNKNOWN = new KernelTarget(null, null, MODELLED_VERSION, Map.of());

    public KernelTarget {
        symbols = Map.copyOf(symbols);
    }

    /** A kernel with these types. */
    public static KernelTarget of(Btf types) {
        return UNKNOWN.withTypes(types);
    }

    /** The same kernel with these types. */
    public KernelTarget withTypes(Btf types) {
        return new KernelTarget(new CoreTarget(types), config, version, symbols);
    }

    /** The same kernel with this configuration. */
    public KernelTarget withConfig(KernelConfig newConfig) {
        return new KernelTarget(core, newConfig, version, symbols);
    }

    /** The same kernel in another version. */
    public KernelTarget withVersion(int newVersion) {
        return new KernelTarget(core, config, newVersion, symbols);
    }

    /** The same kernel with addresses of symbols. */
    public KernelTarget withSymbols(Map<String, Long> newSymbols) {
        return new KernelTarget(core, config, version, newSymbols);
    }

    /** The types, or null. */
    public @Nullable Btf types() {
        return core == null ? null : core.types();
    }
}
