package org.bpfz.oracle.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.loader.KernelTarget;
import org.bpfz.loader.elf.BadObject;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * The programs of object files, as a campaign compares them with a kernel: relocated for its types. A stock kernel has no compressor programs;
 * theirs are taken for types whose context may be read at the same places.
 */
public final class ObjectPrograms {
    private static final List<ProgramType> FOR_COMPRESSOR = List.of(ProgramType.KPROBE, ProgramType.SYSCALL,
            ProgramType.SOCKET_FILTER);

    private ObjectPrograms() {
    }

    /**
     * One program.
     *
     * @param name  the object's file and the program, for people
     * @param image null where it can not be linked for this kernel
     * @param why   where it can not; else empty
     */
    public record Entry(String name, @Nullable ProgramImage image, String why) {}

    /** The object files of a path: itself, or those of a folder and the folders in it. */
    public static List<Path> files(Path path) throws IOException {
        try (var files = Files.walk(path)) {
            return files
                    .filter(file -> file.equals(path) ? Files.isRegularFile(file) : file.toString().endsWith(".bpf.o"))
                    .sorted().toList();
        }
    }

    /** All programs of a file, in its order; one entry that says why where it can not be opened. */
    static List<Entry> of(Path file, @Nullable Btf types) throws IOException {
        String object = String.valueOf(file.getFileName());
        List<Entry> entries = new ArrayList<>();
        try {
            BpfObject opened = BpfObject.open(file);
            BpfObject target = types == null ? opened : opened.on(KernelTarget.of(types));
            for (BpfProgram program : target.programs()) {
                boolean foreign = program.type() == ProgramType.COMPRESSOR;
                for (ProgramType type : foreign ? FOR_COMPRESSOR : List.of(program.type())) {
                    String name = object + " " + program.name() + (foreign ? " as " + type.toolName() : "");
                    entries.add(linked(name, target, foreign ? program.as(type) : program));
                }
            }
        } catch (BadObject e) {
            entries.add(new Entry(object, null, String.valueOf(e.getMessage())));
        }
        return entries;
    }

    private static Entry linked(String name, BpfObject target, BpfProgram program) {
        try {
            return new Entry(name, target.program(program), "");
        } catch (BadObject e) {
            return new Entry(name, null, String.valueOf(e.getMessage()));
        }
    }
}
