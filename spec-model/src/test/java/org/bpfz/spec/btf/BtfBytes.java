package org.bpfz.spec.btf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes BTF word by word, right or wrong, for tests: the format of Documentation/bpf/btf.rst and nothing of the reader's. */
final class BtfBytes {
    static final int INT = 1;
    static final int PTR = 2;
    static final int ARRAY = 3;
    static final int STRUCT = 4;
    static final int UNION = 5;
    static final int ENUM = 6;
    static final int FWD = 7;
    static final int TYPEDEF = 8;
    static final int VOLATILE = 9;
    static final int CONST = 10;
    static final int RESTRICT = 11;
    static final int FUNC = 12;
    static final int FUNC_PROTO = 13;
    static final int VAR = 14;
    static final int DATASEC = 15;
    static final int FLOAT = 16;
    static final int DECL_TAG = 17;
    static final int TYPE_TAG = 18;
    static final int ENUM64 = 19;
    static final int FLAG = 1 << 31;

    private final List<Integer> words = new ArrayList<>();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private final Map<String, Integer> offsets = new HashMap<>();
    private final int firstString;
    private int nextId;

    /** The first type gets id 1. */
    BtfBytes() {
        this(1, 0);
        strings.write(0);
    }

    /** The continuation of a base that ends before this id and this string offset. */
    BtfBytes(int firstId, int firstString) {
        nextId = firstId;
        this.firstString = firstString;
        offsets.put("", 0);
    }

    /** The offset of a string, which is added if it is new. */
    int string(String text) {
        return offsets.computeIfAbsent(text, _ -> {
            int offset = firstString + strings.size();
            strings.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
            strings.write(0);
            return offset;
        });
    }

    /** Adds a record and returns its id. */
    int type(int nameOffset, int kind, int vlen, int sizeOrType, int... rest) {
        words.add(nameOffset);
        words.add((kind & FLAG) | (kind & ~FLAG) << 24 | vlen);
        words.add(sizeOrType);
        for (int word : rest) {
            words.add(word);
        }
        return nextId++;
    }

    /** Adds a record without entries and returns its id. */
    int type(String name, int kind, int sizeOrType, int... rest) {
        return type(string(name), kind, 0, sizeOrType, rest);
    }

    /** {@code int}, 4 bytes, signed. */
    int integer() {
        return type("int", INT, 4, 1 << 24 | 32);
    }

    /** How many strings' bytes there are. */
    int stringBytes() {
        return strings.size();
    }

    byte[] bytes(ByteOrder order) {
        int typeBytes = 4 * words.size();
        ByteBuffer out = ByteBuffer.allocate(24 + typeBytes + strings.size()).order(order);
        out.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24);
        out.putInt(0).putInt(typeBytes).putInt(typeBytes).putInt(strings.size());
        words.forEach(out::putInt);
        out.put(strings.toByteArray());
        return copy(out);
    }

    /** All bytes of a buffer, wherever it stands. */
    static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    byte[] bytes() {
        return bytes(ByteOrder.LITTLE_ENDIAN);
    }
}
