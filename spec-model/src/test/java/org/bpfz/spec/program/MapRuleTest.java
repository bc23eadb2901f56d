package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a reader must know of map types; the pairs of map and helper are compared with the kernel's source elsewhere. */
class MapRuleTest {
    private static final ProgramTraits ROOT = ProgramTraits.of(ProgramType.XDP);

    @Test
    void hasARowForEachType() {
        for (MapType type : MapType.values()) {
            if (type != MapType.UNSPEC) {
                assertEquals(type, MapRule.of(type).type());
            }
        }
    }

    @Test
    void takesAnArrayWithAFourByteKeyOnly() {
        assertTrue(MapRule.of(MapType.ARRAY).takes(MapSpec.of("a", MapType.ARRAY, 4, 100, 1)));
        assertFalse(MapRule.of(MapType.ARRAY).takes(MapSpec.of("a", MapType.ARRAY, 8, 100, 1)));
        assertFalse(MapRule.of(MapType.ARRAY).takes(MapSpec.of("a", MapType.ARRAY, 4, 0, 1)));
        assertFalse(MapRule.of(MapType.ARRAY).takes(MapSpec.of("a", MapType.ARRAY, 4, 100, 0)));
    }

    @Test
    void takesARingOfWholePagesOnly() {
        assertTrue(MapRule.of(MapType.RINGBUF).takes(MapSpec.of("r", MapType.RINGBUF, 0, 0, 8192)));
        for (int size : new int[]{0, 1, 2048, 4097, 12288}) {
            assertFalse(MapRule.of(MapType.RINGBUF).takes(MapSpec.of("r", MapType.RINGBUF, 0, 0, size)));
        }
    }

    @Test
    void asksForFlagsThatMustBeSet() {
        MapSpec trie = MapSpec.of("t", MapType.LPM_TRIE, 8, 4, 16);
        assertFalse(MapRule.of(MapType.LPM_TRIE).takes(trie));
        assertTrue(MapRule.of(MapType.LPM_TRIE).takes(trie.withFlags(MapFlag.NO_PREALLOC.mask())));
        assertFalse(MapRule.of(MapType.LPM_TRIE)
                .takes(trie.withFlags(MapFlag.NO_PREALLOC.mask() | MapFlag.MMAPABLE.mask())));
    }

    @Test
    void keepsAHelperToTheMapsThatOwnIt() {
        assertTrue(goesInto(MapType.PROG_ARRAY, 12, ROOT));
        assertFalse(goesInto(MapType.ARRAY, 12, ROOT));
        assertFalse(goesInto(MapType.PROG_ARRAY, 1, ROOT));
        assertTrue(goesInto(MapType.ARRAY, 1, ROOT));
        assertTrue(goesInto(MapType.ARRAY_OF_MAPS, 1, ROOT));
        assertFalse(goesInto(MapType.ARRAY_OF_MAPS, 2, ROOT));
    }

    @Test
    void letsSomeProgramsUpdateASockmap() {
        assertTrue(goesInto(MapType.SOCKMAP, 2, ProgramTraits.of(ProgramType.XDP)));
        assertFalse(goesInto(MapType.SOCKMAP, 2, ProgramTraits.of(ProgramType.SOCK_OPS)));
        assertTrue(goesInto(MapType.SOCKMAP, 3, ProgramTraits.of(ProgramType.SOCK_OPS)));
        assertFalse(goesInto(MapType.SOCKMAP, 2, ProgramTraits.of(ProgramType.KPROBE)));
    }

    private static boolean goesInto(MapType type, int helper, ProgramTraits traits) {
        HelperPrototype prototype = Helpers.prototypes(helper).getFirst();
        assertNotNull(prototype);
        return MapRule.of(type).goesInto(prototype, traits);
    }
}
