package org.bpfz.spec.btf;

import static org.bpfz.spec.btf.BtfBytes.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.bpfz.spec.btf.BtfType.DeclTag;
import org.bpfz.spec.btf.BtfType.EnumValue;
import org.bpfz.spec.btf.BtfType.IntEncoding;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.BtfType.Param;
import org.bpfz.spec.btf.BtfType.SectionVar;
import org.bpfz.spec.btf.BtfType.Struct;
import org.bpfz.spec.btf.BtfType.Union;
import org.junit.jupiter.api.Test;

/** What a BTF says, and the answers to what one asks of it. */
class BtfTest {

    /** One type of each kind. */
    private static BtfBytes everyKind() {
        BtfBytes btf = new BtfBytes();
        btf.integer();
        btf.type("", PTR, 1);
        btf.type("", ARRAY, 0, 1, 1, 7);
        btf.type(btf.string("pair"), STRUCT | FLAG, 2, 8, btf.string("left"), 1, 5 << 24, btf.string("right"), 1, 32);
        btf.type(btf.string("either"), UNION, 2, 8, btf.string("number"), 1, 0, btf.string("pointer"), 2, 0);
        btf.type(btf.string("answer"), ENUM | FLAG, 2, 4, btf.string("no"), -1, btf.string("yes"), 1);
        btf.type("later", FWD | FLAG, 0);
        btf.type("number_t", TYPEDEF, 1);
        btf.type("", VOLATILE, 1);
        btf.type("", CONST, 9);
        btf.type("", RESTRICT, 2);
        btf.type(btf.string("main"), FUNC, 1, 13);
        btf.type(0, FUNC_PROTO, 2, 1, btf.string("context"), 2, 0, 0);
        btf.type(btf.string("counter"), VAR, 0, 1, 1);
        btf.type(btf.string(".data.x"), DATASEC, 1, 12, 14, 4, 8);
        btf.type("double", FLOAT, 8);
        btf.type("on right", DECL_TAG, 4, 1);
        btf.type("user", TYPE_TAG, 1);
        btf.type(btf.string("wide"), ENUM64, 1, 8, btf.string("big"), 2, 1);
        return btf;
    }

    private static List<BtfType> typesOf(Btf btf) {
        List<BtfType> types = new ArrayList<>();
        for (int id = btf.firstId(); id < btf.endId(); id++) {
            types.add(btf.type(id));
        }
        return types;
    }

