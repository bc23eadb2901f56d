package org.bpfz.spec.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Assembling and disassembling undo each other, and a text that is none gets one clear error. */
class AssemblyProperties {
    private static final CallNames NAMES = CallNames
            .ofHelpers(Map.of(1, "bpf_map_lookup_elem", 2, "bpf_map_update_elem", -1, "bpf_odd"));

    @Provide
    Arbitrary<Program> programs() {
        return LegalInstructions.programs();
    }

    @Property
    void assemblingUndoesListing(@ForAll("programs") Program program) {
        for (CallNames names : new CallNames[]{NAMES, CallNames.none()}) {
            String listing = new Disassembler(names).listing(program);
            assertEquals(program, new Assembler(names).assemble(listing), listing);
        }
    }

    @Property
    void theTextNeedsNeitherSlotNorOpcode(@ForAll("programs") Program program) {
        Disassembler disassembler = new Disassembler(NAMES);
        String text = program.instructions().stream().map(disassembler::text).collect(Collectors.joining("\n"));
        assertEquals(program, new Assembler(NAMES).assemble(text), text);
    }

    @Property
    void theLogsOwnTextOfAnInstructionReadsBack(@ForAll("programs") Program program) {
        // The log does not say what a 64-bit immediate stands for, nor which module a kernel function is of.
        Program plain = Program
                .of(program.instructions().stream().map(AssemblyProperties::withoutHiddenParts).toList());
        Disassembler disassembler = new Disassembler(NAMES);
        StringBuilder log = new StringBuilder();
        for (Instruction instruction : plain.instructions()) {
            var slots = Encoder.encode(instruction);
            log.append(disassembler.logText(slots.getFirst(), slots.getLast(), true)).append('\n');
        }
        assertEquals(plain, new Assembler(NAMES).assemble(log.toString()), log.toString());
    }

    private static Instruction withoutHiddenParts(Instruction instruction) {
        return switch (instruction) {
            case Instruction.LoadImm64 load ->
                new Instruction.LoadImm64(Instruction.ImmKind.VALUE, load.dst(), load.imm(), load.nextImm());
            case Instruction.Call(Instruction.CallTarget.Kfunc(int id, short _)) ->
                new Instruction.Call(new Instruction.CallTarget.Kfunc(id, (short) 0));
            default -> instruction;
        };
    }

    /** Texts that begin as instructions do and then go wrong: a character is removed, doubled or replaced. */
    @Provide
    Arbitrary<String> brokenTexts() {
        Disassembler disassembler = new Disassembler(NAMES);
        return Combinators.combine(LegalInstructions.any().map(disassembler::text),
                Arbitraries.integers().between(0, 60),
                Arbitraries.of("", " ", "0", "9", "x", "r", "w", "s", "(", ")", "*", "+", "-", "=", "#", "[", "ll", ";",
                        "\u0663", "99999999999999999999"),
                Arbitraries.of(true, false)).as((text, at, insert, remove) -> {
                    int position = Math.min(at, text.length());
                    int rest = remove ? Math.min(position + 1, text.length()) : position;
                    return text.substring(0, position) + insert + text.substring(rest);
                });
    }

    @Property(tries = 10_000)
    void aBrokenTextIsRefusedOrMeansWhatItSays(@ForAll("brokenTexts") String text) {
        Program program;
        try {
            program = new Assembler(NAMES).assemble(text);
        } catch (AssemblyException e) {
            assertEquals(1, e.line());
            return;
        }
        String again = program.instructions().stream().map(new Disassembler(NAMES)::text)
                .collect(Collectors.joining("\n"));
        assertEquals(program, new Assembler(NAMES).assemble(again));
    }
}
