package org.bpfz.oracle.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.oracle.InputException;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.kernel.Attachments;
import org.bpfz.spec.kernel.Attachments.Attached;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.program.Helpers;
import org.bpfz.spec.program.Hook;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Verdict;
import org.jspecify.annotations.Nullable;

/** Which programs of an object belong on the two hooks, and what they depend on. */
public final class CompressorPrograms {
    private static final int CALL = 0x85;
    /** No inode has this number: the programs stay attached whatever is closed. */
    private static final int LINK = 0;

    /** Helpers whose result hangs on the call and the data alone. */
    private static final Set<String> PURE = Set.of("bpf_copy_from_buffer", "bpf_lzo_compress",
            "bpf_get_current_uid_gid",
            "bpf_get_current_pid_tgid", "bpf_get_current_comm", "bpf_loop", "bpf_strtol", "bpf_strtoul", "bpf_strncmp");

    private CompressorPrograms() {
    }

    /** The program of the hook; null if there is none. */
    private static @Nullable LoadedProgram on(Hook hook, List<LoadedProgram> programs) {
        return programs.stream().filter(program -> hookOf(program.executable().image()) == hook).findFirst()
                .orElse(null);
    }

    private static @Nullable Hook hookOf(ProgramImage image) {
        return image.type() == ProgramType.COMPRESSOR ? Hook.ofFunction(image.attachTarget()) : null;
    }

    /**
     * What the verifier says of the two programs that belong on the hooks.
     *
     * @return what it has proved of each, by the program's name
     * @throws RefusedProgramException if it refuses one
     * @throws InputException          unless there is just one for each hook
     */
    public static Map<String, Facts> admit(BpfObject object, Reading reading) {
        Map<String, Facts> facts = new HashMap<>();
        for (BpfProgram program : object.programs()) {
            if (program.autoload() && program.type() == ProgramType.COMPRESSOR) {
                switch (Admissions.verdict(object.program(program), reading)) {
                    case Verdict.Accepted accepted -> facts.put(program.name(), accepted.facts());
                    case Verdict.Rejected refused ->
                        throw new RefusedProgramException(object.name(), program.name(), refused);
                }
            }
        }
        check(object);
        return facts;
    }

    /**
     * Loads an object's programs into a host and says which of them are on the hooks.
     *
     * @param facts what the verifier has proved, as {@link #admit} returned it
     */
    public static Attachments attach(BpfObject object, Map<String, Facts> facts, ProgramHost host) {
        List<LoadedProgram> programs = host.load(object, facts);
        Attachments attachments = Attachments.NONE;
        for (Hook hook : Hook.values()) {
            LoadedProgram program = Objects.requireNonNull(on(hook, programs));
            attachments = attachments.plus(hook, new Attached(LINK, program.id()));
        }
        return attachments;
    }

    /**
     * Complains unless the object has just one program for each hook.
     *
     * <p>A second one could not be attached (clause ATT-4, strict), and with one alone nothing is counted.
     */
    private static void check(BpfObject object) {
        for (Hook hook : Hook.values()) {
            List<String> names = object.programs().stream().filter(BpfProgram::autoload)
                    .filter(program -> program.type() == ProgramType.COMPRESSOR
                            && Hook.ofFunction(program.attachTarget()) == hook)
                    .map(BpfProgram::name).toList();
            if (names.size() != 1) {
                throw new InputException(
                        object.name() + ": one program for " + hook.function() + " is needed, and there "
                                + (names.isEmpty() ? "is none" : "are " + String.join(", ", names)));
            }
        }
    }

    /**
     * Whether what the programs say of one file does not hang on the files before it: they have no memory (a map that they could
     * write), and call nothing but what looks at the call itself.
     */
    public static boolean areIndependent(BpfObject object) {
        if (object.maps().stream().anyMatch(map -> !map.spec().frozen())) {
            return false;
        }
        return object.programs().stream().filter(BpfProgram::autoload)
                .flatMap(program -> object.program(program).code().stream()).allMatch(CompressorPrograms::isPure);
    }

    private static boolean isPure(RawInstruction instruction) {
        boolean callsHelper = instruction.opcode() == CALL && instruction.src() == 0;
        return !callsHelper || PURE.contains(Helpers.name(instruction.imm()));
    }
}
