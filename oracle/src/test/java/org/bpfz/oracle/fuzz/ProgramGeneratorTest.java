package org.bpfz.oracle.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
import org.junit.jupiter.api.Test;

/** What the generator promises: the same program every time, most of them valid, and every kind of instruction. */
class ProgramGeneratorTest {

    @Test
    void seedAndIndexSayEverything() {
        ProgramImage once = new ProgramGenerator(5, Profile.VERDICTS).at(17).image();
        ProgramImage again = new ProgramGenerator(5, Profile.VERDICTS).at(17).image();
        assertEquals(once.code(), again.code());
        assertEquals(once.type(), again.type());
        assertNotEquals(once.code(), new ProgramGenerator(6, Profile.VERDICTS).at(17).image().code());
        assertNotEquals(once.code(), new ProgramGenerator(5, Profile.VERDICTS).at(18).image().code());
    }

    @Test
    void mostOfWhatIsMeantToBeValidIsSo() {
        ProgramGenerator generator = new ProgramGenerator(1, Profile.VERDICTS);
        List<Candidate> valid = LongStream.range(0, 400).mapToObj(generator::at)
                .filter(candidate -> candidate.shape() == Shape.VALID).toList();
        long accepted = valid.stream().filter(ProgramGeneratorTest::isAccepted).count();
        assertTrue(accepted > valid.size() * 7 / 10, accepted + " of " + valid.size());
    }

    private static boolean isAccepted(Candidate candidate) {
        int flags = candidate.image().sleepable() ? Options.SLEEPABLE : 0;
        return Verifier.verify(candidate.image(), Options.privileged().withFlags(flags)) instanceof Verdict.Accepted;
    }

    @Test
    void someOfWhatIsNotMeantToBeValidIsRefused() {
        ProgramGenerator generator = new ProgramGenerator(1, Profile.VERDICTS);
        List<Candidate> others = LongStream.range(0, 400).mapToObj(generator::at)
                .filter(candidate -> candidate.shape() != Shape.VALID).toList();
        long accepted = others.stream().filter(ProgramGeneratorTest::isAccepted).count();
        assertTrue(accepted > 0 && accepted < others.size() / 2, accepted + " of " + others.size());
    }

    @Test
    void everyKindOfInstructionIsThereWithAndWithoutAliasedOperands() {
        for (Profile profile : List.of(Profile.VERDICTS, Profile.RAW)) {
            ProgramGenerator generator = new ProgramGenerator(1, profile);
            Coverage coverage = new Coverage();
            LongStream.range(0, 20_000).mapToObj(generator::at).forEach(candidate -> coverage.add(candidate.image()));
            assertEquals(List.of(), coverage.missing());
        }
    }
}
