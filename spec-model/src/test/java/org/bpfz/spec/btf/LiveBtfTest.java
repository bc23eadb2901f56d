package org.bpfz.spec.btf;

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
            byte[] bytes = new RandomTypes(random).bytes();
            if (i % 2 == 1) {
                RandomTypes.damage(random, bytes);
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
}
