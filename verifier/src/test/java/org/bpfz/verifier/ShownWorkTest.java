package org.bpfz.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;

/** What need not be shown may be left out, such as tracking the same number back twice; the work is the same. */
class ShownWorkTest {
    private static final List<MapSpec> MAPS = List
            .of(MapSpec.of("map", MapType.ARRAY, Integer.BYTES, RandomPrograms.VALUE_SIZE, 1));

    @Test
    void verdictsAndCountsAreThoseOfTheFullLog() {
        for (int seed = 0; seed < 200; seed++) {
            ProgramImage image = ProgramImage.builder("random", ProgramType.SYSCALL).sleepable(true)
                    .code(RandomPrograms.of(seed)).maps(MAPS).build();
            Verdict silent = Verifier.verify(image, Options.privileged().withLogLevel(0));
            Verdict shown = Verifier.verify(image, Options.privileged().withLogLevel(2));
            assertEquals(shown.getClass(), silent.getClass(), "seed " + seed);
            assertEquals(shown.statistics(), silent.statistics(), "seed " + seed);
        }
    }
}
