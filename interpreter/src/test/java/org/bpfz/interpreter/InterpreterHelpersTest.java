package org.bpfz.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.bpfz.interpreter.helper.Bindings;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.contract.HelperContract;
import org.bpfz.spec.engine.contract.Trial;
import org.bpfz.spec.helper.Implementations;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Helpers that the contract leaves out do what the specification's do, and those that are missing say so. */
class InterpreterHelpersTest extends HelperContract {
    @Override
    protected Engine engine() {
        return new InterpreterEngine();
    }

    private static Trial compressor(String text) {
        return Trial.of(text).type(ProgramType.COMPRESSOR).context(new byte[16]).data(bytes(1, 2, 3, 4, 5, 6, 7, 8, 9))
                .services(services -> services.withLzo((data, offset, length) -> length + 100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0;8", "1;8", "2;8", "9;0", "10;0", "-1;1", "0;9"})
    void copiesFromTheBuffer(String row) {
        String[] cells = row.split(";", -1);
        observe(compressor("""
                *(u64 *)(r10 -8) = 0
                *(u64 *)(r10 -16) = 0
                r2 = %s
                r3 = r10
                r3 += -16
                r4 = %s
                call bpf_copy_from_buffer
                r1 = *(u64 *)(r10 -16)
                r0 <<= 56
                r0 += r1
                exit""".formatted(cells[0], cells[1])));
    }

    @Test
    void copiesNothingIntoAContextThatProgramsMayNotWrite() {
        faults(Fault.Memory.class, 3, compressor("r2 = 0\nr3 = r1\nr4 = 8\ncall bpf_copy_from_buffer\nexit"));
    }

    @Test
    void asksTheCodecForTheSize() {
        assertEquals(109, returned(compressor("call bpf_lzo_compress\nexit")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bpf_get_current_pid_tgid", "bpf_get_current_uid_gid", "bpf_get_current_task",
        "bpf_ktime_get_ns", "bpf_ktime_get_boot_ns", "bpf_ktime_get_coarse_ns", "bpf_ktime_get_tai_ns", "bpf_jiffies64",
        "bpf_get_prandom_u32", "bpf_get_smp_processor_id", "bpf_get_numa_node_id"})
    void tellsWhatTheSpecificationTells(String helper) {
        returned(Trial.of("call " + helper + "\nexit").cpu(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void cutsTheNameOfTheTask(int size) {
        observe(Trial.of("*(u64 *)(r10 -16) = -1\n*(u64 *)(r10 -8) = -1\nr1 = r10\nr1 += -16\nr2 = " + size
                + "\ncall bpf_get_current_comm\nr0 = *(u64 *)(r10 -16)\nexit"));
    }

    @Test
    void hasTheHelpersThatTheSpecificationHas() {
        Set<String> names = new TreeSet<>(Bindings.names());
        names.add(Bindings.TAIL_CALL);
        assertEquals(new TreeSet<>(Implementations.names()), names);
    }

    @Test
    void namesAHelperThatIsMissing() {
        Fault fault = Trial.of("call bpf_skb_load_bytes\nexit").observe(engine()).result().fault();
        assertTrue(fault instanceof Fault.Unsupported missing && missing.what().contains("bpf_skb_load_bytes"),
                () -> "fault: " + fault);
    }
}
