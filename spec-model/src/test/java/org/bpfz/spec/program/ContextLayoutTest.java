package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a reader must know of contexts; every access of every type is compared with the kernel's source elsewhere. */
class ContextLayoutTest {
    @Tag("CTX-1")
    @Tag("CTX-2")
    @Tag("CTX-3")
    @Test
    void letsACompressorLoadWholeFieldsAndStoreNothing() {
        ProgramTraits compressor = ProgramTraits.of(ProgramType.COMPRESSOR);
        assertEquals(Set.of("0:8", "8:8", "0:4", "4:4"), loads(compressor));
        for (int offset = -8; offset <= 24; offset++) {
            for (int width : new int[]{1, 2, 4, 8}) {
                assertNull(ContextLayout.of(ProgramType.COMPRESSOR).access(offset, width, true, false, compressor));
            }
        }
    }

    @Tag("CTX-3")
    @Tag("CTX-4")
    @Test
    void letsACompressorLoadNarrowOnlyUnderThatReading() {
        ProgramTraits narrow = ProgramTraits.of(ProgramType.COMPRESSOR).reading(Set.of(ContextReading.NARROW_LOADS));
        Set<String> all = new TreeSet<>();
        for (int width : new int[]{1, 2, 4, 8}) {
            for (int offset = 0; offset < 16; offset += width) {
                all.add(offset + ":" + width);
            }
        }
        assertEquals(all, loads(narrow));
    }

    @Tag("CTX-4")
    @Test
    void letsEachHookLoadItsOwnFieldsOnlyUnderThatReading() {
        ProgramTraits own = ProgramTraits.of(ProgramType.COMPRESSOR).reading(Set.of(ContextReading.OWN_FIELDS));
        assertEquals(Set.of("0:4", "4:4"), loads(own.withTarget("bpf_compressor_decide")));
        assertEquals(Set.of("0:8", "8:8"), loads(own.withTarget("bpf_compressor_verify")));
    }

    @Test
    void refusesOffsetsWhoseEndIsNoNumber() {
        ProgramTraits traits = ProgramTraits.of(ProgramType.SYSCALL);
        ContextLayout syscall = ContextLayout.of(ProgramType.SYSCALL);
        for (int width : new int[]{1, 2, 4, 8}) {
            assertNull(syscall.access(Integer.MAX_VALUE - width + 1, width, false, false, traits));
            assertNull(syscall.access(Integer.MIN_VALUE, width, false, false, traits));
        }
    }

    @Test
    void yieldsPacketPointersAndRefusesToSignExtendThem() {
        ContextLayout xdp = ContextLayout.of(ProgramType.XDP);
        ProgramTraits traits = ProgramTraits.of(ProgramType.XDP);
        ContextField end = xdp.access(4, 4, false, false, traits);
        assertNotNull(end);
        assertEquals(ContextPointer.PACKET_END, end.pointer());
        assertNull(xdp.access(4, 4, false, true, traits));
        assertNotNull(xdp.access(12, 4, false, true, traits));
    }

    @Test
    void tellsSocketFilterFromClassifierOnTheSameStructure() {
        ContextLayout filter = ContextLayout.of(ProgramType.SOCKET_FILTER);
        ContextLayout classifier = ContextLayout.of(ProgramType.SCHED_CLS);
        assertEquals(filter.struct(), classifier.struct());
        assertNull(filter.access(76, 4, false, false, ProgramTraits.of(ProgramType.SOCKET_FILTER)));
        assertNotNull(classifier.access(76, 4, false, false, ProgramTraits.of(ProgramType.SCHED_CLS)));
    }

    @Test
    void refusesAnAccessThatLeavesItsField() {
        // cb is five words long: eight bytes at the last of them would reach into hash.
        ContextLayout filter = ContextLayout.of(ProgramType.SOCKET_FILTER);
        ProgramTraits traits = ProgramTraits.of(ProgramType.SOCKET_FILTER);
        assertNotNull(filter.access(56, 8, true, false, traits));
        assertNull(filter.access(64, 8, true, false, traits));
    }

    @Test
    void letsATracepointProgramLoadBeforeItsRecord() {
        // tp_prog_is_valid_access compares the offset with sizeof(void *), so as an unsigned number.
        ContextLayout layout = ContextLayout.of(ProgramType.TRACEPOINT);
        ProgramTraits traits = ProgramTraits.of(ProgramType.TRACEPOINT);
        assertNotNull(layout.access(-8, 8, false, false, traits));
        assertNull(layout.access(0, 8, false, false, traits));
        assertNotNull(layout.access(8, 8, false, false, traits));
    }

    @Test
    void keepsAllOtherFieldsInsideOfTheirStructure() {
        for (ContextLayout layout : ContextLayout.all()) {
            for (ContextField field : layout.fields()) {
                String name = layout.name() + "." + field.name();
                assertTrue(field.offset() >= 0 || name.equals("tracepoint.before"), name);
                assertTrue(field.offset() + field.size() <= layout.size(), name);
                assertTrue((field.reads() | field.writes()) != 0, name);
                assertTrue((field.reads() | field.writes()) <= 15, name);
            }
        }
    }

    private static Set<String> loads(ProgramTraits traits) {
        Set<String> loads = new TreeSet<>();
        for (int offset = -8; offset <= 24; offset++) {
            for (int width : new int[]{1, 2, 4, 8}) {
                if (ContextLayout.of(traits.type()).access(offset, width, false, false, traits) != null) {
                    loads.add(offset + ":" + width);
                }
            }
        }
        return loads;
    }
}
