package org.bpfz.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.bpfz.loader.elf.BadObject;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an object leaves to the kernel: functions, addresses, configuration. */
class ExternsTest {
    private static final int CALL = 0x85;
    private static final int KFUNC = 2;

    private static Btf kernel(String name) throws IOException {
        return BtfFiles.read(TestObjects.path("kernel_" + name), null);
    }

    @Test
    void aKernelFunctionIsCalledByItsId() throws IOException {
        Btf types = kernel("before");
        int id = types.find(BtfType.Func.class, "bpf_rcu_read_lock").getAsInt();
        ProgramImage image = TestObjects.open("externs").on(KernelTarget.of(types)).program("function");
        assertEquals(new RawInstruction(CALL, 0, KFUNC, (short) 0, id), image.code().getFirst());
        assertTrue(image.btf() != null, "a kernel takes the types of an object with externs");
    }

    @Test
    void aFunctionOfAnotherTypeIsRefused() throws IOException {
        BpfObject object = TestObjects.open("externs").on(KernelTarget.of(kernel("after")));
        BadObject error = assertThrows(BadObject.class, () -> object.program("function"));
        assertTrue(error.getMessage().contains("'bpf_rcu_read_lock'") && error.getMessage().contains("another type"),
                error.getMessage());
    }

    @Test
    void anAddressComesFromTheKernelsSymbols() throws IOException {
        BpfObject object = TestObjects.open("externs")
                .on(KernelTarget.UNKNOWN.withSymbols(Map.of("bpf_prog_fops", 0xffffffff81234560L)));
        List<RawInstruction> code = object.program("variable").code();
        assertEquals(0x81234560, code.get(0).imm());
        assertEquals(-1, code.get(1).imm());
    }

    @Test
    void aMissingFunctionIsRefusedUnlessItMayBeMissing() throws IOException {
        Btf types = kernel("before");
        int id = types.find(BtfType.Func.class, "bpf_rcu_read_lock").getAsInt();
        BtfType.Func found = (BtfType.Func) types.type(id);
        Btf without = types.with(Map.of(id, new BtfType.Func("something_else", found.proto(), found.linkage())),
                org.bpfz.spec.btf.BtfRules.KERNEL);
        BpfObject strong = TestObjects.open("externs").on(KernelTarget.of(without));
        assertThrows(BadObject.class, () -> strong.program("function"));
        ProgramImage image = TestObjects.open("configuration").on(KernelTarget.of(without)).program("weak_function");
        assertEquals("kfunc 'bpf_rcu_read_lock' is referenced but wasn't resolved",
                image.unresolved().values().iterator().next().reason());
    }

    private static MapSpec config(BpfObject object) {
        return object.maps().stream().map(MapDefinition::spec).filter(spec -> spec.name().endsWith(".kconfig"))
                .findFirst().orElseThrow();
    }

    private static BpfObject configured(String lines) throws IOException {
        return TestObjects.open("configuration")
                .on(KernelTarget.UNKNOWN.withConfig(KernelConfig.parse(lines)).withVersion(5 << 16 | 4 << 8 | 7));
    }

    @Test
    void configurationIsDataThatCanNotChange() throws IOException {
        BpfObject object = configured("""
                # comment
                CONFIG_HZ=250
                CONFIG_BIG=0x123456789a
                CONFIG_NET_NS=y
                CONFIG_MODULE=m
                CONFIG_LETTER=n
                CONFIG_NAME="bpfz"
                """);
        MapSpec spec = config(object);
        assertTrue(spec.frozen());
        // By falling alignment, then rising size, then name: as libbpf lays them out.
        Bytes data = spec.initial();
        assertTrue(data != null);
        assertEquals("9a78563412000000 00000000 fa000000 02000000 07040500 6e 01 62706600", shape(data));
        assertEquals(5, object.program("configuration").code().stream()
                .filter(slot -> slot.opcode() == 0x18 && slot.src() == PseudoSlots.PSEUDO_MAP_IDX_VALUE).count());
    }

    private static String shape(Bytes data) {
        int[] sizes = {8, 4, 4, 4, 4, 1, 1, 4, 1};
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (int size : sizes) {
            for (int i = 0; i < size && at < data.length(); i++) {
                text.append(String.format("%02x", data.at(at++)));
            }
            text.append(' ');
        }
        return text.toString().strip();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CONFIG_BIG=1                                  | CONFIG_HZ     | does not say
            CONFIG_HZ=5000000000                          | CONFIG_HZ     | bytes do not hold
            CONFIG_HZ=y                                   | CONFIG_HZ     | neither a bool
            CONFIG_HZ="x"                                 | CONFIG_HZ     | no array of char
            CONFIG_HZ=abc                                 | CONFIG_HZ     | neither y, n, m
            """)
    void aConfigurationThatDoesNotFitIsNamed(String lines, String name, String reason) throws IOException {
        BpfObject object = configured(lines);
        BadObject error = assertThrows(BadObject.class, () -> object.program("hz"));
        assertTrue(error.getMessage().contains(name) && error.getMessage().contains(reason), error.getMessage());
    }
}
