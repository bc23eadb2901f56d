package org.bpfz.spec.program;

import java.util.List;
import java.util.Map;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.isa.Decoder;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.RawInstruction;
import org.jspecify.annotations.Nullable;

/**
 * A program ready to be loaded: what a loader hands to BPF_PROG_LOAD, with maps in place of descriptors.
 *
 * <p>An instruction refers to a map by LDDW of kind MAP_IDX or MAP_IDX_VALUE, whose immediate is an index into {@link #maps} (the kernel's
 * fd_array form). Subprograms stand behind the main one; calls to them are local calls by offset.
 *
 * @param name         the function's name
 * @param section      the ELF section that it came from, or the empty string
 * @param type         what kind of program
 * @param attachType   expected_attach_type, or null for 0
 * @param attachTarget the function, tracepoint or hook behind the section's slash, or null
 * @param sleepable    whether it asks to be allowed to sleep (BPF_F_SLEEPABLE)
 * @param licence      as the object says: {@code GPL}, {@code Dual BSD/GPL}, or the empty string
 * @param code         encoded slots, not checked
 * @param maps         the maps that the code refers to
 * @param btf          the object's types with the program's functions and source lines, or null
 * @param unresolved   by slot, the instructions that a loader has made unusable because the kernel lacks what they need
 */
public record ProgramImage(String name, String section, ProgramType type, @Nullable AttachType attachType,
        @Nullable String attachTarget, boolean sleepable, String licence, List<RawInstruction> code,
        List<MapSpec> maps, @Nullable ProgramBtf btf, Map<Integer, Unresolved> unresolved) {
    public ProgramImage {
        code = List.copyOf(code);
        maps = List.copyOf(maps);
        unresolved = Map.copyOf(unresolved);
    }

    /**
     * Why an instruction is a call of a helper that does not exist.
     *
     * @param shown  what stands for the instruction in a log: {@code <invalid CO-RE relocation>}
     * @param reason what the kernel lacks: a type and field, or a function
     */
    public record Unresolved(String shown, String reason) {}

    /** Starts an image of a GPL program without section, maps, attach type or BTF. */
    public static Builder builder(String name, ProgramType type) {
        return new Builder(name, type);
    }

    /** Whether the licence lets the program call gpl_only helpers (license_is_gpl_compatible in include/linux/license.h). */
    public boolean isGplCompatible() {
        return switch (licence) {
            case "GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL" -> true;
            default -> false;
        };
    }

    /**
     * The instructions.
     *
     * @throws org.bpfz.spec.isa.MalformedInstruction where a slot begins none
     */
    public Program decoded() {
        return Decoder.decode(code);
    }

    /** Gathers an image piece by piece. */
    public static final class Builder {
        private final String name;
        private final ProgramType type;
        private String section = "";
        private @Nullable AttachType attachType;
        private @Nullable String attachTarget;
        private boolean sleepable;
        private String licence = "GPL";
        private List<RawInstruction> code = List.of();
        private List<MapSpec> maps = List.of();
        private @Nullable ProgramBtf btf;
        private Map<Integer, Unresolved> unresolved = Map.of();

        private Builder(String name, ProgramType type) {
            this.name = name;
            this.type = type;
        }

        /** The ELF section. */
        public Builder section(String value) {
            section = value;
            return this;
        }

        /** The expected attach type. */
        public Builder attachType(@Nullable AttachType value) {
            attachType = value;
            return this;
        }

        /** The function, tracepoint or hook that it is for. */
        public Builder attachTarget(@Nullable String value) {
            attachTarget = value;
            return this;
        }

        /** Whether it asks to be allowed to sleep. */
        public Builder sleepable(boolean value) {
            sleepable = value;
            return this;
        }

        /** The licence. */
        public Builder licence(String value) {
            licence = value;
            return this;
        }

        /** The encoded slots. */
        public Builder code(List<RawInstruction> value) {
            code = value;
            return this;
        }

        /** The maps that the code refers to by index. */
        public Builder maps(List<MapSpec> value) {
            maps = value;
            return this;
        }

        /** The types, functions and source lines. */
        public Builder btf(@Nullable ProgramBtf value) {
            btf = value;
            return this;
        }

        /** The instructions, by slot, that are unusable on the kernel. */
        public Builder unresolved(Map<Integer, Unresolved> value) {
            unresolved = value;
            return this;
        }

        /** The image. */
        public ProgramImage build() {
            return new ProgramImage(name, section, type, attachType, attachTarget, sleepable, licence, code, maps, btf,
                    unresolved);
        }
    }
}
