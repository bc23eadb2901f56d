package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.program.ArgKind;
import org.bpfz.spec.program.ContextField;
import org.bpfz.spec.program.ContextLayout;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.Helpers;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramTraits;
import org.bpfz.spec.program.ProgramType;

/** What programs of one type can reach: the accesses of the context that the tables grant, the helpers, the maps. */
final class Surface {
    /** The maps of every generated program, in this order. */
    static final List<MapSpec> MAPS = List.of(MapSpec.of("array", MapType.ARRAY, 4, 48, 4),
            MapSpec.of("hash", MapType.HASH, 8, 16, 8), MapSpec.of("percpu", MapType.PERCPU_ARRAY, 4, 24, 2),
            MapSpec.of("single", MapType.ARRAY, 4, 64, 1), MapSpec.of("queue", MapType.QUEUE, 0, 16, 4),
            MapSpec.of("ring", MapType.RINGBUF, 0, 0, 4096));

    /** The map whose only value programs address directly. */
    static final int DIRECT_MAP = 3;
    static final int PERCPU_MAP = 2;
    static final int QUEUE_MAP = 4;
    static final int RING_MAP = 5;

    /** bpf_override_return is there with CONFIG_BPF_KPROBE_OVERRIDE only, which distributions differ in. */
    private static final Set<String> BY_CONFIGURATION = Set.of("bpf_override_return");

    /** What the generator can make arguments of. */
    private static final Set<ArgKind> KNOWN_ARGUMENTS = Set.of(ArgKind.CONST_MAP_PTR, ArgKind.PTR_TO_MAP_KEY,
            ArgKind.PTR_TO_MAP_VALUE, ArgKind.PTR_TO_MEM, ArgKind.CONST_SIZE, ArgKind.CONST_SIZE_OR_ZERO,
            ArgKind.PTR_TO_CTX, ArgKind.ANYTHING, ArgKind.SCALAR, ArgKind.CONST_ALLOC_SIZE_OR_ZERO);

    private static final Map<Profile, Map<ProgramType, Surface>> KNOWN = new HashMap<>();

    /** An access of the context. */
    record ContextAccess(ContextField field, int offset, MemSize size, boolean write) {}

    private final ProgramTraits traits;
    private final List<ContextAccess> loads = new ArrayList<>();
    private final List<ContextAccess> stores = new ArrayList<>();
    private final List<HelperPrototype> helpers = new ArrayList<>();
    private final List<HelperPrototype> simpleHelpers = new ArrayList<>();

    private Surface(ProgramType type, Profile profile) {
        traits = ProgramTraits.of(type).sleepable(type == ProgramType.SYSCALL);
        ContextLayout layout = ContextLayout.of(type);
        for (int offset = 0; offset < Math.min(layout.size(), 256); offset++) {
            for (MemSize size : MemSize.values()) {
                add(layout, offset, size, false, loads);
                add(layout, offset, size, true, stores);
            }
        }
        for (int number = 1; number <= Helpers.LZO_COMPRESS; number++) {
            HelperPrototype prototype = Helpers.allowed(number, traits);
            if (prototype != null && profile.allows(prototype.name()) && !BY_CONFIGURATION.contains(prototype.name())) {
                helpers.add(prototype);
                if (prototype.arguments().stream().allMatch(argument -> KNOWN_ARGUMENTS.contains(argument.kind()))) {
                    simpleHelpers.add(prototype);
                }
            }
        }
    }

    private void add(ContextLayout layout, int offset, MemSize size, boolean write, List<ContextAccess> list) {
        ContextField field = layout.access(offset, size.bytes(), write, false, traits);
        if (field != null) {
            list.add(new ContextAccess(field, offset, size, write));
        }
    }

    static synchronized Surface of(ProgramType type, Profile profile) {
        return KNOWN.computeIfAbsent(profile, _ -> new HashMap<>()).computeIfAbsent(type,
                wanted -> new Surface(wanted, profile));
    }

    List<ContextAccess> loads() {
        return loads;
    }

    List<ContextAccess> stores() {
        return stores;
    }

    List<HelperPrototype> helpers() {
        return helpers;
    }

    /** Those whose arguments the generator can make. */
    List<HelperPrototype> simpleHelpers() {
        return simpleHelpers;
    }

    /** Whether there is a packet behind {@code data} and {@code data_end}. */
    boolean hasPacket() {
        return loads.stream().anyMatch(access -> access.field.pointer().isPacket());
    }

    /** Where the packet's pointers are in the context: start and end. */
    int[] packetFields() {
        int[] offsets = {-1, -1};
        for (ContextAccess load : loads) {
            if (load.field.name().equals("data")) {
                offsets[0] = load.offset;
            } else if (load.field.name().equals("data_end")) {
                offsets[1] = load.offset;
            }
        }
        return offsets;
    }

    /** Whether the classic packet loads may be used (may_access_skb in verifier.c). */
    boolean hasPacketLoads() {
        return traits.type() == ProgramType.SOCKET_FILTER || traits.type() == ProgramType.SCHED_CLS
                || traits.type() == ProgramType.SCHED_ACT;
    }

}
