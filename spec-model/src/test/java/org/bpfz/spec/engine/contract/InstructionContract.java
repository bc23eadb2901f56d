package org.bpfz.spec.engine.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.bpfz.spec.isa.Condition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What instructions compute (RFC 9669, sections 4 and 5). */
public abstract class InstructionContract extends EngineContract {

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            # in 64 bits
            r1 += r2       ; 0xffffffffffffffff ; 1                   ; 0
            r1 -= r2       ; 0                  ; 1                   ; 0xffffffffffffffff
            r1 *= r2       ; 0x100000001        ; 0x100000001         ; 0x0000000200000001
            r1 /= r2       ; 0xffffffffffffffff ; 2                   ; 0x7fffffffffffffff
            r1 /= r2       ; 7                  ; 0                   ; 0
            r1 s/= r2      ; 0x8000000000000000 ; 0xffffffffffffffff  ; 0x8000000000000000
            r1 s/= r2      ; 0xfffffffffffffff9 ; 2                   ; 0xfffffffffffffffd
            r1 %= r2       ; 7                  ; 0                   ; 7
            r1 %= r2       ; 0xffffffffffffffff ; 10                  ; 5
            r1 s%= r2      ; 0x8000000000000000 ; 0xffffffffffffffff  ; 0
            r1 s%= r2      ; 0xfffffffffffffff9 ; 2                   ; 0xffffffffffffffff
            r1 s%= r2      ; 5                  ; 0                   ; 5
            r1 |= r2       ; 0xf0               ; 0x0f                ; 0xff
            r1 &= r2       ; 0xff               ; 0x0f                ; 0x0f
            r1 ^= r2       ; 0xff               ; 0x0f                ; 0xf0
            r1 <<= r2      ; 1                  ; 65                  ; 2
            r1 >>= r2      ; 0x8000000000000000 ; 63                  ; 1
            r1 s>>= r2     ; 0x8000000000000000 ; 63                  ; 0xffffffffffffffff
            # and in 32 bits, which zeroes the upper half
            w1 += w2       ; 0xffffffffffffffff ; 1                   ; 0
            w1 -= w2       ; 0                  ; 1                   ; 0xffffffff
            w1 /= w2       ; 0x1000000007       ; 0x1000000000        ; 0
            w1 s/= w2      ; 0x80000000         ; 0xffffffff          ; 0x80000000
            w1 %= w2       ; 0x1000000007       ; 0x1000000000        ; 7
            w1 s%= w2      ; 0x80000000         ; 0xffffffff          ; 0
            w1 <<= w2      ; 1                  ; 33                  ; 2
            w1 >>= w2      ; 0xffffffff80000000 ; 31                  ; 1
            w1 s>>= w2     ; 0x80000000         ; 31                  ; 0xffffffff
            # moves
            r1 = r2        ; 0                  ; 0xffffffff80000000  ; 0xffffffff80000000
            w1 = w2        ; 0                  ; 0xffffffff80000000  ; 0x80000000
            r1 = (s8)r2    ; 0                  ; 0x80                ; 0xffffffffffffff80
            r1 = (s16)r2   ; 0                  ; 0x8000              ; 0xffffffffffff8000
            r1 = (s32)r2   ; 0                  ; 0x80000000          ; 0xffffffff80000000
            w1 = (s8)w2    ; 0                  ; 0x80                ; 0xffffff80
            w1 = (s16)w2   ; 0                  ; 0x8000              ; 0xffff8000
            r1 = -5        ; 0                  ; 0                   ; 0xfffffffffffffffb
            w1 = -5        ; 0                  ; 0                   ; 0xfffffffb
            r1 = -r1       ; 1                  ; 0                   ; 0xffffffffffffffff
            w1 = -w1       ; 1                  ; 0                   ; 0xffffffff
            # byte swaps, of which be64 and le64 once were cut to 32 bits by an engine
            r1 = be16 r1   ; 0x0807060504030201 ; 0                   ; 0x0102
            r1 = be32 r1   ; 0x0807060504030201 ; 0                   ; 0x01020304
            r1 = be64 r1   ; 0x0807060504030201 ; 0                   ; 0x0102030405060708
            r1 = le16 r1   ; 0x0807060504030201 ; 0                   ; 0x0201
            r1 = le32 r1   ; 0x0807060504030201 ; 0                   ; 0x04030201
            r1 = le64 r1   ; 0x0807060504030201 ; 0                   ; 0x0807060504030201
            r1 = bswap16 r1 ; 0x0807060504030201 ; 0                  ; 0x0102
            r1 = bswap32 r1 ; 0x0807060504030201 ; 0                  ; 0x01020304
            r1 = bswap64 r1 ; 0x0807060504030201 ; 0                  ; 0x0102030405060708
            """)
    void computes(String instruction, String r1, String r2, String expected) {
        long result = returned("r1 = " + r1 + " ll\nr2 = " + r2 + " ll\n" + instruction + "\nr0 = r1\nexit");
        assertEquals(number(expected), result, () -> Long.toHexString(result));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            if r1 == r2 goto +1   ; 5                  ; 5                  ; true
            if r1 != r2 goto +1   ; 5                  ; 0x100000005        ; true
            if w1 == w2 goto +1   ; 5                  ; 0x100000005        ; true
            if r1 > r2 goto +1    ; 0x8000000000000000 ; 1                  ; true
            if r1 s> r2 goto +1   ; 0x8000000000000000 ; 1                  ; false
            if r1 >= r2 goto +1   ; 5                  ; 5                  ; true
            if r1 s>= r2 goto +1  ; 0xffffffffffffffff ; 0                  ; false
            if r1 < r2 goto +1    ; 1                  ; 0x8000000000000000 ; true
            if r1 s< r2 goto +1   ; 0x8000000000000000 ; 1                  ; true
            if r1 <= r2 goto +1   ; 6                  ; 5                  ; false
            if r1 s<= r2 goto +1  ; 0xffffffffffffffff ; 0                  ; true
            if r1 & r2 goto +1    ; 6                  ; 2                  ; true
            if r1 & r2 goto +1    ; 5                  ; 2                  ; false
            if w1 s> w2 goto +1   ; 0x80000000         ; 0                  ; false
            if w1 > w2 goto +1    ; 0x80000000         ; 0                  ; true
            # an immediate is sign-extended to 64 bits, also where it is then compared as unsigned
            if r1 > -1 goto +1    ; 0xffffffff         ; 0                  ; false
            if r1 >= -1 goto +1   ; 0xffffffffffffffff ; 0                  ; true
            if r1 < -1 goto +1    ; 0x1ffffffff        ; 0                  ; true
            if r1 & -2147483648 goto +1 ; 0x8000000000000000 ; 0            ; true
            if w1 == -1 goto +1   ; 0xffffffff         ; 0                  ; true
            """)
    void jumps(String instruction, String r1, String r2, boolean expected) {
        long result = returned("r1 = " + r1 + " ll\nr2 = " + r2 + " ll\nr0 = 1\n" + instruction + "\nr0 = 0\nexit");
        assertEquals(expected ? 1 : 0, result);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            r0 = *(u8 *)(r1 +0)   ; 0x80
            r0 = *(u16 *)(r1 +0)  ; 0x8180
            r0 = *(u32 *)(r1 +0)  ; 0x83828180
            r0 = *(u64 *)(r1 +0)  ; 0x8786858483828180
            r0 = *(s8 *)(r1 +0)   ; 0xffffffffffffff80
            r0 = *(s16 *)(r1 +0)  ; 0xffffffffffff8180
            r0 = *(s32 *)(r1 +0)  ; 0xffffffff83828180
            r0 = *(u32 *)(r1 +3)  ; 0x86858483
            """)
    void loads(String instruction, String expected) {
        Trial trial = Trial.of(instruction + "\nexit").raw(HexFormat.of().parseHex("8081828384858687"));
        assertEquals(number(expected), returned(trial));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            *(u8 *)(r1 +1) = r3                             ; 0008000000000000
            *(u16 *)(r1 +1) = r3                            ; 0008070000000000
            *(u32 *)(r1 +1) = r3                            ; 0008070605000000
            *(u64 *)(r1 +0) = r3                            ; 0807060504030201
            *(u64 *)(r1 +0) = -2                            ; feffffffffffffff
            *(u32 *)(r1 +0) = -2                            ; feffffff00000000
            lock *(u64 *)(r1 +0) += r3                      ; 0807060504030201
            lock *(u32 *)(r1 +4) |= r3                      ; 0000000008070605
            r3 = atomic64_fetch_add((u64 *)(r1 +0), r3)     ; 0807060504030201
            r3 = atomic_xchg((u32 *)(r1 +0), r3)            ; 0807060500000000
            r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r3)   ; 0807060504030201
            """)
    void stores(String instruction, String expected) {
        Trial trial = Trial.of("r0 = 0\nr3 = 0x0102030405060708 ll\n" + instruction + "\nexit").raw(new byte[8]);
        assertArrayEquals(HexFormat.of().parseHex(expected), observe(trial).result().context().toArray());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            # what a fetching atomic leaves in its register: the old value, zero-extended
            r3 = atomic64_fetch_add((u64 *)(r1 +0), r3)   ; r3 ; 0xfffefdfcfbfaf9f8
            r3 = atomic_fetch_add((u32 *)(r1 +0), r3)     ; r3 ; 0xfbfaf9f8
            r3 = atomic_xchg((u32 *)(r1 +0), r3)          ; r3 ; 0xfbfaf9f8
            r0 = atomic_cmpxchg((u32 *)(r1 +0), r0, r3)   ; r0 ; 0xfbfaf9f8
            r0 = atomic_cmpxchg((u32 *)(r1 +0), r0, r3)   ; r3 ; 5
            r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r3) ; r0 ; 0xfffefdfcfbfaf9f8
            """)
    void fetches(String instruction, String register, String expected) {
        Trial trial = Trial.of("r0 = -1\nr3 = 5\n" + instruction + "\nr0 = " + register + "\nexit")
                .raw(HexFormat.of().parseHex("f8f9fafbfcfdfeff"));
        assertEquals(number(expected), returned(trial));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            # a compare and exchange of 32 bits looks at the low half of r0 only
            r0 = atomic_cmpxchg((u32 *)(r1 +0), r0, r3)   ; 05000000fcfdfeff
            r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r3) ; f8f9fafbfcfdfeff
            """)
    void exchangesWhatIsEqual(String instruction, String expected) {
        Trial trial = Trial.of("r0 = 0x12345678fbfaf9f8 ll\nr3 = 5\n" + instruction + "\nr0 = 0\nexit")
                .raw(HexFormat.of().parseHex("f8f9fafbfcfdfeff"));
        assertArrayEquals(HexFormat.of().parseHex(expected), observe(trial).result().context().toArray());
    }

    /** Numbers that are equal, or next to each other, where signed and unsigned order part, and whose lower halves are equal. */
    @ParameterizedTest
    @EnumSource
    void comparesNeighbours(Condition condition) {
        int[] numbers = {0, 1, 2, -1, -2, Integer.MAX_VALUE, Integer.MIN_VALUE};
        for (int left : numbers) {
            for (int right : numbers) {
                for (String register : List.of("r", "w")) {
                    for (String other : List.of(register + "2", String.valueOf(right))) {
                        returned(Trial.of("""
                                r1 = %d
                                r2 = %d
                                r0 = 1
                                if %s1 %s %s goto end
                                r0 = 2
                                end: exit""".formatted(left, right, register, condition.symbol(), other)));
                    }
                }
            }
        }
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void doesWhatTheSpecificationDoes(@ForAll long seed, @ForAll("lengths") int length) {
        byte[] memory = new byte[RandomPrograms.MEMORY];
        new Random(seed).nextBytes(memory);
        returned(Trial.of(RandomPrograms.of(seed, length)).raw(memory));
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.of(1, 5, 20, 60);
    }

    private static long number(String text) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
    }
}
