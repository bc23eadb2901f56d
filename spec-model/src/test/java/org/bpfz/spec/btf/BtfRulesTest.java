package org.bpfz.spec.btf;

import static org.bpfz.spec.btf.BtfBytes.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is refused, by which rules, with which reason and where. */
class BtfRulesTest {
    private static final int HEADER = 24;

    private static Btf read(BtfRules rules, Consumer<BtfBytes> types) {
        BtfBytes bytes = new BtfBytes();
        types.accept(bytes);
        return Btf.read(bytes.bytes(), rules);
    }

    private static void accepts(BtfRules rules, Consumer<BtfBytes> types) {
        assertTrue(read(rules, types).endId() > 1);
    }

    /** Refused as BPF_BTF_LOAD would, for the record that is the given number of bytes behind the header. */
    private static void refuses(String reason, int record, Consumer<BtfBytes> types) {
        MalformedBtf error = assertThrows(MalformedBtf.class, () -> read(BtfRules.LOAD, types), reason);
        assertTrue(error.reason().contains(reason), error.getMessage());
        assertEquals(HEADER + record, error.offset(), error.getMessage());
    }

    /** Refused, with an int as type 1 before the types that are added. */
    private static void refusesBehindInt(String reason, int record, Consumer<BtfBytes> types) {
        refuses(reason, 16 + record, bytes -> {
            bytes.integer();
            types.accept(bytes);
        });
    }

