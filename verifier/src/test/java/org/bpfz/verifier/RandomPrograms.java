package org.bpfz.verifier;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bpfz.spec.isa.RawInstruction;

/**
 * Programs that the verifier has something to say about: numbers from the context of every width, arithmetic of every kind, comparisons
 * of them, stack and map accesses at offsets that were bounded, or not quite, and loops that count.
 *
 * <p>R6 is the context, R9 the counter of loops, R10 the stack; map 0 is an array of {@link #VALUE_SIZE} bytes a value.
 */
final class RandomPrograms {
    /** Bytes of the context that the programs may read. */
    static final int CONTEXT_SIZE = 64;
    /** Bytes of a value of the map. */
    static final int VALUE_SIZE = 64;

    private static final int MOV = 0xb0;
    private static final int EXIT = 0x95;
    private static final int CALL = 0x85;
    private static final int LOOKUP = 1;
    private static final int[] ALU = {0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0};
    private static final int[] JUMPS = {0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0xa0, 0xb0, 0xc0, 0xd0};
    private static final int[] SIZES = {0x10, 0x08, 0x00, 0x18};
    private static final int[] BYTES = {1, 2, 4, 8};
    private static final int[] ODD = {0, 1, -1, 2, 7, 8, 15, 31, 32, 63, 64, 127, 255, 256, Integer.MAX_VALUE,
        Integer.MIN_VALUE, 0xffff, 1 << 20};

    private final SplittableRandom random;
    private final List<RawInstruction> code = new ArrayList<>();

    private RandomPrograms(long seed) {
        random = new SplittableRandom(seed);
    }

    static List<RawInstruction> of(long seed) {
        return new RandomPrograms(seed).program();
    }

    private List<RawInstruction> program() {
        add(0xbf, 6, 1, 0, 0);
        for (int register : new int[]{0, 2, 3, 4, 5, 7, 8}) {
            number(register);
        }
        add(0xb7, 9, 0, 0, random.nextInt(1, 6));
        for (int i = 1; i <= 4; i++) {
            add(0x7a, 10, 0, -8 * i, random.nextInt());
        }
        boolean loops = random.nextInt(3) == 0;
        int begin = code.size();
        int length = random.nextInt(4, 24);
        for (int i = 0; i < length; i++) {
            step();
        }
        if (loops) {
            add(0x17, 9, 0, 0, 1);
            add(0x55, 9, 0, begin - code.size() - 1, 0);
        }
        if (random.nextBoolean()) {
            add(0xb7, 0, 0, 0, 0);
        }
        add(EXIT, 0, 0, 0, 0);
        settleJumps();
        return code;
    }

    private void add(int opcode, int dst, int src, int off, int imm) {
        code.add(new RawInstruction(opcode, dst, src, (short) off, imm));
    }

    /** A number that the verifier knows nothing, little or all of. */
    private void number(int register) {
        if (random.nextInt(3) == 0) {
            add(0xb7, register, 0, 0, constant());
            return;
        }
        int size = random.nextInt(4);
        int mode = size < 3 && random.nextInt(4) == 0 ? 0x80 : 0x60;
        add(0x01 | SIZES[size] | mode, register, 6, random.nextInt(CONTEXT_SIZE / 8) * 8, 0);
        if (random.nextInt(3) == 0) {
            add(0x57, register, 0, 0, constant());
        }
    }

    private int constant() {
        return random.nextInt(3) == 0 ? random.nextInt() : ODD[random.nextInt(ODD.length)];
    }

