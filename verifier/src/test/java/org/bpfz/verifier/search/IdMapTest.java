package org.bpfz.verifier.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Hundreds of ids, as states with full stacks have them: the answers are those of a relation that is one to one. */
class IdMapTest {
    @Test
    void manyIdsHaveOnePartnerEach() {
        SplittableRandom random = new SplittableRandom(5);
        IdMap ids = new IdMap();
        for (int round = 0; round < 200; round++) {
            ids.reset(0);
            Map<Integer, Integer> partners = new HashMap<>();
            Map<Integer, Integer> owners = new HashMap<>();
            for (int i = 0; i < 1000; i++) {
                int old = id(random);
                int current = random.nextInt(4) == 0 ? id(random) : old * 3 + 1;
                boolean fits = partners.getOrDefault(old, current) == current
                        && owners.getOrDefault(current, old) == old;
                assertEquals(fits, ids.match(old, current));
                if (fits) {
                    partners.put(old, current);
                    owners.put(current, old);
                }
            }
        }
    }

    private static int id(SplittableRandom random) {
        return (random.nextInt(600) + 1) * (random.nextBoolean() ? 64 : 1);
    }
}
