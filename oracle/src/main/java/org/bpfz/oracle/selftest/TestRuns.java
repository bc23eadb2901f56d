package org.bpfz.oracle.selftest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.loader.MapDefinition;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.selftest.SelftestResult.Kind;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.MapCreationException;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.ContextLayout;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;

/** Runs test programs on the specification, each in a kernel of its own, as the kernel's runner does with BPF_PROG_TEST_RUN. */
final class TestRuns {
    /** struct test_val, which two files find in element 0 of a map (prog_tests/verifier.c): its index and one of its numbers. */
    private static final Map<String, String> TEST_VALUES = Map.of("verifier_array_access.bpf.o", "map_array_ro",
            "verifier_value_ptr_arith.bpf.o", "map_array_48b");
    private static final int TEST_INDEX = 28;
    private static final int TEST_NUMBER = 0xabcd_ef12;

    /** Where a packet's length and protocol are in __sk_buff, and its protocol, that of an Ethernet header of zeros (ETH_P_802_2). */
    private static final int SKB_LENGTH = 0;
    private static final int SKB_PROTOCOL = 16;
    private static final short PROTOCOL = 0x0400;
    private static final int ETHERNET_HEADER = 14;
    /** Where the interface is in xdp_md that a packet came in by. */
    private static final int XDP_INTERFACE = 12;
    private static final int LOOPBACK = 1;

    private TestRuns() {
    }

    /** How the result of a run compares: of what kind it is, and why it is not {@link Kind#PASSED}. */
    record Outcome(Kind kind, String reason) {}

    /** Runs a program that was accepted. */
    static Outcome of(String file, BpfObject object, ProgramImage image, Facts facts, ExpectedReturn expected) {
        Result result;
        try {
            result = run(file, object, image, facts);
        } catch (MapCreationException e) {
            return new Outcome(Kind.NOT_RUN, String.valueOf(e.getMessage()));
        }
        Fault fault = result.fault();
        if (fault != null) {
            return new Outcome(fault instanceof Fault.Unsupported ? Kind.NOT_RUN : Kind.RETURN,
                    "the run ends at instruction " + fault.slot() + ": " + fault.explain());
        }
        return expected.accepts(result.r0())
                ? new Outcome(Kind.PASSED, "")
                : new Outcome(Kind.RETURN, "returns " + (int) result.r0() + ", not " + expected.value());
    }

    private static Result run(String file, BpfObject object, ProgramImage image, Facts facts) {
        Environment environment = Engines.named(Engines.SPECIFICATION).open(Services.repeatable(1));
        List<BpfMap> maps = new ArrayList<>();
        for (MapDefinition definition : object.maps()) {
            maps.add(created(environment, definition.spec(), isUsed(image, maps.size())));
        }
        Executable executable = environment.load(image, maps, facts);
        fillProgramArrays(object, environment, maps);
        fillTestValue(file, maps);
        return executable.run(invocation(image.type()));
    }

    private static boolean isUsed(ProgramImage image, int map) {
        return image.code().stream().anyMatch(insn -> insn.isLoadImm64() && insn.imm() == map
                && (insn.src() == ImmKind.MAP_IDX.ordinal() || insn.src() == ImmKind.MAP_IDX_VALUE.ordinal()));
    }

    /** Objects have maps that the program at hand does not refer to: where such a one is not modelled any other takes its place. */
    private static BpfMap created(Environment environment, MapSpec spec, boolean used) {
        try {
            return environment.createMap(spec);
        } catch (MapCreationException e) {
            if (used) {
                throw e;
            }
            return environment.createMap(MapSpec.of(spec.name(), MapType.ARRAY, Integer.BYTES, Integer.BYTES, 1));
        }
    }

    /** The programs that tail calls go to are loaded after the program itself, and so have the ids behind its own. */
    private static void fillProgramArrays(BpfObject object, Environment environment, List<BpfMap> maps) {
        int id = 1;
        for (int i = 0; i < maps.size(); i++) {
            if (maps.get(i).spec().type() != MapType.PROG_ARRAY) {
                continue;
            }
            for (Map.Entry<Integer, String> slot : object.maps().get(i).slots().entrySet()) {
                for (BpfProgram program : object.programs()) {
                    if (program.name().equals(slot.getValue())) {
                        environment.load(object.program(program), maps, Facts.NONE);
                        id++;
                        maps.get(i).update(word(slot.getKey()), word(id), 0);
                    }
                }
            }
        }
    }

    private static void fillTestValue(String file, List<BpfMap> maps) {
        String name = TEST_VALUES.get(file);
        for (BpfMap map : maps) {
            if (map.spec().name().equals(name)) {
                ByteBuffer value = ByteBuffer.allocate(map.spec().valueSize()).order(ByteOrder.LITTLE_ENDIAN);
                value.putInt(0, TEST_INDEX).putInt(TEST_INDEX, TEST_NUMBER);
                map.update(word(0), value.array(), 0);
            }
        }
    }

    private static byte[] word(int number) {
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
    }

    /** A packet of zeros for those that take one (bpf_prog_test_run_skb, bpf_prog_test_run_xdp), and a context of zeros. */
    private static Invocation invocation(ProgramType type) {
        ByteBuffer context = ByteBuffer.allocate(ContextLayout.of(type).size()).order(ByteOrder.LITTLE_ENDIAN);
        return switch (type) {
            case SCHED_CLS, SCHED_ACT -> packet(context, ExpectedReturn.DATA_LENGTH);
            case SOCKET_FILTER, CGROUP_SKB, LWT_IN, LWT_OUT, LWT_XMIT, SK_SKB ->
                packet(context, ExpectedReturn.DATA_LENGTH - ETHERNET_HEADER);
            case XDP -> {
                context.putInt(XDP_INTERFACE, LOOPBACK);
                yield Invocation.context(bytes(context)).packet(new byte[ExpectedReturn.DATA_LENGTH]).build();
            }
            default -> Invocation.context(bytes(context)).build();
        };
    }

    /** All but traffic control see a packet without its Ethernet header. */
    private static Invocation packet(ByteBuffer context, int length) {
        context.putInt(SKB_LENGTH, length).putInt(SKB_PROTOCOL, PROTOCOL);
        return Invocation.context(bytes(context)).packet(new byte[length]).build();
    }

    private static byte[] bytes(ByteBuffer context) {
        byte[] bytes = new byte[context.capacity()];
        context.get(0, bytes);
        return bytes;
    }
}
