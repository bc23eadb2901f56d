package org.bpfz.spec.btf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** What holds for any types, right or wrong. */
class BtfProperties {

    private static @Nullable Btf readOrNull(byte[] bytes, BtfRules rules) {
        try {
            return Btf.read(bytes, rules);
        } catch (MalformedBtf e) {
            assertTrue(e.offset() >= 0 && e.offset() <= bytes.length, e.getMessage());
            return null;
        }
    }

    private static List<BtfType> typesOf(Btf btf) {
        List<BtfType> types = new ArrayList<>();
        for (int id = 1; id < btf.endId(); id++) {
            types.add(btf.type(id));
        }
        return types;
    }

    @Property(tries = 2000, maxDiscardRatio = 50)
    void whatIsReadIsWrittenAndReadTheSame(@ForAll long seed, @ForAll BtfRules rules) {
        byte[] bytes = new RandomTypes(new Random(seed)).bytes();
        Btf btf = readOrNull(bytes, rules);
        Assume.that(btf != null);
        byte[] written = btf.toBytes();
        Btf again = Btf.read(written, rules);
        assertEquals(typesOf(btf), typesOf(again));
        assertArrayEquals(written, again.toBytes(), "what was written once is written the same");
    }

    @Property(tries = 2000, maxDiscardRatio = 50)
    void bothByteOrdersSayTheSame(@ForAll long seed, @ForAll BtfRules rules) {
        Btf little = readOrNull(new RandomTypes(new Random(seed)).bytes(ByteOrder.LITTLE_ENDIAN), rules);
        Btf big = readOrNull(new RandomTypes(new Random(seed)).bytes(ByteOrder.BIG_ENDIAN), rules);
        assertEquals(little == null, big == null);
        Assume.that(little != null && big != null);
        assertEquals(typesOf(little), typesOf(big));
    }

    @Property(tries = 2000)
    void stricterRulesTakeLess(@ForAll long seed) {
        byte[] bytes = new RandomTypes(new Random(seed)).bytes();
        if (readOrNull(bytes, BtfRules.LOAD) != null) {
            Btf.read(bytes, BtfRules.OBJECT);
            Btf.read(bytes, BtfRules.KERNEL);
        }
    }

    @Property(tries = 2000)
    void damageIsRefusedInOneWayOnly(@ForAll long seed, @ForAll BtfRules rules) {
        Random random = new Random(seed);
        byte[] bytes = new RandomTypes(random).bytes();
        RandomTypes.damage(random, bytes);
        readOrNull(bytes, rules);
    }

    @Property(tries = 2000, maxDiscardRatio = 50)
    void modifiersAreSkippedToWhatIsNone(@ForAll long seed) {
        Btf btf = readOrNull(new RandomTypes(new Random(seed)).bytes(), BtfRules.LOAD);
        Assume.that(btf != null);
        for (int id = 0; id < btf.endId(); id++) {
            int behind = btf.skipModifiers(id);
            assertTrue(!(btf.type(behind) instanceof BtfType.Modifier));
            assertEquals(behind, btf.skipModifiers(behind));
            if (btf.type(id) instanceof BtfType.Modifier modifier) {
                assertEquals(btf.skipModifiers(modifier.target()), behind);
            } else {
                assertEquals(id, behind);
            }
        }
    }
}
