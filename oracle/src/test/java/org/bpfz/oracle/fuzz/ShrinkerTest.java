package org.bpfz.oracle.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.CallNames;
import org.bpfz.spec.isa.Disassembler;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.MalformedInstruction;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final Disassembler DISASSEMBLER = new Disassembler(CallNames.none());

    private static ProgramImage image(String text) {
        return ProgramImage.builder("test", ProgramType.SOCKET_FILTER)
                .code(Encoder.encode(new Assembler(CallNames.none()).assemble(text))).build();
    }

    private static String text(ProgramImage image) {
        return DISASSEMBLER.listing(image.decoded());
    }

    private static boolean shows(ProgramImage image, String... lines) {
        try {
            String text = text(image);
            for (String line : lines) {
                if (!text.contains(line)) {
                    return false;
                }
            }
            return true;
        } catch (MalformedInstruction e) {
            return false;
        }
    }

    @Test
    void onlyWhatIsNeededStays() {
        ProgramImage image = image("""
                r6 = r1
                r2 = 0x123456789 ll
                r3 = 17
                if r3 > 4 goto +1
                r4 = 5
                r0 ^= r3
                exit
                """);
        ProgramImage small = new Shrinker(candidate -> shows(candidate, "r0 ^= r3"), 1000).shrink(image);
        assertEquals(text(image("r0 ^= r3")), text(small));
    }

    @Test
    void jumpsOverWhatGoesAreAimedAnew() {
        ProgramImage image = image("""
                if r1 == 0 goto +3
                r2 = 1
                r3 = 1
                r4 = 1
                exit
                """);
        assertEquals(text(image("if r1 == 0 goto +1\nr4 = 1\nexit")), text(Shrinker.without(image, 1, 2)));
        assertEquals(text(image("if r1 == 0 goto +2\nr2 = 1\nr3 = 1\nexit")), text(Shrinker.without(image, 3, 1)));
    }

    @Test
    void backwardJumpsToo() {
        ProgramImage image = image("""
                r1 += 1
                r2 = 1
                r3 = 1
                if r1 < 5 goto -4
                exit
                """);
        assertEquals(text(image("r1 += 1\nr3 = 1\nif r1 < 5 goto -3\nexit")), text(Shrinker.without(image, 1, 1)));
    }

    @Test
    void constantsBecomeSimpleWhereTheyMay() {
        ProgramImage small = new Shrinker(candidate -> shows(candidate, "r0 = ", "r1 = 7"), 1000)
                .shrink(image("r0 = 99\nr1 = 7\nexit"));
        assertEquals(text(image("r0 = 0\nr1 = 7")), text(small));
    }

    @Test
    void theNumberOfQuestionsIsLimited() {
        int[] asked = {0};
        new Shrinker(candidate -> {
            asked[0]++;
            return false;
        }, 3).shrink(image("r0 = 1\nr0 = 2\nr0 = 3\nr0 = 4\nexit"));
        assertEquals(3, asked[0]);
    }
}
