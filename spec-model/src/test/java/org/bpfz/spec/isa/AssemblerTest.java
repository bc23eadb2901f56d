package org.bpfz.spec.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.Exit;
import org.bpfz.spec.isa.Instruction.Goto;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.Mov;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The assembly language, by examples. */
class AssemblerTest {
    private static final Assembler ASSEMBLER = new Assembler(
            CallNames.ofHelpers(Map.of(1, "bpf_map_lookup_elem", 15, "bpf_get_current_uid_gid")));

    @Test
    void readsALoopWithLabelsAndComments() {
        Program program = ASSEMBLER.assemble("""
                ; counts to ten
                        r0 = 0              // the sum
                again:  r0 += 1             # one more
                        if r0 != 10 goto again
                        call function
                        exit
                function:
                        goto +0
                        exit
                """);
        assertEquals(Program.of(new Mov(Width.W64, 0, Reg.R0, Source.of(0)),
                new Alu(Width.W64, AluOp.ADD, Reg.R0, Source.of(1)),
                new Jump(Width.W64, Condition.NE, Reg.R0, Source.of(10), (short) -2),
                new Call(new CallTarget.Local(1)), new Exit(), new Goto(false, 0), new Exit()), program);
    }

    @Test
    void labelsCountSlotsAndNotInstructions() {
        assertEquals(Program.of(new Goto(false, 2), new LoadImm64(ImmKind.VALUE, Reg.R1, -1, 0), new Exit()),
                ASSEMBLER.assemble("goto end\nr1 = 0xffffffff ll\nend: exit"));
        // A function's offset counts from the second half of the immediate.
        Program program = ASSEMBLER.assemble("r2 = subprog[function]\nexit\nfunction: exit");
        assertEquals(new LoadImm64(ImmKind.FUNC, Reg.R2, 2, 0), program.at(0));
        assertEquals(3, program.target(0, 2));
    }

    @Test
    void readsALogLineWithItsState() {
        assertEquals(Program.of(new Call(new CallTarget.Helper(15))),
                ASSEMBLER.assemble("0: (85) call bpf_get_current_uid_gid#15     ; R0_w=scalar()"));
    }

