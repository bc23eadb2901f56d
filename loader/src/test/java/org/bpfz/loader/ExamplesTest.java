package org.bpfz.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.LzoSize;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.engine.Task;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.Hook;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;

/** The example objects, as they are committed, reckon on the specification's machine what their descriptions say. */
class ExamplesTest {
    private static final long BUDGET = 100_000_000;
    private static final LzoSize HALF = (data, offset, length) -> length / 2;

    /** An object with its maps created. */
    private static final class Loaded {
        private final BpfObject object;
        private final Environment environment;
        private final List<BpfMap> maps;

        Loaded(String name, LzoSize lzo) throws IOException {
            object = BpfObject.open(TestObjects.example(name));
            environment = new SpecificationEngine().open(Services.repeatable(1).withLzo(lzo));
            maps = object.maps().stream().map(MapDefinition::spec).map(environment::createMap).toList();
        }

        /** What a program returns to its hook: the low 32 bits. */
        int run(String program, byte[] context, byte[] data) {
            Invocation invocation = Invocation.context(context).data(data).task(Task.INIT).budget(BUDGET).build();
            Result result = environment.load(object.program(program), maps, Facts.NONE).run(invocation);
            assertNull(result.fault());
            return (int) result.r0();
        }

        int verify(String name, byte[] data) {
            return run(name + "_verify", context(0, data.length), data);
        }

        int decide(String name, int uid) {
            return run(name + "_decide", context(uid, 0), new byte[0]);
        }
    }

    private static byte[] context(long offset, long size) {
        byte[] context = new byte[16];
        ByteBuffer.wrap(context).order(ByteOrder.LITTLE_ENDIAN).putLong(offset).putLong(size);
        return context;
    }

    @Test
    void everyExampleIsForTheHooks() throws IOException {
        int programs = 0;
        for (String name : List.of("lzo", "policy", "rle", "entropy", "combined", "bad_store", "bad_bounds")) {
            BpfObject object = BpfObject.open(TestObjects.example(name));
            assertEquals("GPL", object.licence());
            assertTrue(object.typesRefusal().isEmpty(), object.typesRefusal().toString());
            for (BpfProgram program : object.programs()) {
                ProgramImage image = object.program(program);
                assertEquals(ProgramType.COMPRESSOR, image.type());
                assertNotNull(Hook.ofFunction(image.attachTarget()));
                assertNotNull(image.btf());
                programs++;
            }
        }
        assertEquals(12, programs);
    }

    @Test
    void lzoIsTheHelpersSize() throws IOException {
        Loaded lzo = new Loaded("lzo", HALF);
        assertEquals(1, lzo.decide("lzo", 1000));
        assertEquals(50, lzo.verify("lzo", new byte[100]));
    }

    @Test
    void policyAsksItsMap() throws IOException {
        Loaded policy = new Loaded("policy", HALF);
        BpfMap users = policy.maps.getFirst();
        users.update(number(1000), number(1), BpfMap.ANY);
        users.update(number(1001), number(0), BpfMap.ANY);
        assertEquals(1, policy.decide("policy", 1000));
        assertEquals(0, policy.decide("policy", 1001));
        assertEquals(0, policy.decide("policy", 1002));
        assertEquals(3, policy.verify("policy", new byte[7]));
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    }

    @Test
    void rleIsTheSizeOfItsEncoding() throws IOException {
        Loaded rle = new Loaded("rle", HALF);
        assertEquals(0, rle.verify("rle", new byte[0]));
        assertEquals(2, rle.verify("rle", new byte[128]), "one run");
        assertEquals(4, rle.verify("rle", new byte[131]), "two runs");
        for (byte[] data : ExampleData.all()) {
            assertEquals(Estimates.runLength(data), rle.verify("rle", data), data.length + " bytes");
        }
    }

    @Test
    void entropyIsThatOfTheBytes() throws IOException {
        Loaded entropy = new Loaded("entropy", HALF);
        assertEquals(0, entropy.verify("entropy", new byte[0]));
        assertEquals(0, entropy.verify("entropy", new byte[5000]), "one value carries nothing");
        for (byte[] data : ExampleData.all()) {
            assertEquals(Estimates.entropy(data), entropy.verify("entropy", data), Estimates.entropyError(data),
                    data.length + " bytes");
        }
    }

    @Test
    void entropyOfEvenlySpreadBytesIsTheirNumber() throws IOException {
        byte[] data = new byte[4096];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) i;
        }
        assertEquals(4096, new Loaded("entropy", HALF).verify("entropy", data));
    }

    @Test
    void combinedIsTheSmaller() throws IOException {
        Loaded combined = new Loaded("combined", HALF);
        assertEquals(2, combined.verify("combined", new byte[100]), "the run-length encoding");
        byte[] noise = ExampleData.letters(new Random(3), 1000, 256);
        assertTrue(Estimates.runLength(noise) > 500);
        assertEquals(500, combined.verify("combined", noise), "LZO");
        assertEquals(-1, new Loaded("combined", (data, offset, length) -> -22).verify("combined", noise));
    }
}
