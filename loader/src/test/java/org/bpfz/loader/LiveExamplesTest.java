package org.bpfz.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bpfz.spec.live.LiveKernel;
import org.bpfz.spec.live.LiveMap;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples' loops pass the verifier of the machine's kernel and reckon there what they reckon here: the sources are built as
 * {@code SEC("syscall")} programs (LIVE in examples/include/bpfz.h), opened and linked by {@link BpfObject}, and given the address of
 * real data.
 */
class LiveExamplesTest {
    @TempDir
    private static Path objects;

    @BeforeAll
    static void needsKernelAndClang() throws IOException, InterruptedException {
        @Nullable
        String unavailable = LiveKernel.unavailable();
        if (unavailable != null) {
            Tool.skip(LiveExamplesTest.class, unavailable);
        }
        Tool.orSkip(LiveExamplesTest.class, "clang");
        Tool.orSkip(LiveExamplesTest.class, "llvm-strip");
        Tool.Run make = Tool.orSkip(LiveExamplesTest.class, "make").run(TestObjects.EXAMPLES,
                "OUT=" + objects.toAbsolutePath(), "EXTRA_CFLAGS=-DLIVE");
        assertEquals(0, make.status(), make.output());
    }

    /** The verify program of an example, loaded into the kernel with its own maps, types and lines. */
    private static final class Live implements AutoCloseable {
        private final List<LiveMap> maps = new ArrayList<>();
        private final LiveKernel.Loading loading;

        Live(String name) throws IOException {
            BpfObject object = BpfObject.open(objects.resolve(name + ".bpf.o"));
            for (MapDefinition map : object.maps()) {
                maps.add(LiveMap.create(map.spec(), null));
            }
            ProgramImage image = object.program(name + "_verify");
            loading = LiveKernel.load(LiveKernel.Request.of(image.type(), image.code()).withTypes(image.btf())
                    .withMaps(maps.stream().map(LiveMap::descriptor).toList()).withFlags(LiveKernel.F_SLEEPABLE));
            assertNull(loading.errno(), loading.log());
        }

        int verify(byte[] data) throws IOException {
            LiveKernel.Descriptor program = loading.program();
            assertNotNull(program);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocate(Math.max(1, data.length));
                MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_BYTE, 0, data.length);
                byte[] context = new byte[16];
                ByteBuffer.wrap(context).order(ByteOrder.nativeOrder()).putLong(memory.address()).putLong(data.length);
                return LiveKernel.run(program, context, new byte[0], 0).returned();
            }
        }

        @Override
        public void close() {
            loading.close();
            maps.forEach(LiveMap::close);
        }
    }

    /** As {@link ExampleData}, and as much as a large write has. */
    private static List<byte[]> data() {
        List<byte[]> data = new ArrayList<>(ExampleData.all());
        Random random = new Random(4);
        data.add(ExampleData.letters(random, 3_000_001, 100));
        data.add(ExampleData.runs(random, 5_000_000));
        return data;
    }

    @Test
    void theKernelRunsRle() throws IOException {
        try (Live rle = new Live("rle")) {
            for (byte[] data : data()) {
                assertEquals(Estimates.runLength(data), rle.verify(data), data.length + " bytes");
            }
        }
    }

    @Test
    void theKernelRunsEntropy() throws IOException {
        try (Live entropy = new Live("entropy")) {
            for (byte[] data : data()) {
                assertEquals(Estimates.entropy(data), entropy.verify(data), Estimates.entropyError(data),
                        data.length + " bytes");
            }
        }
    }

    @Test
    void theKernelTakesTheOthers() throws IOException {
        for (String name : List.of("combined", "lzo", "policy")) {
            try (Live live = new Live(name)) {
                assertTrue(live.loading.log().contains("processed "), live.loading.log());
            }
        }
    }
}
