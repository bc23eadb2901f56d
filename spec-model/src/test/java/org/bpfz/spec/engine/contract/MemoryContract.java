package org.bpfz.spec.engine.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.memory.Memory;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where things lie, what a run begins with, and which accesses every engine refuses. */
public abstract class MemoryContract extends EngineContract {

    @Test
    void putsTheContextWhereTheLayoutSays() {
        assertEquals(Layout.CONTEXT, returned(Trial.of("r0 = r1\nexit").context(new byte[8])));
    }

    @Test
    void putsFramesWhereTheLayoutSays() {
        assertEquals(Layout.framePointer(0), returned("r0 = r10\nexit"));
        assertEquals(Layout.framePointer(1), returned("call function\nexit\nfunction: r0 = r10\nexit"));
    }

    @Test
    void givesMapsTheirHandles() {
        MapSpec map = MapSpec.of("map", MapType.ARRAY, 4, 8, 1);
        assertEquals(Layout.mapHandle(2), returned(Trial.of("r0 = map[idx:1]\nexit").map(map).map(map)));
    }

    @Test
    void givesFunctionsTheirAddresses() {
        assertEquals(Layout.function(4), returned("r0 = subprog[function]\nexit\nr0 = 0\nfunction: r0 = 1\nexit"));
    }

    @Test
    void givesARawRunItsMemoryAndItsLength() {
        Trial trial = Trial.of("r0 = *(u8 *)(r1 +4)\nr0 <<= 8\nr0 += r2\nexit").raw(bytes(1, 2, 3, 4, 5));
        assertEquals(5 << 8 | 5, returned(trial));
    }

    @Test
    void handsBackWhatTheProgramHasLeftInRawMemory() {
        assertEquals(Bytes.of(HexFormat.of().parseHex("00ff00")),
                observe(Trial.of("*(u8 *)(r1 +1) = 255\nr0 = 0\nexit").raw(new byte[3])).result().context());
    }

