package org.bpfz.loader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bpfz.loader.elf.BadObject;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.MalformedBtf;
import org.jspecify.annotations.Nullable;

/** Reads types from a file: bare BTF, as kernels give it out, or the section {@code .BTF} of an ELF file. */
public final class BtfFiles {
    /** Where a kernel gives out its own types. */
    public static final Path LIVE_KERNEL = Path.of("/sys/kernel/btf/vmlinux");

    private static final int MAX_SIZE = 256 << 20;
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    private BtfFiles() {
    }

    /**
     * Reads a file's types.
     *
     * @param base the types that a module's continue, null for types that stand by themselves
     * @throws IOException if the file can not be read
     * @throws BadObject   if there are no usable types in it; the message is one line with file, place and reason
     */
    public static Btf read(Path path, @Nullable Btf base) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_SIZE + 1);
        }
        String name = path.toString();
        if (bytes.length > MAX_SIZE) {
            throw new UnsupportedObject(name, "more than " + (MAX_SIZE >> 20) + " MiB, too large for types");
        }
        long start = 0;
        BtfRules rules = BtfRules.KERNEL;
        if (bytes.length >= ELF.length && Arrays.equals(ELF, Arrays.copyOf(bytes, ELF.length))) {
            ElfFile file = ElfFile.read(name, bytes);
            var section = file.section(".BTF")
                    .orElseThrow(() -> new UnsupportedObject(name, "there is no section .BTF"));
            bytes = file.contents(section);
            start = section.offset();
            rules = BtfRules.OBJECT;
        }
        try {
            return base == null ? Btf.read(bytes, rules) : Btf.readSplit(bytes, base, rules);
        } catch (MalformedBtf e) {
            throw new UnsupportedObject(name, "byte " + (start + e.offset()) + ": " + e.reason());
        }
    }
}
