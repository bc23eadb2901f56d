package org.bpfz.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.bpfz.loader.elf.BadObject;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfExt;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.MalformedBtf;
import org.junit.jupiter.api.Test;

/**
 * Damaged objects and types are opened, or refused with the one error that is documented; and neither takes more than 2 s of
 * processor time or 256 MB.
 */
class HostileInputTest {
    private static final int OBJECTS = 10_000;
    private static final int TYPES = 10_000;
    private static final int RELOCATIONS = 20_000;
    private static final long MAX_NANOS = 2_000_000_000L;
    private static final long MAX_BYTES = 256L << 20;

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long opened;
    private long refused;

    @Test
    void damagedObjectsAreOpenedOrRefused() throws IOException {
        List<byte[]> originals = originals();
        Mutations mutations = new Mutations(new Random(1));
        for (int i = 0; i < OBJECTS; i++) {
            byte[] damaged = mutations.of(originals.get(i % originals.size()));
            measured("object " + i, () -> openAndLink(damaged));
        }
        report("objects", OBJECTS);
    }

    @Test
    void damagedTypesAreReadOrRefused() throws IOException {
        List<byte[]> originals = new ArrayList<>();
        for (byte[] object : originals()) {
            ElfFile file = ElfFile.read("original", object);
            file.section(".BTF").ifPresent(section -> originals.add(object));
        }
        Random random = new Random(2);
        for (int i = 0; i < TYPES; i++) {
            ElfFile file = ElfFile.read("original", originals.get(i % originals.size()));
            byte[] types = damaged(random, file, ".BTF");
            byte[] extension = damaged(random, file, ".BTF.ext");
            BtfRules rules = BtfRules.values()[i % BtfRules.values().length];
            measured("types " + i, () -> readAndAsk(types, extension, rules));
        }
        report("types", TYPES);
    }

    @Test
    void damagedRelocationsAreCarriedOutOrRefused() throws IOException {
        byte[] asks = Files.readAllBytes(TestObjects.path("asks"));
        ElfFile object = ElfFile.read("original", asks);
        ElfSection types = object.section(".BTF").orElseThrow();
        ElfSection extension = object.section(".BTF.ext").orElseThrow();
        byte[] kernel = Files.readAllBytes(Path.of("src/main/resources/org/bpfz/loader/linux_6_12.btf"));
        ElfFile after = ElfFile.read("original", Files.readAllBytes(TestObjects.path("kernel_after")));
        List<byte[]> kernels = List.of(kernel, after.contents(after.section(".BTF").orElseThrow()));
        Random random = new Random(3);
        for (int i = 0; i < RELOCATIONS; i++) {
            byte[] damaged = asks.clone();
            damage(random, damaged, types);
            damage(random, damaged, extension);
            byte[] target = kernels.get(i % kernels.size()).clone();
            for (int n = random.nextInt(3); n > 0; n--) {
                target[random.nextInt(target.length)] ^= (byte) (1 << random.nextInt(8));
            }
            measured("relocations " + i, () -> relocate(damaged, target));
        }
        report("relocations", RELOCATIONS);
    }

    private static void damage(Random random, byte[] bytes, ElfSection section) {
        for (int n = random.nextInt(3); n > 0; n--) {
            int place = section.offset() + random.nextInt((int) section.size());
            if (random.nextBoolean()) {
                bytes[place & ~3] = (byte) random.nextInt(24);
            } else {
                bytes[place] ^= (byte) (1 << random.nextInt(8));
            }
        }
    }

    /** Whether object and kernel could be read; of the relocations each is then carried out or refused. */
    private static boolean relocate(byte[] bytes, byte[] kernel) {
        BpfObject object;
        try {
            object = BpfObject.open("damaged.o", bytes).on(KernelTarget.of(Btf.read(kernel, BtfRules.KERNEL)));
        } catch (BadObject | MalformedBtf e) {
            return false;
        }
        for (CoreStep step : object.relocations()) {
            assertFalse(step.described().isEmpty());
        }
        for (BpfProgram program : object.programs()) {
            try {
                object.program(program);
            } catch (BadObject e) {
                assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            }
        }
        return true;
    }

    private static List<byte[]> originals() throws IOException {
        List<byte[]> originals = new ArrayList<>();
        for (Path path : TestObjects.all()) {
            originals.add(Files.readAllBytes(path));
        }
        return originals;
    }

    private static byte[] damaged(Random random, ElfFile file, String name) {
        ElfSection section = file.section(name).orElseThrow();
        byte[] bytes = file.contents(section);
        for (int i = random.nextInt(3); i > 0; i--) {
            int place = random.nextInt(bytes.length);
            if (random.nextBoolean()) {
                place = place & ~3;
                bytes[place] = (byte) random.nextInt(24);
            } else {
                bytes[place] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return bytes;
    }

    /** Whether the object could be opened; of its programs each is linked or refused. */
    private static boolean openAndLink(byte[] bytes) {
        BpfObject object;
        try {
            object = BpfObject.open("damaged.o", bytes);
        } catch (BadObject e) {
            assertTrue(e.getMessage().startsWith("damaged.o: "), e.getMessage());
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            return false;
        }
        for (BpfProgram program : object.programs()) {
            try {
                object.program(program);
            } catch (BadObject e) {
                assertTrue(e.getMessage().startsWith("damaged.o: "), e.getMessage());
            }
        }
        return true;
    }

    /** Whether both could be read; the types are then asked all there is to ask. */
    private static boolean readAndAsk(byte[] types, byte[] extension, BtfRules rules) {
        try {
            Btf btf = Btf.read(types, rules);
            for (int id = 0; id < btf.endId(); id++) {
                ask(btf, id);
            }
            BtfExt.read(extension, btf);
            return true;
        } catch (MalformedBtf e) {
            return false;
        }
    }

    private static void ask(Btf btf, int id) {
        btf.describe(id);
        try {
            btf.sizeOf(id);
        } catch (MalformedBtf e) {
            assertTrue(e.offset() >= 0);
        }
        try {
            btf.member(id, "no such member");
            btf.pointee(id);
        } catch (MalformedBtf e) {
            assertTrue(e.reason().contains("circle"), e.getMessage());
        }
    }

    private void measured(String what, Supplier<Boolean> run) {
        long time = thread.getCurrentThreadCpuTime();
        long bytes = thread.getCurrentThreadAllocatedBytes();
        boolean good;
        try {
            good = run.get();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError(what, e);
        }
        opened += good ? 1 : 0;
        refused += good ? 0 : 1;
        assertTrue(thread.getCurrentThreadCpuTime() - time < MAX_NANOS, what);
        assertTrue(thread.getCurrentThreadAllocatedBytes() - bytes < MAX_BYTES, what);
    }

    private void report(String what, int all) {
        System.out.println("damaged " + what + ": " + opened + " opened, " + refused + " refused");
        assertTrue(opened > all / 20 && refused > all / 20, opened + " opened, " + refused + " refused");
    }
}
