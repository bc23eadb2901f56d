package org.bpfz.spec.helper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.Helpers;
import org.junit.jupiter.api.Test;

/** The table of implementations and the table of prototypes fit each other. */
class ImplementationsTest {

    @Test
    void isAskedByNamesThatHelpersHave() {
        List<String> known = Helpers.all().stream().map(HelperPrototype::name).toList();
        assertEquals(List.of(), Implementations.names().stream().filter(name -> !known.contains(name)).toList());
    }

    @Test
    void needsOnlyOnePrototypeToKnowTheNumberOfArguments() {
        Helpers.all().stream().filter(row -> Implementations.of(row.name()) != null)
                .collect(Collectors.groupingBy(HelperPrototype::number)).values()
                .forEach(rows -> assertEquals(1, rows.stream().map(row -> row.arguments().size()).distinct().count(),
                        () -> rows.getFirst().name()));
    }

    @Test
    void findsAllNumbersOfTheTable() {
        for (int number = 1; number <= Helpers.LZO_COMPRESS; number++) {
            HelperPrototype prototype = Implementations.prototype(number, HelperReading.STRICT);
            assertEquals(Helpers.name(number), prototype == null ? null : prototype.name());
        }
        assertNull(Implementations.prototype(0, HelperReading.STRICT));
        assertNull(Implementations.prototype(Helpers.LZO_COMPRESS + 1, HelperReading.STRICT));
    }

    @Test
    void movesTheCompressorsHelpers() {
        HelperReading moved = new HelperReading(500, 1, HelperReading.PastEnd.ERROR, Errno.EINVAL, Errno.EINVAL);
        assertEquals("bpf_copy_from_buffer", Objects.requireNonNull(Implementations.prototype(500, moved)).name());
        assertEquals("bpf_lzo_compress", Objects.requireNonNull(Implementations.prototype(1, moved)).name(),
                "it hides what was there");
        assertNull(Implementations.prototype(Helpers.COPY_FROM_BUFFER, moved));
        assertNull(Implementations.prototype(Helpers.LZO_COMPRESS, moved));
    }

    @Test
    void hasWhatRealCompressorProgramsNeed() {
        for (String name : List.of("bpf_map_lookup_elem", "bpf_copy_from_buffer", "bpf_lzo_compress", "bpf_loop",
                "bpf_trace_printk")) {
            assertNotNull(Implementations.of(name), name);
        }
        assertNull(Implementations.of("bpf_redirect"));
    }
}
