package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a reader must know of the helper table; the rows themselves are compared with the kernel's source elsewhere. */
class HelpersTest {
    @Test
    void hasARowForEachNumberFrom1To213AndNoOther() {
        assertEquals(IntStream.rangeClosed(1, 213).boxed().collect(Collectors.toSet()),
                Helpers.all().stream().map(HelperPrototype::number).collect(Collectors.toSet()));
        assertNull(Helpers.name(0));
        assertNull(Helpers.name(214));
        assertNull(Helpers.name(-1));
    }

    @Test
    void readsAPrototypeWithFlagsAndSize() {
        HelperPrototype strtol = Helpers.prototypes(105).getFirst();
        assertEquals("bpf_strtol", strtol.name());
        assertEquals(
                List.of(new ArgType(ArgKind.PTR_TO_MEM, Set.of(TypeFlag.MEM_RDONLY), 0, null),
                        new ArgType(ArgKind.CONST_SIZE, Set.of(), 0, null),
                        new ArgType(ArgKind.ANYTHING, Set.of(), 0, null),
                        new ArgType(ArgKind.PTR_TO_MEM, Set.of(TypeFlag.MEM_UNINIT, TypeFlag.MEM_WRITE,
                                TypeFlag.MEM_FIXED_SIZE, TypeFlag.MEM_ALIGNED), 8, null)),
                strtol.arguments());
        assertEquals(new ReturnType(ReturnKind.INTEGER, Set.of(), null), strtol.result());
        assertFalse(strtol.gplOnly());
    }

    @Test
    void keepsOnePrototypeForEachContextOfPerfEventOutput() {
        Set<String> prototypes = Helpers.prototypes(25).stream().map(HelperPrototype::prototype)
                .collect(Collectors.toSet());
        assertTrue(prototypes.containsAll(Set.of("bpf_perf_event_output_proto", "bpf_perf_event_output_proto_tp",
                "bpf_skb_event_output_proto", "bpf_xdp_event_output_proto")), prototypes::toString);
    }
}