    private int anyRegister() {
        return new int[]{0, 2, 3, 4, 5, 7, 8}[random.nextInt(7)];
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> arithmetic();
            case 4, 5, 6 -> jump();
            case 7 -> stack();
            case 8 -> stackAtNumber();
            case 9 -> mapValue();
            case 10 -> number(anyRegister());
            default ->
                add(0xd4 | (random.nextBoolean() ? 0x08 : 0) | (random.nextInt(4) == 0 ? 0x03 : 0), anyRegister(),
                        0, 0, new int[]{16, 32, 64}[random.nextInt(3)]);
        }
        RawInstruction last = code.getLast();
        if (last.opcode() == 0xdf) {
            // There is no such byte swap to a given order.
            code.set(code.size() - 1, new RawInstruction(0xd7, last.dst(), 0, (short) 0, last.imm()));
        }
    }

    private void arithmetic() {
        int operation = ALU[random.nextInt(ALU.length)];
        int width = random.nextBoolean() ? 0x07 : 0x04;
        boolean register = random.nextBoolean();
        boolean shift = operation == 0x60 || operation == 0x70 || operation == 0xc0;
        boolean division = operation == 0x30 || operation == 0x90;
        int imm = shift ? random.nextInt(width == 0x07 ? 64 : 32) : constant();
        if (division && imm == 0) {
            imm = 3;
        }
        int off = division && random.nextInt(4) == 0 ? 1 : 0;
        if (operation == MOV && register && random.nextInt(3) == 0) {
            off = random.nextBoolean() ? 8 : 16;
        }
        if (register) {
            add(operation | width | 0x08, anyRegister(), anyRegister(), off, 0);
        } else {
            add(operation | width, anyRegister(), 0, operation == MOV ? 0 : off, imm);
        }
    }

    /** A comparison that skips some of what follows; where to is settled at the end. */
    private void jump() {
        int opcode = JUMPS[random.nextInt(JUMPS.length)] | (random.nextBoolean() ? 0x05 : 0x06);
        if (random.nextBoolean()) {
            add(opcode | 0x08, anyRegister(), anyRegister(), random.nextInt(1, 5), 0);
        } else {
            add(opcode, anyRegister(), 0, random.nextInt(1, 5), constant());
        }
    }

    private void stack() {
        int size = random.nextInt(4);
        int off = -8 * random.nextInt(1, 5) + random.nextInt(8 / BYTES[size]) * BYTES[size];
        if (random.nextBoolean()) {
            add((0x63 & ~0x18) | SIZES[size], 10, anyRegister(), off, 0);
        } else {
            int mode = size < 3 && random.nextInt(4) == 0 ? 0x80 : 0x60;
            add(0x01 | SIZES[size] | mode, anyRegister(), 10, off, 0);
        }
    }

    /** R1 = R10 + (number bounded by a mask) - 32. */
    private void stackAtNumber() {
        int index = anyRegister();
        add(0x57, index, 0, 0, random.nextInt(4) == 0 ? 63 : 24);
        add(0xbf, 1, 10, 0, 0);
        add(0x0f, 1, index, 0, 0);
        if (random.nextBoolean()) {
            add(0x71, anyRegister(), 1, -32, 0);
        } else {
            add(0x73, 1, anyRegister(), -32, 0);
        }
    }

    /** A lookup, and behind a comparison with NULL an access at a number that was bounded, mostly well. */
    private void mapValue() {
        add(0xbf, 2, 10, 0, 0);
        add(0x07, 2, 0, 0, -4);
        add(0x62, 10, 0, -4, random.nextInt(3));
        add(0x18, 1, 5, 0, 0);
        add(0, 0, 0, 0, 0);
        add(CALL, 0, 0, 0, LOOKUP);
        for (int register = 2; register <= 5; register++) {
            add(0xb7, register, 0, 0, constant());
        }
        boolean compared = random.nextInt(6) == 0;
        add(0x55, 0, 0, 2, 0);
        add(0xb7, 0, 0, 0, constant());
        add(0x05, 0, 0, compared ? 4 : 5, 0);
        int index = random.nextBoolean() ? 7 : 8;
        if (compared) {
            add(0x25, index, 0, 3, random.nextInt(40, VALUE_SIZE));
        } else {
            add(0x57, index, 0, 0, random.nextInt(5) == 0 ? 127 : 56);
            add(0xb7, 1, 0, 0, 0);
        }
        add(0x0f, 0, index, 0, 0);
        add(0x71, 1, 0, random.nextInt(8), 0);
        add(0xbf, 0, index, 0, 0);
    }

    /** Jumps go forward, to the begin of an instruction, and not behind the end. */
    private void settleJumps() {
        for (int i = 0; i < code.size(); i++) {
            RawInstruction insn = code.get(i);
            int family = insn.opcode() & 0x07;
            boolean conditional = (family == 5 || family == 6) && insn.opcode() != EXIT && insn.opcode() != CALL;
            if (conditional && insn.offset() > 0) {
                int target = Math.min(i + 1 + insn.offset(), code.size() - 1);
                if (code.get(target).opcode() == 0) {
                    target--;
                }
                code.set(i, new RawInstruction(insn.opcode(), insn.dst(), insn.src(), (short) (target - i - 1),
                        insn.imm()));
            }
        }
    }
}
