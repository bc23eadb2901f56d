package org.bpfz.proofs.access;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bpfz.interpreter.memory.ContextRules;
import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.memory.Access;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;

/**
 * Accesses, of one kind or the other, to a memory with a few regions, at and around their ends and those of the arena: what each yields, a dot for a
 * fault and an X for any other exception.
 */
public final class FlatRun implements UnaryOperator<String> {
    private static final int REGION = 84;
    private static final long READABLE = Layout.MAPS;
    private static final long WRITABLE = Layout.MAPS + 0x80;
    private static final long BOTH = Layout.MAPS + 0x100;
    private static final long END = Layout.MAPS + 0x200;

    private static final byte[] BYTES = bytes();

    private static byte[] bytes() {
        byte[] bytes = new byte[FlatMemory.offset(END)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 37);
        }
        return bytes;
    }

    /** An access of a memory. */
    @FunctionalInterface
    private interface Touch {
        long at(FlatMemory memory, long address);
    }

    @Override
    public String apply(String what) {
        List<String> seen = new ArrayList<>();
        switch (what) {
            case "load" -> {
                seen.add(all(FlatMemory::load8));
                seen.add(all(FlatMemory::load16));
                seen.add(all(FlatMemory::load32));
                seen.add(all(FlatMemory::load64));
                for (int size = 1; size <= 4; size *= 2) {
                    int bytes = size;
                    seen.add(all((memory, address) -> memory.loadSigned(address, bytes)));
                }
            }
            case "store" -> {
                seen.add(all((memory, address) -> stored(memory, () -> memory.store8(address, -2))));
                seen.add(all((memory, address) -> stored(memory, () -> memory.store16(address, -3))));
                seen.add(all((memory, address) -> stored(memory, () -> memory.store32(address, -4))));
                seen.add(all((memory, address) -> stored(memory, () -> memory.store64(address, -5))));
            }
            case "limits" -> {
                for (int frames = 0; frames <= Layout.MAX_FRAMES; frames++) {
                    int depth = frames;
                    seen.add(all((memory, address) -> {
                        memory.setDepth(depth);
                        return memory.load64(address);
                    }));
                }
                for (int more = 1; more <= 16; more++) {
                    long end = END + more;
                    seen.add(all((memory, address) -> {
                        memory.reserve(end);
                        memory.define(END, 1, true, true);
                        return memory.bytes().length + memory.load8(address);
                    }));
                }
            }
            default -> {
                for (int size : new int[]{0, 1, 8, 9, 72, REGION}) {
                    seen.add(all((memory, address) -> stored(memory, () -> memory.requireReadable(address, size))));
                    seen.add(all((memory, address) -> stored(memory, () -> memory.requireWritable(address, size))));
                    seen.add(all((memory, address) -> memory.permits(Access.READ, address, size) ? 1 : 0));
                    seen.add(all((memory, address) -> memory.permits(Access.WRITE, address, size) ? 1 : 0));
                    seen.add(all((memory, address) -> memory.read(address, size).length));
                    seen.add(all((memory, address) -> stored(memory, () -> memory.write(address, new byte[size]))));
                }
                seen.add(all((memory, address) -> stored(memory, () -> memory.requireAtomic(address, 4))));
                seen.add(all((memory, address) -> stored(memory, () -> memory.requireAtomic(address, 8))));
            }
        }
        return String.join(" ", seen);
    }

    private static long stored(FlatMemory memory, Runnable store) {
        store.run();
        return Integer.toUnsignedLong(Arrays.hashCode(memory.bytes()));
    }

    private static String all(Touch touch) {
        StringBuilder text = new StringBuilder();
        for (long base : new long[]{Layout.BASE, Layout.STACK_TOP - Layout.FRAME_SIZE, Layout.STACK_TOP, Layout.CONTEXT,
            READABLE, READABLE + REGION, WRITABLE, WRITABLE + REGION, BOTH, BOTH + REGION, END,
            Layout.BASE + (1L << 32)}) {
            for (int from : new int[]{-8, -4, -2, -1, 0, 1, 6}) {
                text.append(one(touch, base + from));
            }
        }
        return Integer.toHexString(text.toString().hashCode()) + ":" + text.chars().filter(c -> c == '.').count();
    }

    private static char one(Touch touch, long address) {
        try {
            long value = touch.at(memory(), address);
            return Character.forDigit((int) Long.remainderUnsigned(value, Character.MAX_RADIX), Character.MAX_RADIX);
        } catch (FaultSignal fault) {
            return '.';
        } catch (RuntimeException e) {
            return 'X';
        }
    }

    /** A memory with a region of each kind, filled with numbers, of which no frame but the outermost is active. */
    private static FlatMemory memory() {
        FlatMemory memory = new FlatMemory();
        memory.reserve(END);
        ContextRules rules = ContextRules.of(ProgramImage.builder("proof", ProgramType.XDP)
                .code(org.bpfz.spec.isa.Encoder.encode(Program.of(List.of(new org.bpfz.spec.isa.Instruction.Exit()))))
                .build());
        memory.begin(rules);
        memory.defineContext(24, rules);
        memory.define(READABLE, REGION, true, false);
        memory.define(WRITABLE, REGION, false, true);
        memory.define(BOTH, REGION, true, true);
        System.arraycopy(BYTES, 0, memory.bytes(), 0, BYTES.length);
        memory.setDepth(1);
        return memory;
    }
}
