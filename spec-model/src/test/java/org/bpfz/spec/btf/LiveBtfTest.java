package org.bpfz.spec.btf;

import static org.bpfz.spec.btf.BtfBytes.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bpfz.spec.live.LiveKernel;
import org.bpfz.spec.live.RequiresLiveKernel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * BPF_BTF_LOAD of the machine's kernel takes what {@link BtfRules#LOAD} takes, and nothing else: on random types that are nearly
 * right, whole and with words changed. What it takes it takes again when it was read and written.
 *
 * <p>Newer kernels take kind_flag on tags, which 6.12 does not: such inputs are left out.
 */
class LiveBtfTest {
    private static final int CASES = 10_000;
    private static final int MAX_TYPES = 12;
    private static final int[] ODD_WORDS = {0, 1, 4, 8, 31, 32, 33, 64, 128, 129, -1, 1 << 16, 1 << 31, 1 << 24 | 32};

    @BeforeAll
    static void needsKernel() {
        RequiresLiveKernel.orSkip(LiveBtfTest.class);
        // The low byte of the magic number stands first in what is written here.
        assertEquals(ByteOrder.LITTLE_ENDIAN, ByteOrder.nativeOrder());
    }

    @Test
    void theKernelTakesTheSame() {
        Random random = new Random(19);
        List<String> differences = new ArrayList<>();
        int taken = 0;
        int compared = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] bytes = new Types(random).bytes();
            if (i % 2 == 1) {
                damage(random, bytes);
            }
            MalformedBtf refused = refusal(bytes);
            if (refused != null && refused.reason().contains("kind_flag")) {
                continue;
            }
            compared++;
            try (LiveKernel.Loading loading = LiveKernel.loadBtf(bytes)) {
                taken += loading.errno() == null ? 1 : 0;
                if ((loading.errno() == null) != (refused == null)) {
                    differences.add("case " + i + ": here " + refused + ", there " + loading.errno() + "\n"
                            + loading.log());
                }
            }
            if (refused == null) {
                byte[] written = Btf.read(bytes, BtfRules.LOAD).toBytes();
                try (LiveKernel.Loading loading = LiveKernel.loadBtf(written)) {
                    assertNull(loading.errno(), "case " + i + " written anew\n" + loading.log());
                }
            }
        }
        System.out.println("BPF_BTF_LOAD: " + compared + " compared, " + taken + " taken");
        assertEquals(List.of(), differences.stream().limit(3).toList(), differences.size() + " differences");
        assertTrue(taken > compared / 20 && taken < compared * 19 / 20, taken + " taken of " + compared);
    }

    private static @Nullable MalformedBtf refusal(byte[] bytes) {
        try {
            Btf.read(bytes, BtfRules.LOAD);
            return null;
        } catch (MalformedBtf e) {
            return e;
        }
    }

    private static void damage(Random random, byte[] bytes) {
        int word = 24 + 4 * random.nextInt(Math.max(1, (bytes.length - 24) / 4));
        for (int i = 0; i < 4 && word + i < bytes.length; i++) {
            bytes[word + i] = (byte) (ODD_WORDS[random.nextInt(ODD_WORDS.length)] >> (8 * i));
        }
        if (random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
    }

    /** Random types whose references and sizes mostly fit, in both directions. */
    private static final class Types {
        private final Random random;
        private final BtfBytes btf = new BtfBytes();
        private final int count;
        /** What each type is, drawn before any is written, so that references forward can mostly fit too. */
        private final int[] kinds;

        Types(Random random) {
            this.random = random;
            count = 2 + random.nextInt(MAX_TYPES);
            kinds = new int[count + 1];
            kinds[1] = INT;
            for (int id = 2; id <= count; id++) {
                kinds[id] = 1 + random.nextInt(19);
            }
        }

        byte[] bytes() {
            btf.integer();
            for (int id = 2; id <= count; id++) {
                write(kinds[id]);
            }
            return btf.bytes();
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
    }
}
