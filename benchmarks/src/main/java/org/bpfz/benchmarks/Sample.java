package org.bpfz.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.CallNames;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.Helpers;

/** Programs that every engine can run on 64 KiB of memory, whose address is in R1, and the C that computes the same. */
public enum Sample {
    /** A mix of 64-bit arithmetic, each step of which needs the one before. */
    ARITH(700_004, """
            r0 = 0x1234
            r3 = 100000
            r2 = 0x9e3779b97f4a7c15 ll
            loop: r0 += r2
            r4 = r0
            r4 >>= 13
            r0 ^= r4
            r0 *= 31
            r3 -= 1
            if r3 != 0 goto loop
            exit
            """, """
            u64 r = 0x1234;
            for (u64 n = 100000; n != 0; n--) { r += 0x9e3779b97f4a7c15; r ^= r >> 13; r *= 31; }
            return r;
            """),
    /** The Internet's checksum, by 16 bits. */
    CSUM16(163_852, """
            r0 = 0
            r3 = 32768
            loop: r4 = *(u16 *)(r1 +0)
            r0 += r4
            r1 += 2
            r3 -= 1
            if r3 != 0 goto loop
            r4 = r0
            r4 >>= 16
            r0 &= 0xffff
            r0 += r4
            r4 = r0
            r4 >>= 16
            r0 += r4
            r0 &= 0xffff
            r0 ^= 0xffff
            exit
            """, """
            u64 r = 0;
            for (u64 n = 0; n < 65536; n += 2) r += *(u16 *)(memory + n);
            r = (r & 0xffff) + (r >> 16);
            r = (r + (r >> 16)) & 0xffff;
            return r ^ 0xffff;
            """),
    /** Adler-32, with two remainders a byte. */
    ADLER(524_294, """
            w0 = 1
            w5 = 0
            r3 = 65536
            loop: r4 = *(u8 *)(r1 +0)
            w0 += w4
            w0 %= 65521
            w5 += w0
            w5 %= 65521
            r1 += 1
            r3 -= 1
            if r3 != 0 goto loop
            r5 <<= 16
            r0 |= r5
            exit
            """, """
            u32 a = 1, b = 0;
            for (u64 n = 0; n < 65536; n++) { a = (a + memory[n]) % 65521; b = (b + a) % 65521; }
            return (u64)b << 16 | a;
            """),
    /** Copies 32 KiB, byte by byte. */
    COPY8(229_381, """
            r2 = r1
            r2 += 32768
            r3 = 32768
            r0 = 0
            loop: r4 = *(u8 *)(r1 +0)
            r4 ^= 0x5a
            *(u8 *)(r2 +0) = r4
            r1 += 1
            r2 += 1
            r3 -= 1
            if r3 != 0 goto loop
            exit
            """, """
            for (u64 n = 0; n < 32768; n++) memory[n + 32768] = memory[n] ^ 0x5a;
            return 0;
            """),
    /** Calls of a function that keeps its arguments on its stack. */
    CALL(650_003, """
            r6 = 50000
            r0 = 0
            loop: r1 = r0
            r2 = r6
            call function
            r6 -= 1
            if r6 != 0 goto loop
            exit
            function: *(u64 *)(r10 -8) = r1
            *(u64 *)(r10 -16) = r2
            r3 = *(u64 *)(r10 -8)
            r4 = *(u64 *)(r10 -16)
            r0 = r3
            r0 += r4
            r0 ^= 85
            exit
            """, """
            u64 r = 0;
            for (u64 n = 50000; n != 0; n--) r = called(r, n);
            return r;
            """);

    /** Bytes of the memory. */
    public static final int MEMORY = 65_536;

    private final long instructions;
    private final String text;
    private final String c;

    Sample(long instructions, String text, String c) {
        this.instructions = instructions;
        this.text = text;
        this.c = c;
    }

    /** How many instructions a run executes. */
    public long instructions() {
        return instructions;
    }

    /** The slots. */
    public List<RawInstruction> code() {
        Map<Integer, String> names = new HashMap<>();
        for (HelperPrototype prototype : Helpers.all()) {
            names.put(prototype.number(), prototype.name());
        }
        return Encoder.encode(new Assembler(CallNames.ofHelpers(names)).assemble(text));
    }

    /** What the memory holds: byte i is 7 i + 3. */
    public static byte[] memory() {
        byte[] memory = new byte[MEMORY];
        for (int i = 0; i < memory.length; i++) {
            memory[i] = (byte) (7 * i + 3);
        }
        return memory;
    }

    /** A C function of the sample's name in lower case, from a pointer to the memory to a number. */
    String cFunction() {
        return "u64 " + symbol() + "(u8 *memory) {\n" + c + "}\n";
    }

    String symbol() {
        return name().toLowerCase(Locale.ROOT);
    }
}