    @Test
    void theOpcodeTellsTheTwoImmediatesApart() {
        assertEquals(Program.of(new Mov(Width.W64, 0, Reg.R1, Source.of(5))), ASSEMBLER.assemble("(b7) r1 = 5"));
        assertEquals(Program.of(new LoadImm64(ImmKind.VALUE, Reg.R1, 5, 0)), ASSEMBLER.assemble("(18) r1 = 0x5"));
        assertEquals(Program.of(new Mov(Width.W64, 0, Reg.R1, Source.of(5))), ASSEMBLER.assemble("r1 = 0x5"));
        assertEquals(Program.of(new LoadImm64(ImmKind.VALUE, Reg.R1, 5, 0)), ASSEMBLER.assemble("r1 = 0x5 ll"));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            # what LLVM writes            | what the log writes
            r1 = *(u32 *)(r2 + 4)         | r1 = *(u32 *)(r2 +4)
            w1 = *(u8 *)(r2 - 4)          | r1 = *(u8 *)(r2 -4)
            *(u16 *)(r10 - 4) = w1        | *(u16 *)(r10 -4) = r1
            lock *(u32 *)(r1 + 0) += w2   | lock *(u32 *)(r1 +0) += r2
            w2 = atomic_fetch_or((u32 *)(r1 + 0), w2)   | r2 = atomic_fetch_or((u32 *)(r1 +0), r2)
            r2 = atomic_fetch_or((u64 *)(r1 + 0), r2)   | r2 = atomic64_fetch_or((u64 *)(r1 +0), r2)
            r2 = xchg_64(r1 + 8, r2)      | r2 = atomic64_xchg((u64 *)(r1 +8), r2)
            w2 = xchg32_32(r1 + 8, w2)    | r2 = atomic_xchg((u32 *)(r1 +8), r2)
            r0 = cmpxchg_64(r1 + 8, r0, r2)     | r0 = atomic64_cmpxchg((u64 *)(r1 +8), r0, r2)
            w0 = cmpxchg32_32(r1 + 8, w0, w2)   | r0 = atomic_cmpxchg((u32 *)(r1 +8), r0, r2)
            if w1 s> -1 goto +3           | if w1 s> 0xffffffff goto pc+3
            if r1 == -0x1 goto +3         | if r1 == 0xffffffff goto pc+3
            gotol -70000                  | gotol pc-70000
            may_goto +1                   | may_goto pc+1
            r0 = *(u8 *)skb[r3]           | r0 = *(u8 *)skb[r3 + 0]
            call 1                        | call bpf_map_lookup_elem#1
            call bpf_map_lookup_elem      | call bpf_map_lookup_elem#1
            w3 = 0xfffffffe               | w3 = -2
            """)
    void readsOtherSpellings(String spelling, String log) {
        assertEquals(ASSEMBLER.assemble(log), ASSEMBLER.assemble(spelling));
        assertEquals(log, new Disassembler(CallNames.ofHelpers(Map.of(1, "bpf_map_lookup_elem")))
                .text(ASSEMBLER.assemble(spelling).at(0)));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            r1 += w2                       | 7  | expected r2
            r11 = 0                        | 1  | expected an instruction, found 'r11'
            r1 = 0x80000000                | 6  | constant does not fit 32 bits with sign
            r1 = 0x10000000000000000 ll    | 6  | number does not fit 64 bits
            r1 = -0x8000000000000001 ll    | 6  | constant does not fit 64 bits
            w1 = 5 ll                      | 10 | a 64-bit immediate sets all 64 bits: use r1
            r1 = *(u24 *)(r2 +0)           | 8  | expected a type such as u64, found 'u24'
            r1 = *(u32 *)(r2 +32768)       | 18 | number out of range -32768 to 32767
            r1 = *(u32 *)(w2 +0)           | 15 | expected r2
            r1 = *(s64 *)(r2 +0)           | 7  | a load of 8 bytes has no sign to extend: use u64
            w1 = *(s8 *)(r2 +0)            | 20 | this load sets all 64 bits: use r1
            *(s8 *)(r2 +0) = 1             | 2  | a store has no sign: use u8
            lock *(u16 *)(r1 +0) += r2     | 7  | an atomic operation is on u32 or u64
            r1 = atomic_xchg((u32 *)(r1 +0), r2) | 6 | atomic_xchg here returns into r2
            r1 = -r2                       | 7  | expected r1
            r1 = be16 r2                   | 11 | expected r1
            r1 = addr_space_cast(r2, 1, 1) | 29 | number out of range 0 to 0
            if r1 <> 5 goto +1             | 8  | expected a register, found '>'
            if r1 > 5                      | 10 | expected 'goto', found end of line
            goto nowhere                   | 6  | no label 'nowhere'
            goto 5                         | 6  | expected pc+N, +N or a label, found '5'
            may_goto +0                    | 10 | may_goto must not lead to the next instruction
            call bpf_map_lookup_elem#2     | 6  | bpf_map_lookup_elem is helper 1, not 2
            call bpf_nothing               | 6  | neither a label nor a helper: 'bpf_nothing'
            exit exit                      | 6  | unexpected 'exit'
            (07) r1 = 5                    | 1  | this instruction has opcode b7, not 07
            7: exit                        | 1  | this is slot 0, not 7
            a: a: exit                     | 4  | label 'a' stands in two places
            """)
    void refusesWithLineAndColumn(String text, int column, String message) {
        AssemblyException e = assertThrows(AssemblyException.class, () -> ASSEMBLER.assemble("; line 1\n" + text));
        assertEquals("line 2, column " + column + ": " + message, e.getMessage());
        assertEquals(2, e.line());
        assertEquals(column, e.column());
    }

    @Test
    void refusesALabelThatAJumpCannotReach() {
        String text = "goto far\n" + "r0 = 0\n".repeat(32768) + "far: exit";
        AssemblyException e = assertThrows(AssemblyException.class, () -> ASSEMBLER.assemble(text));
        assertEquals("line 1, column 6: label 'far' is 32768 slots away", e.getMessage());
    }
}
