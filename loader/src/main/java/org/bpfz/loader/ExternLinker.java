package org.bpfz.loader;

import java.util.OptionalInt;
import org.bpfz.loader.core.CoreException;
import org.bpfz.loader.core.CoreNames;
import org.bpfz.loader.core.CoreTypes;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.MalformedBtf;
import org.jspecify.annotations.Nullable;

/**
 * Finds on a kernel what an object leaves to it (bpf_object__resolve_externs in tools/lib/bpf/libbpf.c): kernel functions and variables by
 * name and type, addresses, configuration.
 */
final class ExternLinker {
    private final ElfFile file;
    private final Externs externs;
    private final @Nullable Btf written;
    private final KernelTarget target;

    /**
     * A linker.
     *
     * @param written the object's types as the compiler wrote them
     */
    ExternLinker(ElfFile file, Externs externs, @Nullable Btf written, KernelTarget target) {
        this.file = file;
        this.externs = externs;
        this.written = written;
        this.target = target;
    }

    /** What was found. */
    sealed interface Found {
        /** A place in the map of section {@code .kconfig}. */
        record InConfig(int offset) implements Found {}

        /** A function or variable of the kernel, by its id in the kernel's types. */
        record InKernel(int id) implements Found {}

        /** An address; 0 for a variable that may be missing, and is. */
        record Address(long address) implements Found {}

        /** A function that may be missing, and is; the number tells it from others. */
        record Missing(int index) implements Found {}
    }

    /**
     * Resolves an extern.
     *
     * @param program that uses it, for messages
     * @throws UnsupportedObject if the kernel does not have it, or has something else under its name
     */
    Found find(String program, String name, String section) {
        int index = externs.indexOf(name);
        if (index < 0 || written == null) {
            throw refused(program, name, section, "its type is not known");
        }
        Externs.Extern extern = externs.all().get(index);
        if (extern.isConfig()) {
            configValue(program, extern);
            return new Found.InConfig(extern.offset());
        }
        boolean typed = extern.function() || written.skipModifiers(extern.type()) != 0;
        return typed
                ? findTyped(program, extern, index, written)
                : findAddress(program, extern);
    }

    private Found findAddress(String program, Externs.Extern extern) {
        Long address = target.symbols().get(extern.name());
        if (address == null && !extern.weak()) {
            throw refused(program, extern.name(), extern.section(), target.symbols().isEmpty()
                    ? "the addresses of the kernel's symbols are not known"
                    : "the kernel has no such symbol");
        }
        return new Found.Address(address == null ? 0 : address);
    }

    private Found findTyped(String program, Externs.Extern extern, int index, Btf types) {
        Btf kernel = target.types();
        if (kernel == null) {
            throw refused(program, extern.name(), extern.section(), "the kernel's types are not known");
        }
        Class<? extends BtfType> kind = extern.function() ? BtfType.Func.class : BtfType.Var.class;
        OptionalInt id = kernel.find(kind, CoreNames.essential(extern.name()));
        if (id.isEmpty()) {
            if (!extern.weak()) {
                throw refused(program, extern.name(), extern.section(),
                        "the kernel has no such " + (extern.function() ? "function" : "variable"));
            }
            return extern.function() ? new Found.Missing(index) : new Found.Address(0);
        }
        BtfType found = kernel.type(id.getAsInt());
        int theirs = found instanceof BtfType.Func function ? function.proto() : ((BtfType.Var) found).type();
        if (!agree(types, extern.type(), kernel, theirs)) {
            throw refused(program, extern.name(), extern.section(), "the kernel's is of another type: "
                    + kernel.describe(theirs) + " and not " + types.describe(extern.type()));
        }
        return new Found.InKernel(id.getAsInt());
    }

    private static boolean agree(Btf types, int ours, Btf kernel, int theirs) {
        try {
            return new CoreTypes(types, kernel).areCompatible(types.skipModifiers(ours), kernel.skipModifiers(theirs));
        } catch (CoreException | MalformedBtf e) {
            return false;
        }
    }

    private byte[] configValue(String program, Externs.Extern extern) {
        ConfigExtern config = extern.config();
        if (config == null) {
            throw new IllegalArgumentException(extern.name());
        }
        try {
            byte[] value = config.value(target).orElse(null);
            if (value == null && !extern.weak()) {
                throw refused(program, extern.name(), extern.section(), target.config() == null
                        ? "the kernel's configuration is not known"
                        : "the kernel's configuration does not say");
            }
            return value == null ? new byte[config.size()] : value;
        } catch (ConfigExtern.Refused e) {
            throw refused(program, extern.name(), extern.section(), "it " + e.getMessage());
        }
    }

    /** The data of section {@code .kconfig}; zero where a value is not to be had, which only programs that need it complain of. */
    byte[] configData() {
        byte[] data = new byte[externs.configSize()];
        for (Externs.Extern extern : externs.all()) {
            ConfigExtern config = extern.config();
            if (config != null) {
                try {
                    byte[] value = config.value(target).orElse(new byte[0]);
                    System.arraycopy(value, 0, data, extern.offset(), value.length);
                } catch (ConfigExtern.Refused _) {
                    // Left zero: find() refuses each program that reads it, with the reason.
                }
            }
        }
        return data;
    }

    private UnsupportedObject refused(String program, String name, String section, String reason) {
        return new UnsupportedObject(file.name(), "program '" + program + "' uses the extern '" + name + "'"
                + (section.isEmpty() ? "" : " of section '" + section + "'") + ": " + reason);
    }
}