    @Test
    void leavesTheInvocationsBytesAlone() {
        byte[] memory = new byte[8];
        observe(Trial.of("*(u64 *)(r1 +0) = -1\nr0 = 0\nexit").raw(memory));
        assertEquals(Bytes.zero(8), Bytes.of(memory));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "8", "0xffffffff", "0xffffc8ffffffffff", "0xffffc90040000000", "0xffffd00000000100",
        "0x7fffffffffffffff", "0xffffffffffffffff"})
    void refusesAddressesOutsideOfTheArena(String address) {
        Trial load = Trial.of("r1 = " + address + " ll\nr0 = *(u8 *)(r1 +0)\nexit");
        faults(Fault.Memory.class, 2, load);
        faults(Fault.Memory.class, 2, Trial.of("r1 = " + address + " ll\n*(u8 *)(r1 +0) = 1\nr0 = 0\nexit"));
        faults(Fault.Memory.class, 3,
                Trial.of("r1 = " + address + " ll\nr2 = 1\nlock *(u64 *)(r1 +0) += r2\nr0 = 0\nexit"));
    }

    @Test
    void refusesAnAccessThatBeginsBelowTheArena() {
        faults(Fault.Memory.class, 2, Trial.of(
                "r1 = 0x" + Long.toHexString(Layout.BASE - 4) + " ll\nr0 = *(u64 *)(r1 +0)\nexit"));
    }

    @Test
    void refusesToDereferenceWhatIsNoMemory() {
        faults(Fault.Memory.class, 2, Trial.of("r1 = map[idx:0]\nr0 = *(u64 *)(r1 +0)\nexit")
                .map(MapSpec.of("map", MapType.ARRAY, 4, 8, 1)));
        faults(Fault.Memory.class, 2,
                Trial.of("r1 = subprog[function]\nr0 = *(u64 *)(r1 +0)\nexit\nfunction: r0 = 0\nexit"));
        faults(Fault.Memory.class, 1, Trial.of("call bpf_get_current_task\nr0 = *(u8 *)(r0 +0)\nexit"));
    }

    @Test
    void refusesAPointerThatWasCutTo32Bits() {
        faults(Fault.Memory.class, 1, Trial.of("w1 = w1\nr0 = *(u8 *)(r1 +0)\nexit").raw(new byte[8]));
    }

    @Test
    void refusesToWriteTheFramePointer() {
        faults(Fault.FramePointerWritten.class, 0, Trial.of("r10 += 8\nr0 = 0\nexit"));
        faults(Fault.FramePointerWritten.class, 0, Trial.of("r10 = 8\nr0 = 0\nexit"));
        faults(Fault.FramePointerWritten.class, 1, Trial.of("*(u64 *)(r10 -8) = 8\nr10 = *(u64 *)(r10 -8)\nexit"));
        faults(Fault.Memory.class, 1, Trial.of("r0 = 0\nr10 = *(u64 *)(r0 +8)\nexit"));
    }

    @Property(tries = 60)
    void storesAndLoadsOverTheWholeFrame(@ForAll @IntRange(min = -512, max = -8) int offset, @ForAll long value) {
        assertEquals(value,
                returned("r1 = 0x" + Long.toHexString(value) + " ll\n*(u64 *)(r10 " + offset
                        + ") = r1\nr0 = *(u64 *)(r10 "
                        + offset + ")\nexit"));
    }

    @Test
    void leavesOnTheStackWhatEarlierFramesHaveWrittenIfThatMayBeRead() {
        Trial trial = Trial.of("""
                call writer
                call reader
                exit
                writer:
                *(u64 *)(r10 -16) = 99
                r0 = 0
                exit
                reader:
                r0 = *(u64 *)(r10 -16)
                r1 = *(u64 *)(r10 -24)
                r0 += r1
                exit""").services(services -> services.withMemory(Memory.Rules.LENIENT));
        assertEquals(99, returned(trial));
    }

    @Test
    void readsAndWritesPacketsThroughTheContext() {
        byte[] context = new byte[192];
        LittleEndian.put(context, 0, 4, 4);
        Trial trial = Trial.of("""
                r2 = *(u32 *)(r1 +76)
                r3 = *(u32 *)(r1 +80)
                r0 = r3
                r0 -= r2
                r3 = *(u8 *)(r2 +3)
                *(u8 *)(r2 +0) = r3
                r0 <<= 8
                r0 += r3
                exit""").type(ProgramType.SCHED_CLS).context(context).packet(bytes(1, 2, 3, 4));
        Observation seen = observe(trial);
        assertEquals(4 << 8 | 4, seen.result().r0());
        assertEquals(Bytes.of(HexFormat.of().parseHex("04020304")), seen.result().packet());
    }

    /** Not even on a field that may be stored to (is_ctx_reg in check_atomic, kernel/bpf/verifier.c). */
    @ParameterizedTest
    @ValueSource(strings = {"lock *(u32 *)(r1 +8) += r2", "r2 = atomic_xchg((u32 *)(r1 +8), r2)",
        "r0 = atomic_cmpxchg((u32 *)(r1 +8), r0, r2)"})
    void refusesAtomicOperationsOnTheContext(String atomic) {
        byte[] context = new byte[192];
        Trial store = Trial.of("*(u32 *)(r1 +8) = 7\nr0 = *(u32 *)(r1 +8)\nexit").type(ProgramType.SCHED_CLS)
                .context(context).packet(bytes(1, 2, 3, 4));
        assertEquals(7, returned(store));
        faults(Fault.Memory.class, 2, Trial.of("r2 = 1\nr0 = 0\n" + atomic + "\nexit").type(ProgramType.SCHED_CLS)
                .context(context).packet(bytes(1, 2, 3, 4)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*(u8 *)skb[0];1", "*(u16 *)skb[0];258", "*(u32 *)skb[1];33752069", "*(u8 *)skb[r7 + 1];4"})
    void loadsFromThePacketInNetworkOrder(String row) {
        String[] cells = row.split(";", -1);
        assertEquals(Long.parseLong(cells[1]), returned(Trial.of("r6 = r1\nr7 = 2\nr0 = " + cells[0] + "\nexit")
                .type(ProgramType.SOCKET_FILTER).context(new byte[192]).packet(bytes(1, 2, 3, 4, 5))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*(u8 *)skb[5]", "*(u16 *)skb[4]", "*(u32 *)skb[2]", "*(u8 *)skb[-1]",
        "*(u8 *)skb[r7 + 0]"})
    void endsWithZeroOutsideOfThePacket(String load) {
        assertEquals(0, returned(Trial.of("r6 = r1\nr7 = 0x80000000 ll\nr0 = " + load + "\nr0 = 5\nexit")
                .type(ProgramType.SOCKET_FILTER).context(new byte[192]).packet(bytes(1, 2, 3, 4, 5))));
    }

    @Test
    void reachesTheFirstValueOfAnArrayDirectly() {
        MapSpec data = MapSpec.of("data", MapType.ARRAY, 4, 16, 1).withInitial(Bytes.of(HexFormat.of()
                .parseHex("000102030405060708090a0b0c0d0e0f")));
        Trial trial = Trial.of("r1 = map[idx:0][0]+8\nr0 = *(u64 *)(r1 +0)\n*(u64 *)(r1 -8) = r0\nexit").map(data);
        Observation seen = observe(trial);
        assertEquals(0x0f0e0d0c0b0a0908L, seen.result().r0());
        assertEquals(Bytes.of(HexFormat.of().parseHex("08090a0b0c0d0e0f08090a0b0c0d0e0f")),
                seen.maps().getFirst().get(new byte[4]));
    }

    @Test
    void readsAFrozenArray() {
        MapSpec data = MapSpec.of("rodata", MapType.ARRAY, 4, 8, 1).withFlags(MapFlag.RDONLY_PROG.mask())
                .withInitial(Bytes.of(LittleEndian.bytes(0x1234, 8))).asFrozen();
        assertEquals(0x1234, returned(Trial.of("r1 = map[idx:0][0]+0\nr0 = *(u64 *)(r1 +0)\nexit").map(data)));
    }
}
