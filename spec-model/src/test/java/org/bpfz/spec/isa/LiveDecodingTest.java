package org.bpfz.spec.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.bpfz.spec.isa.Decoder.Malformed;
import org.bpfz.spec.isa.Decoder.Stage;
import org.bpfz.spec.live.LiveKernel;
import org.bpfz.spec.live.RequiresLiveKernel;
import org.bpfz.spec.program.Helpers;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every opcode with legal and illegal values in its other fields, put into a program and shown to the machine's kernel:
 * it must refuse what {@link Decoder} calls malformed, with the same words, and must write each slot into its log as
 * {@link Disassembler} does.
 *
 * <p>Where a newer kernel does otherwise than 6.12, the source of 6.12 decides, and {@link #changedSince612} leaves the
 * slot out.
 */
class LiveDecodingTest {
    /** The values of the fields; at most two at a time are not the first. */
    private static final int[][] FIELDS = {{0, 1, 12}, {0, 1, 2, 7, 12}, {0, 1, 8, 16, 32, -1},
        {0, 1, 16, 32, 64, 0x41, 0xf1, 1 << 16, -1, Integer.MIN_VALUE}};

    /** Where the slot stands in the program: behind a prologue that makes all registers readable. */
    private static final int AT = 11;

    /** How many slots stand behind it. */
    private static final int BEHIND = 10;

    private static final RawInstruction UPPER_HALF = new RawInstruction(0, 0, 0, (short) 0, 0);

    private static final Pattern MALFORMED = Pattern
            .compile("unknown opcode .*|.* uses reserved fields|R1[1-5] is invalid"
                    + "|(invalid|unrecognized) bpf_ld_imm64 insn|BPF_ATOMIC uses invalid atomic opcode .*"
                    + "|invalid atomic operand size|invalid may_goto .*|addr_space_cast insn can only convert .*");

    private static final CallNames NAMES = new CallNames() {
        @Override
        public @Nullable String helper(int number) {
            return Helpers.name(number);
        }

        @Override
        public @Nullable Integer helper(String name) {
            return null;
        }

        @Override
        public @Nullable String kfunc(int btfId, short moduleIndex) {
            // BTF id 0 is the type void, which has an empty name.
            return btfId == 0 ? "" : null;
        }
    };

    private final List<String> differences = new ArrayList<>();

    @BeforeAll
    static void needsKernel() {
        RequiresLiveKernel.orSkip(LiveDecodingTest.class);
    }

    @Test
    void theKernelSaysTheSameOfEverySlot() {
        int shown = 0;
        for (int opcode = 0; opcode < 256; opcode++) {
            for (RawInstruction slot : variants(opcode)) {
                if (canBeShown(slot) && !changedSince612(slot)) {
                    shown++;
                    compare(slot, UPPER_HALF, List.of());
                }
            }
        }
        System.out.println("slots shown to the live kernel: " + shown);
        assertTrue(shown > 10_000, "only " + shown + " slots were shown");
        assertEquals("", String.join("\n", differences));
    }

    @Test
    void theKernelSaysTheSameOf64BitImmediates() throws IOException {
        final int array = 2;
        try (LiveKernel.Descriptor map = LiveKernel.createMap(array, 4, 8, 1, 0)) {
            for (int src = 0; src < 16; src++) {
                for (int field = 0; field < 5; field++) {
                    RawInstruction slot = new RawInstruction(0x18, field == 1 ? 12 : 2, src,
                            (short) (field == 2 ? 1 : 0), src == 1 || src == 2 ? map.fd() : 0);
                    RawInstruction upper = switch (field) {
                        case 3 -> new RawInstruction(0, 0, 0, (short) 0, 1);
                        case 4 -> new RawInstruction(7, 0, 0, (short) 0, 0);
                        default -> UPPER_HALF;
                    };
                    // Kind 3 must be the BTF id of a variable and kind 4 that of a function; both are asked first.
                    if (src != 3 && src != 4) {
                        compare(slot, upper, List.of(map));
                    }
                }
            }
        }
        assertEquals("", String.join("\n", differences));
    }

    @Test
    void theKernelReadsTheRegistersThatAreNamedBeforeItComesToTheFault() {
        int shown = 0;
        for (Encoding row : OpcodeTable.rows()) {
            for (int variant = 0; variant < 16; variant++) {
                int dst = (variant & 1) != 0 ? 12 : row.dst().isOperand() ? 3 : 0;
                int src = (variant & 2) != 0 ? 12 : row.src().isOperand() ? 4 : row.src().value();
                int offset = (variant & 4) != 0 ? 5 : row.offset().value();
                int imm = (variant & 8) != 0 ? 5 : row.imm().value();
                RawInstruction slot = new RawInstruction(row.opcode(), dst, src, (short) offset, imm);
                if (canBeShown(slot) && !changedSince612(slot)
                        && Decoder.decode(slot, null) instanceof Malformed malformed
                        && malformed.stage() == Stage.REACHED) {
                    shown++;
                    compareWithoutRegisters(slot, malformed);
                }
            }
        }
        assertTrue(shown > 500, "only " + shown + " slots were shown");
        assertEquals("", String.join("\n", differences));
    }

    /** Nothing but R1 and R10 can be read. */
    private void compareWithoutRegisters(RawInstruction slot, Malformed malformed) {
        List<RawInstruction> code = new ArrayList<>();
        code.add(new RawInstruction(0x15, 1, 0, (short) 1, 7));
        code.add(slot);
        for (int i = 1; i < BEHIND; i++) {
            code.add(new RawInstruction(0xb7, 0, 0, (short) 0, 0));
        }
        code.add(new RawInstruction(0x95, 0, 0, (short) 0, 0));
        String expected = malformed.readFirst().isEmpty()
                ? malformed.reason()
                : "R" + malformed.readFirst().getFirst().index() + " !read_ok";
        try (LiveKernel.Loading loading = LiveKernel
                .load(LiveKernel.Request.of(ProgramType.SOCKET_FILTER, code).withLogBytes(1 << 15))) {
            if (loading.log().lines().noneMatch(expected::equals)) {
                differences.add(slot + ": expected '" + expected + "', kernel:\n" + loading.log());
            }
        }
    }

    private static List<RawInstruction> variants(int opcode) {
        List<RawInstruction> slots = new ArrayList<>();
        for (int a = 0; a < FIELDS.length; a++) {
            for (int b = a + 1; b < FIELDS.length; b++) {
                for (int valueA : FIELDS[a]) {
                    for (int valueB : FIELDS[b]) {
                        int[] fields = new int[FIELDS.length];
                        fields[a] = valueA;
                        fields[b] = valueB;
                        slots.add(new RawInstruction(opcode, fields[0], fields[1], (short) fields[2], fields[3]));
                    }
                }
            }
        }
        // Of an opcode that does not exist the other fields hardly matter.
        return OpcodeTable.rows(opcode).isEmpty() ? slots.subList(0, 20) : slots.stream().distinct().toList();
    }

    /** Whether the kernel comes to the slot itself before it refuses the program for something else. */
    private static boolean canBeShown(RawInstruction slot) {
        int opcode = slot.opcode();
        int code = opcode & 0xf0;
        return switch (opcode & 7) {
            case 5, 6 -> switch (code) {
                // A local function must begin where one can, and a kernel function must be one; 0 is let through.
                case 0x80 -> slot.src() == 2 ? slot.imm() == 0 && slot.offset() == 0 : slot.src() != 1;
                case 0x90 -> true;
                default -> canJump(opcode == 0x06 ? slot.imm() : slot.offset());
            };
            case 0 -> opcode != 0x18;
            // A cast of an arena's pointer is refused for want of an arena before its registers are looked at.
            case 7 -> opcode != 0xbf || slot.offset() != 1 || (slot.dst() != 12 && slot.src() != 12);
            default -> true;
        };
    }

    private static boolean canJump(int offset) {
        return offset >= -1 && offset < BEHIND;
    }

    private static boolean changedSince612(RawInstruction slot) {
        return switch (slot.opcode()) {
            // Since 6.15 there are 8-bit and 16-bit atomic loads and stores (load_acquire, store_release).
            case 0xcb, 0xd3 -> true;
            // Since 6.14 may_goto may lead nowhere, and the message names the imm only.
            case 0xe5 -> Decoder.decode(slot, null) instanceof Malformed;
            default -> false;
        };
    }

    private void compare(RawInstruction slot, RawInstruction next, List<LiveKernel.Descriptor> maps) {
        boolean wide = slot.opcode() == 0x18;
        List<RawInstruction> code = new ArrayList<>();
        code.add(new RawInstruction(0xbf, 6, 1, (short) 0, 0));
        for (int register : new int[]{0, 1, 2, 3, 4, 5, 7, 8, 9}) {
            code.add(new RawInstruction(0xb7, register, 0, (short) 0, 0));
        }
        // Never taken, but it makes what is behind the slot reachable.
        code.add(new RawInstruction(0x15, 1, 0, (short) (wide ? 2 : 1), 7));
        code.add(slot);
        if (wide) {
            code.add(next);
        }
        for (int i = 1; i < BEHIND; i++) {
            code.add(new RawInstruction(0xb7, 0, 0, (short) 0, 0));
        }
        code.add(new RawInstruction(0x95, 0, 0, (short) 0, 0));

        LiveKernel.Request request = LiveKernel.Request.of(ProgramType.SOCKET_FILTER, code).withLogLevel(2)
                .withLogBytes(1 << 15).withMaps(maps);
        try (LiveKernel.Loading loading = LiveKernel.load(request)) {
            List<String> lines = loading.log().lines().filter(line -> !line.startsWith("processed ")).toList();
            String last = lines.isEmpty() ? "" : lines.getLast();
            String said = MALFORMED.matcher(last).matches() ? last : "";
            Malformed malformed = Decoder.decode(slot, next) instanceof Malformed m ? m : null;
            String expected = malformed == null ? "" : malformed.reason();
            if (!said.equals(expected) || (malformed != null && !Objects.equals(loading.errno(), "EINVAL"))) {
                differences.add(slot + ": expected '" + expected + "', kernel: " + loading.errno() + " '" + last + "'");
            }
            // What the log shows of a map is the address that it was resolved to.
            boolean resolved = wide && slot.src() != 0;
            if ((malformed == null || malformed.stage() == Stage.REACHED) && !resolved) {
                String text = AT + ": " + new Disassembler(NAMES).logText(slot, next, true);
                if (lines.stream().noneMatch(line -> line.equals(text) || line.startsWith(text + " "))) {
                    differences.add(slot + ": no line '" + text + "' in\n" + loading.log());
                }
            }
        }
    }
}
