package org.bpfz.verifier.facts;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.engine.Facts.BranchFact;
import org.bpfz.spec.engine.Facts.MemoryFact;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.verifier.state.Value;
import org.jspecify.annotations.Nullable;

/**
 * Joins what the search sees at an instruction on one path with what it saw there on others.
 *
 * <table>
 * <caption>How accesses join</caption>
 * <tr><th>before</th><th>now</th><th>together</th></tr>
 * <tr><td>none</td><td>any</td><td>what it is now</td></tr>
 * <tr><td>own frame, context</td><td>the same at the same offset</td><td>the same</td></tr>
 * <tr><td>map value</td><td>of the same map</td><td>the least range around both</td></tr>
 * <tr><td>packet</td><td>packet</td><td>packet</td></tr>
 * <tr><td colspan="2">anything else</td><td>unknown; bytes of frames are exposed</td></tr>
 * </table>
 */
public final class FactCollector {
    private static final byte NONE = 0;
    private static final byte OWN_FRAME = 1;
    private static final byte CONTEXT = 2;
    private static final byte MAP_VALUE = 3;
    private static final byte PACKET = 4;
    private static final byte UNKNOWN = 5;

    private static final int MANY_MAPS = -1;

    private static final byte FALLS_THROUGH = 1;
    private static final byte JUMPS = 2;

    private final List<MapObject> maps;
    private final byte[] kinds;
    private final int[] from;
    private final int[] to;
    private final @Nullable MapObject[] accessedMaps;
    private final byte[] ways;
    /** 0 before any call, an index plus one, or MANY_MAPS. */
    private final int[] calledMaps;
    private final Map<Integer, BitSet> exposed = new HashMap<>();

    /** Nothing is known of {@code length} instructions; {@code maps} are the image's. */
    public FactCollector(int length, List<MapObject> maps) {
        this.maps = maps;
        kinds = new byte[length];
        from = new int[length];
        to = new int[length];
        accessedMaps = new @Nullable MapObject[length];
        ways = new byte[length];
        calledMaps = new int[length];
    }

    /**
     * A load, store or atomic goes through a pointer.
     *
     * @param pointer   what its base register holds
     * @param off       the instruction's offset
     * @param size      how many bytes it accesses
     * @param own       the frame that the instruction runs in
     * @param pointedTo of a stack pointer: the frame that it points into; else any
     * @param function  of a stack pointer: the first slot of that frame's function; else any
     */
    public void access(int slot, Value pointer, int off, int size, Frame own, Frame pointedTo, int function) {
        boolean constant = pointer.number().isConstant();
        Range64 variable = pointer.number().wide();
        long least = (long) pointer.off() + off + variable.smin();
        long greatest = (long) pointer.off() + off + variable.smax();
        byte kind = kindOf(pointer, constant && own == pointedTo, constant);
        if (pointer.kind() == Kind.STACK && kind != OWN_FRAME) {
            expose(function, least, greatest + size);
        }
        MapObject map = kind == MAP_VALUE ? pointer.map() : null;
        byte before = kinds[slot];
        if (before == NONE) {
            put(slot, kind, (int) least, (int) greatest, map);
        } else if (before != kind || !joins(slot, kind, (int) least, (int) greatest, map)) {
            if (before == OWN_FRAME) {
                expose(function, from[slot], from[slot] + (long) size);
            }
            if (kind == OWN_FRAME) {
                expose(function, least, least + size);
            }
            put(slot, UNKNOWN, 0, 0, null);
        }
    }

    private static byte kindOf(Value pointer, boolean ownFrame, boolean constant) {
        if (pointer.type().flags() != 0) {
            return UNKNOWN;
        }
        return switch (pointer.kind()) {
            case STACK -> ownFrame ? OWN_FRAME : UNKNOWN;
            case CTX -> constant ? CONTEXT : UNKNOWN;
            case MAP_VALUE -> MAP_VALUE;
            case PACKET, PACKET_META -> PACKET;
            default -> UNKNOWN;
        };
    }

    private void put(int slot, byte kind, int least, int greatest, @Nullable MapObject map) {
        kinds[slot] = kind;
        from[slot] = least;
        to[slot] = greatest;
        accessedMaps[slot] = map;
    }

    private boolean joins(int slot, byte kind, int least, int greatest, @Nullable MapObject map) {
        if (kind == MAP_VALUE) {
            from[slot] = Math.min(from[slot], least);
            to[slot] = Math.max(to[slot], greatest);
            return accessedMaps[slot] == map;
        }
        return kind == PACKET || kind == UNKNOWN || (from[slot] == least && to[slot] == greatest);
    }

    /** Bytes of a function's frame may be reached by more than its own loads and stores. */
    public void expose(int function, long first, long end) {
        int low = (int) Math.max(first, -Frame.MAX_STACK);
        int high = (int) Math.min(end, 0);
        if (low < high) {
            exposed.computeIfAbsent(function, _ -> new BitSet()).set(low + Frame.MAX_STACK, high + Frame.MAX_STACK);
        }
    }

    /** A conditional jump goes one way. */
    public void branch(int slot, boolean taken) {
        ways[slot] |= taken ? JUMPS : FALLS_THROUGH;
    }

    /** A conditional jump goes both ways. */
    public void branches(int slot) {
        ways[slot] = JUMPS | FALLS_THROUGH;
    }

    /** A helper is called with a map. */
    public void call(int slot, MapObject map) {
        int index = indexOf(map);
        int now = index < 0 ? MANY_MAPS : index + 1;
        calledMaps[slot] = calledMaps[slot] == 0 || calledMaps[slot] == now ? now : MANY_MAPS;
    }

    private int indexOf(@Nullable MapObject map) {
        for (int i = 0; i < maps.size(); i++) {
            if (maps.get(i) == map) {
                return i;
            }
        }
        return -1;
    }

    /** Where the access at the slot goes; see {@link org.bpfz.spec.engine.Facts#memory}. */
    public MemoryFact memory(int slot) {
        return switch (kinds[slot]) {
            case OWN_FRAME -> new MemoryFact.OwnFrame(from[slot]);
            case CONTEXT -> new MemoryFact.Context(from[slot]);
            case PACKET -> new MemoryFact.Packet();
            case MAP_VALUE -> {
                int index = indexOf(accessedMaps[slot]);
                yield index < 0 ? MemoryFact.UNKNOWN : new MemoryFact.MapValue(index, from[slot], to[slot]);
            }
            default -> MemoryFact.UNKNOWN;
        };
    }

    /** Which ways the jump at the slot goes; BOTH for dead ones too. */
    public BranchFact branch(int slot) {
        return switch (ways[slot]) {
            case JUMPS -> BranchFact.ALWAYS;
            case FALLS_THROUGH -> BranchFact.NEVER;
            default -> BranchFact.BOTH;
        };
    }

    /** The index of the map that the call at the slot gets, or -1. */
    public int calledMap(int slot) {
        return Math.max(calledMaps[slot], 0) - 1;
    }

    /** Whether a byte of the frame of the function that begins at a slot is exposed. */
    public boolean isExposed(int function, int offset) {
        BitSet bytes = exposed.get(function);
        return bytes != null && bytes.get(offset + Frame.MAX_STACK);
    }
}