    @Test
    void readsEveryKind() {
        List<BtfType> expected = List.of(new BtfType.Int("int", 4, IntEncoding.SIGNED, 0, 32), new BtfType.Ptr(1),
                new BtfType.Array(1, 1, 7),
                new Struct("pair", 8, true, List.of(new Member("left", 1, 0, 5), new Member("right", 1, 32, 0))),
                new Union("either", 8, false, List.of(new Member("number", 1, 0, 0), new Member("pointer", 2, 0, 0))),
                new BtfType.Enum32("answer", 4, true, List.of(new EnumValue("no", -1), new EnumValue("yes", 1))),
                new BtfType.Fwd("later", true), new BtfType.Typedef("number_t", 1), new BtfType.Volatile(1),
                new BtfType.Const(9), new BtfType.Restrict(2), new BtfType.Func("main", 13, Linkage.GLOBAL),
                new BtfType.FuncProto(1, List.of(new Param("context", 2), new Param("", 0))),
                new BtfType.Var("counter", 1, Linkage.GLOBAL),
                new BtfType.DataSec(".data.x", 12, List.of(new SectionVar(14, 4, 8))),
                new BtfType.FloatType("double", 8), new DeclTag("on right", 4, 1, false),
                new BtfType.TypeTag("user", 1, false),
                new BtfType.Enum64("wide", 8, false, List.of(new EnumValue("big", 0x1_0000_0002L))));
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            Btf btf = Btf.read(everyKind().bytes(order), BtfRules.LOAD);
            assertEquals(expected, typesOf(btf));
            assertEquals(order, btf.order());
        }
    }

    @Test
    void idZeroIsVoid() {
        Btf btf = Btf.read(everyKind().bytes(), BtfRules.LOAD);
        assertEquals(new BtfType.VoidType(), btf.type(0));
        assertTrue(btf.contains(0));
        assertFalse(btf.contains(-1));
        assertFalse(btf.contains(btf.endId()));
        assertThrows(IndexOutOfBoundsException.class, () -> btf.type(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> btf.type(btf.endId()));
    }

    @Test
    void sizesLookThroughWhatHasNone() {
        Btf btf = Btf.read(everyKind().bytes(), BtfRules.LOAD);
        assertEquals(4, btf.sizeOf(1));
        assertEquals(8, btf.sizeOf(2), "a pointer of a 64-bit machine");
        assertEquals(28, btf.sizeOf(3));
        assertEquals(4, btf.sizeOf(10), "const volatile int");
        assertEquals(4, btf.sizeOf(14), "a variable of type int");
        assertThrows(MalformedBtf.class, () -> btf.sizeOf(0));
        assertThrows(MalformedBtf.class, () -> btf.sizeOf(7));
        assertThrows(MalformedBtf.class, () -> btf.sizeOf(13));
    }

    @Test
    void findsMembersInAnonymousOnes() {
        BtfBytes bytes = new BtfBytes();
        int integer = bytes.integer();
        int inner = bytes.type(0, STRUCT, 1, 4, bytes.string("c"), integer, 0);
        int union = bytes.type(0, UNION, 2, 4, bytes.string("b"), integer, 0, 0, inner, 0);
        int outer = bytes.type(bytes.string("s"), STRUCT, 2, 8, bytes.string("a"), integer, 0, 0, union, 32);
        int named = bytes.type("s_t", TYPEDEF, outer);
        Btf btf = Btf.read(bytes.bytes(), BtfRules.LOAD);
        assertEquals(0, btf.member(named, "a").orElseThrow().bitOffset());
        assertEquals(32, btf.member(named, "b").orElseThrow().bitOffset());
        assertEquals(32, btf.member(named, "c").orElseThrow().bitOffset());
        assertTrue(btf.member(named, "d").isEmpty());
        assertTrue(btf.member(integer, "a").isEmpty());
    }

    @Test
    void followsPointersAndModifiers() {
        Btf btf = Btf.read(everyKind().bytes(), BtfRules.LOAD);
        assertEquals(OptionalInt.of(1), btf.pointee(11), "restrict pointer to int");
        assertEquals(OptionalInt.empty(), btf.pointee(1));
        assertEquals(1, btf.skipModifiers(10));
        assertEquals(2, btf.skipModifiers(11));
        assertEquals(4, btf.skipModifiers(4));
    }

    @Test
    void findsTypesByKindAndName() {
        BtfBytes bytes = everyKind();
        int typedef = bytes.type("pair", TYPEDEF, 4);
        Btf btf = Btf.read(bytes.bytes(), BtfRules.LOAD);
        assertEquals(OptionalInt.of(4), btf.find(Struct.class, "pair"));
        assertEquals(OptionalInt.of(typedef), btf.find(BtfType.Typedef.class, "pair"));
        assertEquals(List.of(4, typedef), btf.idsNamed("pair"));
        assertEquals(OptionalInt.empty(), btf.find(Union.class, "pair"));
        assertEquals(OptionalInt.empty(), btf.find(DeclTag.class, "on right"), "a tag's text is no name");
    }

    @Test
    void findsTagsByTargetAndComponent() {
        BtfBytes bytes = everyKind();
        bytes.type("on pair", DECL_TAG, 4, -1);
        bytes.type("also on right", DECL_TAG, 4, 1);
        Btf btf = Btf.read(bytes.bytes(), BtfRules.LOAD);
        assertEquals(List.of("on pair"), btf.tags(4, -1).stream().map(DeclTag::name).toList());
        assertEquals(List.of("on right", "also on right"), btf.tags(4, 1).stream().map(DeclTag::name).toList());
        assertEquals(List.of(), btf.tags(4, 0));
    }

    @Test
    void describesTypesAsCDoes() {
        Btf btf = Btf.read(everyKind().bytes(), BtfRules.LOAD);
        assertEquals("int *", btf.describe(2));
        assertEquals("int[7]", btf.describe(3));
        assertEquals("struct pair", btf.describe(4));
        assertEquals("union later", btf.describe(7));
        assertEquals("number_t", btf.describe(8));
        assertEquals("function", btf.describe(13));
        assertEquals("void", btf.describe(0));
    }

    @Test
    void splitContinuesItsBase() {
        BtfBytes baseBytes = everyKind();
        Btf base = Btf.read(baseBytes.bytes(), BtfRules.LOAD);
        BtfBytes bytes = new BtfBytes(base.endId(), baseBytes.stringBytes());
        int pointer = bytes.type("", PTR, 4);
        int typedef = bytes.type("pair_ptr", TYPEDEF, pointer);
        int again = bytes.type(baseBytes.string("pair"), TYPEDEF, 0, typedef);
        Btf split = Btf.readSplit(bytes.bytes(), base, BtfRules.LOAD);
        assertEquals("pair_ptr", split.type(typedef).name());
        assertEquals("pair", split.type(again).name(), "a string of the base");
        assertEquals("struct pair", split.describe(split.pointee(typedef).orElseThrow()));
        assertEquals(pointer, split.skipModifiers(again));
        assertEquals(List.of(4, again), split.idsNamed("pair"));
        assertEquals("counter", split.type(14).name(), "a type of the base");
        assertEquals("int", split.string(baseBytes.string("int")));
    }

    @Test
    void changesAreHeldToTheRules() {
        Btf btf = Btf.read(everyKind().bytes(), BtfRules.LOAD);
        Btf changed = btf.with(Map.of(15, new BtfType.DataSec(".data.x", 16, List.of(new SectionVar(14, 8, 8)))),
                BtfRules.LOAD);
        assertEquals(16, changed.sizeOf(15));
        assertEquals(12, btf.sizeOf(15));
        BtfType beyond = new BtfType.DataSec(".data.x", 16, List.of(new SectionVar(14, 12, 8)));
        assertThrows(MalformedBtf.class, () -> btf.with(Map.of(15, beyond), BtfRules.LOAD));
    }

    @Test
    void whatIsWrittenReadsTheSame() {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            Btf btf = Btf.read(everyKind().bytes(order), BtfRules.LOAD);
            Btf again = Btf.read(btf.toBytes(), BtfRules.LOAD);
            assertEquals(typesOf(btf), typesOf(again));
            assertEquals(order, again.order());
        }
    }

    @Test
    void aSplitIsWrittenWithoutItsBase() {
        BtfBytes baseBytes = everyKind();
        Btf base = Btf.read(baseBytes.bytes(), BtfRules.LOAD);
        BtfBytes bytes = new BtfBytes(base.endId(), baseBytes.stringBytes());
        bytes.type("own", TYPEDEF, 4);
        Btf split = Btf.readSplit(bytes.bytes(), base, BtfRules.LOAD);
        assertEquals(typesOf(split), typesOf(Btf.readSplit(split.toBytes(), base, BtfRules.LOAD)));
    }

    @Test
    void stringsAreThereByOffset() {
        BtfBytes bytes = everyKind();
        Btf btf = Btf.read(bytes.bytes(), BtfRules.LOAD);
        assertEquals("counter", btf.string(bytes.string("counter")));
        assertEquals("", btf.string(0));
        assertNull(btf.string(bytes.stringBytes()));
        assertNull(btf.string(-1));
    }
}
