package org.bpfz.spec.btf;

import static org.bpfz.spec.btf.BtfBytes.FUNC;
import static org.bpfz.spec.btf.BtfBytes.FUNC_PROTO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What .BTF.ext ties to instructions, and what is refused of it. */
class BtfExtTest {
    private static final int HEADER = 32;
    private static final int FUNCTIONS = HEADER;
    private static final int LINES = FUNCTIONS + 4 + 8 + 8;
    private static final int RELOCATIONS = LINES + 4 + 8 + 2 * 16;
    private static final int END = RELOCATIONS + 4 + 8 + 16;

    private final BtfBytes types = new BtfBytes();
    private final int section = types.string("socket");
    private final int file = types.string("a.c");
    private final int line = types.string("return 0;");
    private final int access = types.string("0:1");

    BtfExtTest() {
        types.integer();
        types.type(0, FUNC_PROTO, 0, 1);
        types.type(types.string("f"), FUNC, 1, 2);
    }

    /** One function, two lines and one relocation in section "socket". */
    private ByteBuffer section(ByteOrder order) {
        ByteBuffer out = ByteBuffer.allocate(END).order(order);
        out.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(HEADER);
        out.putInt(0).putInt(LINES - FUNCTIONS);
        out.putInt(LINES - HEADER).putInt(RELOCATIONS - LINES);
        out.putInt(RELOCATIONS - HEADER).putInt(END - RELOCATIONS);
        out.putInt(8).putInt(section).putInt(1).putInt(16).putInt(3);
        out.putInt(16).putInt(section).putInt(2);
        out.putInt(16).putInt(file).putInt(line).putInt(7 << 10 | 5);
        out.putInt(24).putInt(file).putInt(0).putInt(8 << 10);
        out.putInt(16).putInt(section).putInt(1).putInt(24).putInt(1).putInt(access).putInt(2);
        return out;
    }

    private Btf btf(ByteOrder order) {
        return Btf.read(types.bytes(order), BtfRules.LOAD);
    }

    @Test
    void tiesFunctionsLinesAndRelocationsToSlots() {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            BtfExt ext = BtfExt.read(BtfBytes.copy(section(order)), btf(order));
            assertEquals(List.of(new FuncInfo(2, 3)), ext.functions("socket"));
            assertEquals(List.of(new LineInfo(2, "a.c", "return 0;", 7, 5), new LineInfo(3, "a.c", "", 8, 0)),
                    ext.lines("socket"));
            assertEquals(List.of(new CoreRelocation(3, 1, "0:1", CoreRelocation.Kind.FIELD_EXISTS)),
                    ext.relocations("socket"));
            assertEquals(List.of(), ext.functions("xdp"));
        }
    }

    @Test
    void anOlderHeaderHasNoRelocations() {
        ByteBuffer whole = section(ByteOrder.LITTLE_ENDIAN);
        byte[] older = new byte[RELOCATIONS - 8];
        System.arraycopy(BtfBytes.copy(whole), 0, older, 0, 24);
        System.arraycopy(BtfBytes.copy(whole), HEADER, older, 24, RELOCATIONS - HEADER);
        ByteBuffer.wrap(older).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 24);
        BtfExt ext = BtfExt.read(older, btf(ByteOrder.LITTLE_ENDIAN));
        assertEquals(2, ext.lines("socket").size());
        assertEquals(List.of(), ext.relocations("socket"));
    }

    @Test
    void longerRecordsAreTakenIfTheRestIsZero() {
        ByteBuffer out = ByteBuffer.allocate(24 + 4 + 8 + 12).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24).putInt(0).putInt(24).putInt(24).putInt(0);
        out.putInt(12).putInt(section).putInt(1).putInt(0).putInt(3).putInt(0);
        assertEquals(List.of(new FuncInfo(0, 3)),
                BtfExt.read(BtfBytes.copy(out), btf(ByteOrder.LITTLE_ENDIAN)).functions("socket"));
        out.put(out.capacity() - 1, (byte) 1);
        MalformedBtf error = assertThrows(MalformedBtf.class,
                () -> BtfExt.read(BtfBytes.copy(out), btf(ByteOrder.LITTLE_ENDIAN)));
        assertEquals(out.capacity() - 1, error.offset());
    }

    private void refuses(String reason, int offset, Consumer<ByteBuffer> damage) {
        ByteBuffer bytes = section(ByteOrder.LITTLE_ENDIAN);
        damage.accept(bytes);
        MalformedBtf error = assertThrows(MalformedBtf.class,
                () -> BtfExt.read(BtfBytes.copy(bytes), btf(ByteOrder.LITTLE_ENDIAN)), reason);
        assertTrue(error.reason().contains(reason), error.getMessage());
        assertEquals(offset, error.offset(), error.getMessage());
    }

    @Test
    void refusesWhatIsNoSuchSection() {
        refuses("magic", 0, b -> b.put(0, (byte) 0));
        refuses("byte order", 0, b -> b.putShort(0, (short) 0x9feb));
        refuses("version 0", 2, b -> b.put(2, (byte) 0));
        refuses("flags", 3, b -> b.put(3, (byte) 1));
        refuses("header of 16", 4, b -> b.putInt(4, 16));
        refuses("header of 2147483647", 4, b -> b.putInt(4, Integer.MAX_VALUE));
        assertThrows(MalformedBtf.class, () -> BtfExt.read(new byte[4], btf(ByteOrder.LITTLE_ENDIAN)));
    }

    @Test
    void refusesTablesThatDoNotFit() {
        refuses("not aligned", 8, b -> b.putInt(8, 2));
        refuses("runs past the end", 8, b -> b.putInt(8, -4));
        refuses("runs past the end", 16, b -> b.putInt(20, -1));
        refuses("no records", RELOCATIONS, b -> b.putInt(28, 4));
        refuses("records of 4 bytes", FUNCTIONS, b -> b.putInt(FUNCTIONS, 4));
        refuses("records of 18 bytes", LINES, b -> b.putInt(LINES, 18));
        refuses("0 records", FUNCTIONS + 8, b -> b.putInt(FUNCTIONS + 8, 0));
        refuses("4294967295 records", FUNCTIONS + 8, b -> b.putInt(FUNCTIONS + 8, -1));
        refuses("header runs past", FUNCTIONS + 4, b -> b.putInt(12, 8));
    }

    @Test
    void refusesRecordsThatReferToNothing() {
        refuses("no start of an instruction", FUNCTIONS + 12, b -> b.putInt(FUNCTIONS + 12, 12));
        refuses("no type 9", FUNCTIONS + 16, b -> b.putInt(FUNCTIONS + 16, 9));
        refuses("outside of the strings", FUNCTIONS + 4, b -> b.putInt(FUNCTIONS + 4, 1000));
        refuses("outside of the strings", LINES + 16, b -> b.putInt(LINES + 16, -1));
        refuses("unknown kind of relocation 13", RELOCATIONS + 24, b -> b.putInt(RELOCATIONS + 24, 13));
    }
}
