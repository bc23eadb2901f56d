package org.bpfz.spec.btf;

import static org.bpfz.spec.btf.BtfBytes.*;

import java.nio.ByteOrder;
import java.util.Random;

/** Random types whose references and sizes mostly fit, in both directions; and words changed in them. */
final class RandomTypes {
    private static final int MAX_TYPES = 12;
    private static final int[] ODD_WORDS = {0, 1, 4, 8, 31, 32, 33, 64, 128, 129, -1, 1 << 16, 1 << 31, 1 << 24 | 32};

    private final Random random;
    private final BtfBytes btf = new BtfBytes();
    private final int count;
    /** What each type is, drawn before any is written, so that references forward can mostly fit too. */
    private final int[] kinds;

    RandomTypes(Random random) {
        this.random = random;
        count = 2 + random.nextInt(MAX_TYPES);
        kinds = new int[count + 1];
        kinds[1] = INT;
        for (int id = 2; id <= count; id++) {
            kinds[id] = 1 + random.nextInt(19);
        }
    }

    byte[] bytes() {
        return bytes(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] bytes(ByteOrder order) {
        btf.integer();
        for (int id = 2; id <= count; id++) {
            write(kinds[id]);
        }
        return btf.bytes(order);
    }

    private int anyOf(int... wanted) {
        for (int tries = 0; tries < 20; tries++) {
            int id = random.nextInt(count + 1);
            for (int kind : wanted) {
                if (kinds[id] == kind) {
                    return id;
                }
            }
        }
        return random.nextInt(10) == 0 ? count + 1 : 1;
    }

    /** Something that has a size, mostly. */
    private int sized() {
        return random.nextInt(30) == 0
                ? random.nextInt(count + 1)
                : anyOf(INT, PTR, ARRAY, STRUCT, UNION, ENUM, ENUM64, FLOAT, TYPEDEF, CONST, VOLATILE, TYPE_TAG);
    }

    private int name() {
        return switch (random.nextInt(40)) {
            case 0 -> btf.string("not a name");
            case 1 -> 0;
            default -> btf.string("n" + random.nextInt(6));
        };
    }

    private int maybeName() {
        return random.nextBoolean() ? 0 : name();
    }

    private void write(int kind) {
        switch (kind) {
            case INT -> btf.type(maybeName(), INT, 0, 1 << random.nextInt(5),
                    random.nextInt(5) << 24 | (random.nextInt(4) == 0 ? random.nextInt(9) << 16 : 0)
                            | (random.nextInt(3) > 0 ? 8 << random.nextInt(4) : random.nextInt(70)));
            case ARRAY -> btf.type(0, ARRAY, 0, 0, sized(), random.nextInt(8) > 0 ? 1 : sized(),
                    random.nextInt(8) > 0 ? random.nextInt(4) : random.nextInt());
            case STRUCT, UNION -> writeComposite(kind);
            case ENUM -> btf.type(maybeName(), ENUM | flag(), 1, 1 << random.nextInt(4), name(), random.nextInt());
            case ENUM64 -> btf.type(maybeName(), ENUM64 | flag(), 1, 1 << random.nextInt(5), name(), 1, 2);
            case FWD -> btf.type(name(), FWD | flag(), 0, random.nextInt(20) == 0 ? 1 : 0);
            case TYPEDEF -> btf.type(name(), TYPEDEF, 0, random.nextInt(count + 1));
            case PTR, CONST, VOLATILE, RESTRICT -> btf.type(0, kind, 0, random.nextInt(count + 1));
            case TYPE_TAG -> btf.type(btf.string("tag text"), TYPE_TAG, 0, random.nextInt(count + 1));
            case FUNC -> btf.type(name(), FUNC, random.nextInt(2), anyOf(FUNC_PROTO));
            case FUNC_PROTO -> btf.type(0, FUNC_PROTO, 2, random.nextInt(4) == 0 ? 0 : sized(), name(), sized(),
                    random.nextInt(3) == 0 ? 0 : name(), random.nextInt(3) == 0 ? 0 : sized());
            case VAR -> btf.type(name(), VAR, 0, sized(), random.nextInt(8) > 0 ? random.nextInt(2) : 2);
            case DATASEC -> btf.type(btf.string(".data"), DATASEC, 2, 32, anyOf(VAR), random.nextInt(3),
                    random.nextInt(16), anyOf(VAR), 12 + random.nextInt(8), random.nextInt(16));
            case FLOAT -> btf.type(maybeName(), FLOAT, 0, 1 << random.nextInt(5));
            case DECL_TAG -> btf.type(btf.string("tag text"), DECL_TAG, 0,
                    anyOf(STRUCT, UNION, VAR, FUNC, TYPEDEF), random.nextInt(4) - 1);
            default -> throw new AssertionError(kind);
        }
    }

    private int flag() {
        return random.nextBoolean() ? FLAG : 0;
    }

    private void writeComposite(int kind) {
        int flag = flag();
        int[] words = new int[6];
        int offset = 0;
        for (int member = 0; member < 2; member++) {
            words[3 * member] = maybeName();
            words[3 * member + 1] = sized();
            int bits = flag != 0 && random.nextInt(3) == 0 ? random.nextInt(40) : 0;
            words[3 * member + 2] = offset | bits << 24;
            offset += kind == UNION ? random.nextInt(20) / 19 : bits > 0 ? bits : 8 * random.nextInt(9);
        }
        btf.type(maybeName(), kind | flag, 2, random.nextInt(40), words);
    }

    /** Changes a word behind the header, and perhaps a bit anywhere. */
    static void damage(Random random, byte[] bytes) {
        int word = 24 + 4 * random.nextInt(Math.max(1, (bytes.length - 24) / 4));
        for (int i = 0; i < 4 && word + i < bytes.length; i++) {
            bytes[word + i] = (byte) (ODD_WORDS[random.nextInt(ODD_WORDS.length)] >> (8 * i));
        }
        if (random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
    }
}
