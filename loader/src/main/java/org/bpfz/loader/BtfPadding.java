package org.bpfz.loader;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.MalformedBtf;

/** Fills the holes of structs so that a compiler lays them out as they are (btf_dump_emit_bit_padding in tools/lib/bpf/btf_dump.c). */
final class BtfPadding {
    /** What holes are filled with, the largest first. */
    private static final List<Filler> FILLERS = List.of(new Filler("long", 64), new Filler("int", 32),
            new Filler("short", 16), new Filler("char", 8));

    /** What all holes of a kernel's types need a thousand times. */
    private static final long MAX_LINES = 1_000_000;

    private final Btf btf;
    private long lines;
    /** Known alignments, so that what many structs contain is looked at once. */
    private final Map<Integer, Long> alignments = new HashMap<>();

    BtfPadding(Btf btf) {
        this.btf = btf;
    }

    /** An unnamed bit-field's type and its bits. */
    private record Filler(String name, int bits) {}

    /** Bytes, 0 where a type has no size. */
    long sizeOf(int id) {
        try {
            return btf.sizeOf(id);
        } catch (MalformedBtf | IllegalArgumentException e) {
            return 0;
        }
    }

    /** What a type's address is a multiple of; 1 for a struct that can only be packed (btf__align_of in tools/lib/bpf/btf.c). */
    long alignOf(int id) {
        return alignOf(id, 0);
    }

    private long alignOf(int id, int depth) {
        Long known = alignments.get(id);
        if (known == null) {
            known = computeAlignment(id, depth);
            alignments.put(id, known);
        }
        return known;
    }

    private long computeAlignment(int id, int depth) {
        if (depth > BtfOrder.MAX_DEPTH) {
            throw new MalformedBtf(0, "type " + id + " is nested too deeply to be printed");
        }
        return switch (btf.type(id)) {
            case BtfType.Int integer -> Math.min(Btf.POINTER_SIZE, integer.size());
            case BtfType.Enumeration enumeration -> Math.min(Btf.POINTER_SIZE, enumeration.size());
            case BtfType.FloatType number -> Math.min(Btf.POINTER_SIZE, number.size());
            case BtfType.Ptr _ -> Btf.POINTER_SIZE;
            case BtfType.Modifier modifier -> alignOf(modifier.target(), depth + 1);
            case BtfType.Array array -> alignOf(array.element(), depth + 1);
            case Composite composite -> {
                long most = 1;
                for (Member member : composite.members()) {
                    long align = alignOf(member.type(), depth + 1);
                    most = Math.max(most, align);
                    if (align != 0 && member.bitFieldSize() == 0 && member.bitOffset() % (Byte.SIZE * align) != 0) {
                        yield 1;
                    }
                }
                yield composite.size() % most != 0 ? 1 : most;
            }
            default -> 0;
        };
    }

    /** Whether a member, or the size, is where only {@code packed} puts it. */
    boolean isPacked(int id, Composite struct) {
        long align = alignOf(id);
        if (align != 0 && struct.size() % align != 0) {
            return true;
        }
        long most = 1;
        for (Member member : struct.members()) {
            long each = alignOf(member.type());
            if (each != 0 && member.bitFieldSize() == 0 && member.bitOffset() % (Byte.SIZE * each) != 0) {
                return true;
            }
            most = Math.max(most, each);
        }
        return struct.size() % most != 0;
    }

    /**
     * The unnamed bit-fields between two members.
     *
     * @param from  the bit behind the one
     * @param to    the first bit of the other, or the end of the struct
     * @param align of what follows, in bytes
     * @param bits  whether both are bit-fields, which a compiler puts side by side
     */
    String between(long from, long to, long align, boolean bits, String indent) {
        if (from >= to) {
            return "";
        }
        lines += (to - from) / FILLERS.getFirst().bits() + 1;
        if (lines > MAX_LINES) {
            throw new MalformedBtf(0,
                    "there is a hole of " + (to - from) / Byte.SIZE + " bytes, too large to be filled");
        }
        StringBuilder text = new StringBuilder();
        Filler filler = FILLERS.getLast();
        for (int i = FILLERS.size() - 1; i >= 0; i--) {
            if (up(from, FILLERS.get(i).bits()) <= to) {
                filler = FILLERS.get(i);
            }
        }
        long offset = from;
        long aligned = up(from, filler.bits());
        if (aligned > from && aligned <= to) {
            boolean ignored = aligned != to && to - aligned <= aligned - from;
            boolean tooWeak = aligned == to && up(from, Byte.SIZE * align) != aligned;
            if (bits || tooWeak || ignored) {
                text.append(field(indent, filler, bits ? aligned - from : 0));
            }
            offset = aligned;
        }
        while (to - offset >= filler.bits()) {
            text.append(field(indent, filler, filler.bits()));
            offset += filler.bits();
        }
        if (offset != to) {
            long rest = to - offset;
            Filler least = FILLERS.getFirst();
            for (Filler each : FILLERS) {
                least = each.bits() >= rest ? each : least;
            }
            text.append(field(indent, least, rest));
        }
        return text.toString();
    }

    private static String field(String indent, Filler filler, long bits) {
        return "\n" + indent + filler.name() + ": " + bits + ";";
    }

    private static long up(long bit, long multiple) {
        return multiple <= 0 ? bit : (bit + multiple - 1) / multiple * multiple;
    }
}
