package org.bpfz.loader.api;

import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.memory.LittleEndian;

/**
 * Bytes with a type: fields by their names. A path names members with dots between them and elements by their index, {@code
 * stats.slots[3]}; an empty path is the whole.
 */
public final class TypedBytes {
    private final Btf types;
    private final int type;
    private final byte[] bytes;

    /** Looks at bytes, which are written through to. */
    public TypedBytes(Btf types, int type, byte[] bytes) {
        this.types = types;
        this.type = type;
        this.bytes = bytes;
    }

    /** Where a path leads: bits from the start, and what is there. */
    private record Field(long bit, int type, int bits) {}

    /** The bytes. */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * A number: an integer, extended as its type says, an enumeration, a pointer or a bit-field.
     *
     * @throws IllegalArgumentException if there is no such field, or it is no number
     */
    public long getLong(String path) {
        Field field = find(path);
        int first = (int) (field.bit() / Byte.SIZE);
        int shift = (int) (field.bit() % Byte.SIZE);
        int size = (shift + field.bits() + Byte.SIZE - 1) / Byte.SIZE;
        long raw = size <= Long.BYTES
                ? LittleEndian.get(bytes, first, size) >>> shift
                : LittleEndian.get(bytes, first, Long.BYTES) >>> shift
                        | LittleEndian.get(bytes, first + Long.BYTES, 1) << (Long.SIZE - shift);
        int unused = Long.SIZE - field.bits();
        return isSigned(field.type()) ? raw << unused >> unused : raw << unused >>> unused;
    }

    /**
     * Sets a number; what does not fit is cut off.
     *
     * @throws IllegalArgumentException if there is no such field, or it is no number
     */
    public TypedBytes setLong(String path, long value) {
        Field field = find(path);
        for (int i = 0; i < field.bits(); i++) {
            int at = (int) (field.bit() + i);
            int mask = 1 << (at % Byte.SIZE);
            boolean set = (value >>> i & 1) != 0;
            bytes[at / Byte.SIZE] = (byte) (set ? bytes[at / Byte.SIZE] | mask : bytes[at / Byte.SIZE] & ~mask);
        }
        return this;
    }

    private boolean isSigned(int id) {
        return switch (types.resolved(id)) {
            case BtfType.Int integer -> integer.encoding() == BtfType.IntEncoding.SIGNED;
            case BtfType.Enumeration enumeration -> enumeration.signed();
            default -> false;
        };
    }

    private Field find(String path) {
        int current = type;
        long bit = 0;
        int fieldBits = 0;
        for (String step : path.isEmpty() ? new String[0] : path.replace("[", ".[").split("\\.", -1)) {
            if (step.startsWith("[") && types.resolved(current) instanceof BtfType.Array array) {
                int index = Integer.parseInt(step, 1, step.length() - 1, 10);
                if (index < 0 || index >= array.count()) {
                    throw new IllegalArgumentException(path + ": there are " + array.count() + " elements");
                }
                bit += (long) Byte.SIZE * index * types.sizeOf(array.element());
                current = array.element();
                fieldBits = 0;
            } else if (!step.isEmpty()) {
                Btf.Field field = types.member(current, step)
                        .orElseThrow(() -> new IllegalArgumentException(path + ": there is no member " + step));
                bit += field.bitOffset();
                current = field.member().type();
                fieldBits = field.member().bitFieldSize();
            }
        }
        int size = fieldBits != 0 ? fieldBits : (int) Math.min(types.sizeOf(current), 1 << 20) * Byte.SIZE;
        boolean number = switch (types.resolved(current)) {
            case BtfType.Int _,BtfType.Enumeration _,BtfType.Ptr _ -> size > 0 && size <= Long.SIZE;
            default -> false;
        };
        if (!number || bit + size > (long) Byte.SIZE * bytes.length) {
            throw new IllegalArgumentException((path.isEmpty() ? "the value" : path) + " is no number");
        }
        return new Field(bit, current, size);
    }
}
