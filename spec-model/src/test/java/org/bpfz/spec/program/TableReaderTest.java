package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.bpfz.spec.program.TableReader.Row;
import org.junit.jupiter.api.Test;

/** A slip in a table is found when it is read, with its place. */
class TableReaderTest {
    @Test
    void namesFileAndLineOfAMissingCell() {
        Row row = TableReader.read("sections.txt").getFirst();
        assertEquals("compressor+", row.cell(0));
        IllegalStateException slip = assertThrows(IllegalStateException.class, () -> row.cell(9));
        assertTrue(slip.getMessage().matches("sections\\.txt:\\d+: cell 10 is missing"), slip.getMessage());
    }

    @Test
    void keepsWhatStandsBehindAHashApart() {
        Row row = TableReader.blocks("program_types.txt").getFirst().head();
        assertEquals(List.of("type", "SOCKET_FILTER"), row.cells());
        assertEquals("filters what a socket receives", row.comment());
        assertFalse(row.indented());
    }

    @Test
    void refusesAConditionThatTheLanguageDoesNotHave() {
        assertThrows(IllegalArgumentException.class, () -> Condition.parse(List.of("colour=red")));
        assertThrows(IllegalArgumentException.class, () -> Condition.parse(List.of("cap=CHOWN")));
        assertThrows(IllegalArgumentException.class, () -> Condition.parse(List.of("attach=TRACE_FENTRIES")));
    }

    @Test
    void saysWhichTableIsNotThere() {
        assertThrows(IllegalStateException.class, () -> TableReader.read("no_such_table.txt"));
    }
}