    private static void refusesHeader(String reason, int offset, Consumer<ByteBuffer> damage) {
        BtfBytes bytes = new BtfBytes();
        bytes.integer();
        ByteBuffer header = ByteBuffer.wrap(bytes.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        damage.accept(header);
        MalformedBtf error = assertThrows(MalformedBtf.class, () -> Btf.read(BtfBytes.copy(header), BtfRules.LOAD),
                reason);
        assertTrue(error.reason().contains(reason), error.getMessage());
        assertEquals(offset, error.offset(), error.getMessage());
    }

    @Test
    void headers() {
        refusesHeader("magic", 0, header -> header.put(0, (byte) 0));
        refusesHeader("version 2", 2, header -> header.put(2, (byte) 2));
        refusesHeader("flags", 3, header -> header.put(3, (byte) 1));
        refusesHeader("header of 23", 4, header -> header.putInt(4, 23));
        refusesHeader("header of 4294967295", 4, header -> header.putInt(4, -1));
        refusesHeader("not known is not zero", 24, header -> header.putInt(4, 32));
        refusesHeader("aligned", 8, header -> header.putInt(8, 2));
        refusesHeader("does not follow the header", 8, header -> header.putInt(8, 4));
        refusesHeader("past the end", 12, header -> header.putInt(12, 1000));
        refusesHeader("past the end", 12, header -> header.putInt(12, Integer.MIN_VALUE));
        refusesHeader("does not follow the type section", 16, header -> header.putInt(16, 20));
        refusesHeader("does not end with the data", 20, header -> header.putInt(20, 4));
        refusesHeader("is not terminated", HEADER + 20, header -> header.put(HEADER + 20, (byte) 'x'));
        refusesHeader("empty string", HEADER + 16, header -> header.put(HEADER + 16, (byte) 'x'));
        assertThrows(MalformedBtf.class, () -> Btf.read(new byte[0], BtfRules.LOAD));
        assertThrows(MalformedBtf.class, () -> Btf.read(new byte[23], BtfRules.LOAD));
        assertThrows(MalformedBtf.class, () -> Btf.read(new BtfBytes().bytes(), BtfRules.LOAD), "no types");
    }

    @Test
    void recordsThatAreNone() {
        refuses("unknown kind 20", 0, b -> b.type(0, 20, 0, 0));
        refuses("unknown kind 0", 0, b -> b.type(0, 0, 0, 0));
        refuses("unknown bits", 0, b -> b.type(0, PTR, 1 << 16, 0));
        refuses("outside of the strings", 0, b -> b.type(99, STRUCT, 0, 0));
        refuses("runs past", 0, b -> b.type("i", INT, 4));
        refuses("run past", 0, b -> b.type(0, STRUCT, 65535, 4));
    }

    @Test
    void integers() {
        refuses("33 bits from bit 0 in 4 bytes", 0, b -> b.type("i", INT, 4, 33));
        refuses("24 bits from bit 16", 0, b -> b.type("i", INT, 4, 16 << 16 | 24));
        refuses("129 bits", 0, b -> b.type("i", INT, 32, 129));
        refuses("encoding 3", 0, b -> b.type("i", INT, 4, 3 << 24 | 32));
        refuses("unknown bits", 0, b -> b.type("i", INT, 4, 1 << 28 | 32));
        refuses("kind_flag", 0, b -> b.type("i", INT | FLAG, 4, 32));
        refuses("entries", 0, b -> b.type(b.string("i"), INT, 1, 4, 32));
        accepts(BtfRules.LOAD, b -> b.type("__int128", INT, 16, 1 << 24 | 128));
    }

    @Test
    void names() {
        refuses("no identifier", 0, b -> b.type("1st", TYPEDEF, 0));
        refuses("no identifier", 0, b -> b.type("a b", TYPEDEF, 0));
        refuses("no identifier", 0, b -> b.type("x".repeat(512), TYPEDEF, 0));
        accepts(BtfRules.LOAD, b -> b.type("x".repeat(511), TYPEDEF, 0));
        accepts(BtfRules.LOAD, b -> b.type("._Caf\u00e9.0", TYPEDEF, 0));
        refuses("no name", 0, b -> b.type("", TYPEDEF, 0));
        refuses("a name for a kind that has none", 0, b -> b.type("p", PTR, 0));
        refuses("without text", 0, b -> b.type("", TYPE_TAG, 0));
        refuses("valid name", 0, b -> b.type("\u0001", DATASEC, 4));
    }

    @Test
    void references() {
        refuses("there is no type 7", 0, b -> b.type("", PTR, 7));
        refuses("there is no type 4294967295", 0, b -> b.type("", CONST, -1));
        refuses("a function whose type is none", 0, b -> b.type(b.string("f"), FUNC, 0, 0));
        refusesBehindInt("a function whose type is none", 0, b -> b.type(b.string("f"), FUNC, 0, 1));
        refusesBehindInt("is a declaration", 16, b -> {
            b.type("v", VAR, 1, 0);
            b.type("", PTR, 2);
        });
    }

    @Test
    void arrays() {
        refuses("void", 0, b -> b.type("", ARRAY, 0, 0, 1, 1));
        refusesBehindInt("no plain integer", 12, b -> {
            b.type("f", FLOAT, 4);
            b.type("", ARRAY, 0, 1, 2, 1);
        });
        refusesBehindInt("can not be contained", 12, b -> {
            b.type("later", FWD, 0);
            b.type("", ARRAY, 0, 2, 1, 1);
        });
        refusesBehindInt("elements that no array can have", 16, b -> {
            b.type("odd", INT, 4, 31);
            b.type("", ARRAY, 0, 2, 1, 1);
        });
        refusesBehindInt("4 GiB", 0, b -> b.type("", ARRAY, 0, 1, 1, 1 << 30));
        accepts(BtfRules.LOAD, b -> b.type("", ARRAY, 0, b.integer(), 1, (1 << 30) - 1));
    }

    @Test
    void members() {
        refusesBehindInt("is void", 0, b -> b.type(0, STRUCT, 1, 4, 0, 0, 0));
        refusesBehindInt("out of order", 0, b -> b.type(0, STRUCT, 2, 8, 0, 1, 32, 0, 1, 0));
        refusesBehindInt("of a union", 0, b -> b.type(0, UNION, 1, 8, 0, 1, 32));
        refusesBehindInt("begins outside", 0, b -> b.type(0, STRUCT, 1, 4, 0, 1, 33));
        refusesBehindInt("ends outside", 0, b -> b.type(0, STRUCT, 1, 4, 0, 1, 8));
        refusesBehindInt("not aligned to bytes", 12, b -> {
            b.type("", PTR, 0);
            b.type(0, STRUCT, 1, 16, 0, 2, 1);
        });
        refusesBehindInt("not aligned to its size", 12, b -> {
            b.type("f", FLOAT, 4);
            b.type(0, STRUCT, 1, 16, 0, 2, 8);
        });
        refusesBehindInt("more bits than its type", 0, b -> b.type(0, STRUCT | FLAG, 1, 8, 0, 1, 33 << 24));
        refusesBehindInt("that can have none", 12, b -> {
            b.type("", PTR, 0);
            b.type(0, STRUCT | FLAG, 1, 8, 0, 2, 3 << 24);
        });
        refusesBehindInt("no identifier", 0, b -> b.type(0, STRUCT, 1, 4, b.string("7"), 1, 0));
        accepts(BtfRules.LOAD, b -> b.type(0, STRUCT | FLAG, 1, 4, 0, b.integer(), 32 << 24));
    }

    @Test
    void functions() {
        refusesBehindInt("the result has no size", 0, b -> {
            b.type(0, FUNC_PROTO, 0, 3);
            b.type("later", FWD, 0);
        });
        refusesBehindInt("parameter 0 is void", 0, b -> b.type(0, FUNC_PROTO, 2, 0, 0, 0, 0, 1));
        refusesBehindInt("parameter 0 has no name", 20, b -> {
            b.type(0, FUNC_PROTO, 1, 0, 0, 1);
            b.type(b.string("f"), FUNC, 1, 2);
        });
        refusesBehindInt("unknown linkage 3", 12, b -> {
            b.type(0, FUNC_PROTO, 0, 0);
            b.type(b.string("f"), FUNC, 3, 2);
        });
    }

    @Test
    void sections() {
        refusesBehindInt("a section of 0 bytes", 16, b -> {
            b.type("v", VAR, 1, 1);
            b.type(b.string(".bss"), DATASEC, 1, 0, 2, 0, 4);
        });
        refusesBehindInt("overlaps or is outside", 16, b -> {
            b.type("v", VAR, 1, 1);
            b.type(b.string(".bss"), DATASEC, 2, 8, 2, 0, 4, 2, 3, 4);
        });
        refusesBehindInt("less room", 16, b -> {
            b.type("v", VAR, 1, 1);
            b.type(b.string(".bss"), DATASEC, 1, 8, 2, 0, 3);
        });
        refusesBehindInt("no variable", 0, b -> b.type(b.string(".bss"), DATASEC, 1, 8, 1, 0, 4));
    }

    @Test
    void tags() {
        refusesBehindInt("which can not have one", 0, b -> b.type("t", DECL_TAG, 1, -1));
        refusesBehindInt("component 1 of 1", 24, b -> {
            b.type(0, STRUCT, 1, 4, 0, 1, 0);
            b.type("t", DECL_TAG, 2, 1);
        });
        refusesBehindInt("component -2", 0, b -> b.type("t", DECL_TAG, 1, -2));
        refusesBehindInt("behind another modifier", 12, b -> {
            b.type("t", TYPE_TAG, 1);
            b.type("", CONST, 2);
        });
        accepts(BtfRules.LOAD, b -> {
            b.type("", CONST, b.integer());
            b.type("t", TYPE_TAG, 2);
        });
    }

    @Test
    void cycles() {
        refuses("contains itself", 0, b -> b.type("a", TYPEDEF, 1));
        refuses("contains itself", 0, b -> b.type("", PTR, 1));
        refuses("contains itself", 0, b -> b.type(b.string("s"), STRUCT, 1, 4, 0, 1, 0));
        accepts(BtfRules.LOAD, b -> {
            b.type(b.string("list"), STRUCT, 1, 8, b.string("next"), 2, 0);
            b.type("", PTR, 1);
        });
    }

    @Test
    void depth() {
        // A walk that begins at the outermost pointer goes down all of them; one from the innermost takes them one by one.
        Consumer<BtfBytes> outermostFirst = b -> {
            for (int i = 0; i < Btf.MAX_DEPTH; i++) {
                b.type("", PTR, i + 2);
            }
            b.type("", PTR, 0);
        };
        refuses("more than 32 deep", 12 * Btf.MAX_DEPTH, outermostFirst);
        accepts(BtfRules.LOAD, b -> {
            for (int i = 0; i < 10_000; i++) {
                b.type("", CONST, i);
            }
        });
    }

    @Test
    void compilersMayLeaveSectionsAndExternsOpen() {
        accepts(BtfRules.OBJECT, b -> {
            b.integer();
            b.type("v", VAR, 1, 1);
            b.type(b.string(".bss"), DATASEC, 1, 0, 2, 0, 4);
        });
        Consumer<BtfBytes> extern = b -> {
            b.type("", CONST, 0);
            b.type("symbol", VAR, 1, 2);
            b.type(b.string(".ksyms"), DATASEC, 1, 0, 2, 0, 0);
        };
        accepts(BtfRules.OBJECT, extern);
        refuses("extern", 12, extern);
    }

    /** {@code extern void symbol __ksym;} without const. */
    @Test
    void anExternOfACompilerMayBePlainVoid() {
        Consumer<BtfBytes> plain = b -> {
            b.type("symbol", VAR, 0, 2);
            b.type(b.string(".ksyms"), DATASEC, 1, 0, 1, 0, 0);
        };
        accepts(BtfRules.OBJECT, plain);
        refuses("a variable of type void", 0, plain);
        assertThrows(MalformedBtf.class, () -> read(BtfRules.OBJECT, b -> b.type("global", VAR, 0, 1)));
    }

    @Test
    void compilersNeedNotNameParameters() {
        Consumer<BtfBytes> unnamed = b -> {
            b.type(0, FUNC_PROTO, 1, 0, 0, 3);
            b.type(b.string("f"), FUNC, 1, 1);
            b.integer();
        };
        accepts(BtfRules.OBJECT, unnamed);
        refuses("parameter 0 has no name", 20, unnamed);
    }

    @Test
    void aKernelsTypesAreLookedAtOneByOne() {
        Btf circle = read(BtfRules.KERNEL, b -> {
            b.type("a", TYPEDEF, 2);
            b.type("b", TYPEDEF, 1);
            b.type(b.string("s"), STRUCT, 1, 4, 0, 3, 0);
            b.type("", ARRAY, 0, 4, 4, 1);
        });
        assertThrows(MalformedBtf.class, () -> circle.skipModifiers(1));
        assertThrows(MalformedBtf.class, () -> circle.sizeOf(4));
        assertTrue(circle.member(3, "x").isEmpty());
        assertEquals("type 4", circle.describe(4));
        assertThrows(MalformedBtf.class, () -> read(BtfRules.KERNEL, b -> b.type("", PTR, 2)));
    }

    @Test
    void aMillionReferencesIntoOneStringExhaustNothing() {
        BtfBytes bytes = new BtfBytes();
        int start = bytes.string("x".repeat(2_000_000));
        for (int i = 0; i < 100_000; i++) {
            bytes.type(start + i, INT, 0, 4, 32);
        }
        MalformedBtf error = assertThrows(MalformedBtf.class, () -> Btf.read(bytes.bytes(), BtfRules.LOAD));
        assertTrue(error.reason().contains("overlap"), error.getMessage());
    }
}
