package org.bpfz.loader.core;

import java.util.List;
import java.util.Locale;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.RawInstruction;

/**
 * Puts the number that a relocation gave into its instruction (bpf_core_patch_insn): the immediate of an operation or of a 64-bit load,
 * the offset of a load or store, whose width follows the field's.
 */
public final class CorePatcher {
    /** What a call that must never run calls: bpf_core_poison_insn's 0xbad2310. */
    public static final int POISON = 195_896_080;

    private static final int CALL = 0x85;
    private static final int CLASS = 0x07;
    private static final int ALU = 0x04;
    private static final int ALU64 = 0x07;
    private static final int LDX = 0x01;
    private static final int ST = 0x02;
    private static final int STX = 0x03;
    private static final int SOURCE_X = 0x08;
    private static final int SIZE = 0x18;

    private CorePatcher() {
    }

    /** What has been done to an instruction: {@code insn #5 (LDX/ST/STX) off 8 -> 16}, as libbpf says it. */
    public record Done(boolean poisoned, List<String> changes) {}

    /**
     * Patches the instruction at a slot.
     *
     * @param code the function's slots, changed in place
     * @param at   the slot, which need not be there
     * @throws CoreException if the instruction is none that the number could be put into, or does not say what it should
     */
    public static Done apply(List<RawInstruction> code, int at, CoreResolution resolution) throws CoreException {
        if (at < 0 || at >= code.size()) {
            throw new CoreException("there is no instruction for it");
        }
        RawInstruction instruction = code.get(at);
        boolean wide = instruction.isLoadImm64();
        if (wide && (at + 1 >= code.size() || code.get(at + 1).opcode() != 0 || instruction.src() != 0)) {
            throw new CoreException("instruction " + at + " is no plain 64-bit load");
        }
        int group = instruction.opcode() & CLASS;
        boolean operation = (group == ALU || group == ALU64) && (instruction.opcode() & SOURCE_X) == 0;
        boolean access = group == LDX || group == ST || group == STX;
        if (!wide && !operation && !access) {
            throw new CoreException(String.format(Locale.ROOT,
                    "instruction %d (opcode 0x%02x) has nothing that could be changed", at, instruction.opcode()));
        }
        if (resolution.poisoned() || (access && !resolution.resizable())) {
            code.set(at, poison());
            if (wide) {
                code.set(at + 1, poison());
            }
            String done = "substituting insn #" + at + " w/ invalid insn";
            return new Done(true, wide
                    ? List.of(done, "substituting insn #" + (at + 1) + " w/ invalid insn")
                    : List.of(done));
        }
        if (wide) {
            return wide(code, at, resolution);
        }
        return operation ? operation(code, at, resolution) : access(code, at, resolution);
    }

    private static RawInstruction poison() {
        return new RawInstruction(CALL, 0, 0, (short) 0, POISON);
    }

    private static void validate(CoreResolution resolution, long found, int at) throws CoreException {
        if (resolution.validated() && found != resolution.original()) {
            throw new CoreException("instruction " + at + " says " + found + ", and the object's own types "
                    + resolution.original());
        }
    }

    private static Done operation(List<RawInstruction> code, int at, CoreResolution resolution)
            throws CoreException {
        RawInstruction old = code.get(at);
        // The kernel's and libbpf's comparison: the immediate as a signed 32-bit number against 64 bits.
        validate(resolution, old.imm(), at);
        int imm = (int) resolution.value();
        code.set(at, new RawInstruction(old.opcode(), old.dst(), old.src(), old.offset(), imm));
        return new Done(false, List.of("patched insn #" + at + " (ALU/ALU64) imm " + old.imm() + " -> " + imm));
    }

    private static Done wide(List<RawInstruction> code, int at, CoreResolution resolution)
            throws CoreException {
        RawInstruction low = code.get(at);
        RawInstruction high = code.get(at + 1);
        long old = (long) high.imm() << 32 | Integer.toUnsignedLong(low.imm());
        validate(resolution, old, at);
        long value = resolution.value();
        code.set(at, low.loading(ImmKind.VALUE, (int) value));
        code.set(at + 1, new RawInstruction(0, high.dst(), high.src(), high.offset(), (int) (value >>> 32)));
        return new Done(false, List.of("patched insn #" + at + " (LDIMM64) imm64 " + Long.toUnsignedString(old)
                + " -> " + Long.toUnsignedString(value)));
    }

    private static Done access(List<RawInstruction> code, int at, CoreResolution resolution)
            throws CoreException {
        RawInstruction old = code.get(at);
        validate(resolution, old.offset(), at);
        long offset = resolution.value();
        if (offset < 0 || offset > Short.MAX_VALUE) {
            throw new CoreException("offset " + offset + " does not fit instruction " + at);
        }
        String moved = "patched insn #" + at + " (LDX/ST/STX) off " + old.offset() + " -> " + offset;
        int opcode = old.opcode();
        if (resolution.size() == resolution.originalSize()) {
            code.set(at, new RawInstruction(opcode, old.dst(), old.src(), (short) offset, old.imm()));
            return new Done(false, List.of(moved));
        }
        int width = width(opcode);
        if (width != resolution.originalSize()) {
            throw new CoreException("instruction " + at + " accesses " + width + " bytes of a field of "
                    + resolution.originalSize());
        }
        int resized = (opcode & ~SIZE) | sizeBits(resolution.size(), at);
        code.set(at, new RawInstruction(resized, old.dst(), old.src(), (short) offset, old.imm()));
        return new Done(false, List.of(moved,
                "patched insn #" + at + " (LDX/ST/STX) mem_sz " + width + " -> " + resolution.size()));
    }

    private static int width(int opcode) {
        return switch (opcode & SIZE) {
            case 0x00 -> 4;
            case 0x08 -> 2;
            case 0x10 -> 1;
            default -> 8;
        };
    }

    private static int sizeBits(int size, int at) throws CoreException {
        return switch (size) {
            case 4 -> 0x00;
            case 2 -> 0x08;
            case 1 -> 0x10;
            case 8 -> 0x18;
            default -> throw new CoreException("instruction " + at + " can not access " + size + " bytes at once");
        };
    }
}
