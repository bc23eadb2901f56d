package org.bpfz.spec.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of a BTF apart: header, strings, type records (kernel/bpf/btf.c: btf_parse_hdr, btf_check_sec_info,
 * btf_parse_str_sec); how the types hang together is {@link BtfChecker}'s part.
 */
final class BtfReader {
    private static final int MAGIC = 0xeb9f;
    private static final int HEADER_SIZE = 24;
    /** BTF_MAX_SIZE: what BPF_BTF_LOAD takes; a kernel's own may be larger. */
    private static final int MAX_SIZE = 16 << 20;
    private static final int MAX_KERNEL_SIZE = 256 << 20;
    private static final int MAX_NAME_OFFSET = 0xffffff;
    private static final int MAX_TYPE_ID = 0xfffff;

    private final byte[] bytes;
    private final ByteBuffer in;
    private final BtfRules rules;
    private final @Nullable Btf base;
    private final List<BtfType> types = new ArrayList<>();
    private int[] offsets = new int[16];

    private BtfReader(byte[] bytes, @Nullable Btf base, BtfRules rules) {
        this.bytes = bytes;
        this.base = base;
        this.rules = rules;
        in = ByteBuffer.wrap(bytes);
    }

    static Btf read(byte[] bytes, @Nullable Btf base, BtfRules rules) {
        return new BtfReader(bytes, base, rules).read();
    }

    private Btf read() {
        if (bytes.length > (rules == BtfRules.KERNEL ? MAX_KERNEL_SIZE : MAX_SIZE)) {
            throw new MalformedBtf(0, bytes.length + " bytes are too many");
        }
        int headerSize = readHeader();
        int typeOffset = in.getInt(8);
        int typeLength = in.getInt(12);
        int stringOffset = in.getInt(16);
        int stringLength = in.getInt(20);
        checkLayout(bytes.length - headerSize, typeOffset, typeLength, stringOffset, stringLength);
        BtfStrings strings = strings(headerSize + stringOffset, stringLength);
        if (base == null && typeLength == 0) {
            throw new MalformedBtf(12, "no types");
        }
        readTypes(strings, headerSize + typeOffset, headerSize + typeOffset + typeLength);
        return new Btf(base, types, offsets, strings, in.order());
    }

    /** Sets the byte order by the magic number and returns the header's length. */
    private int readHeader() {
        if (bytes.length < HEADER_SIZE) {
            throw new MalformedBtf(0, "shorter than the header's " + HEADER_SIZE + " bytes");
        }
        in.order(ByteOrder.LITTLE_ENDIAN);
        if (in.getChar(0) != MAGIC) {
            in.order(ByteOrder.BIG_ENDIAN);
        }
        if (in.getChar(0) != MAGIC) {
            throw new MalformedBtf(0, "no BTF: the magic number is missing");
        }
        if (in.get(2) != 1) {
            throw new MalformedBtf(2, "version " + (in.get(2) & 0xff) + " is not supported");
        }
        if (in.get(3) != 0) {
            throw new MalformedBtf(3, "unknown flags 0x" + Integer.toHexString(in.get(3) & 0xff));
        }
        long headerSize = Integer.toUnsignedLong(in.getInt(4));
        if (headerSize < HEADER_SIZE || headerSize > bytes.length) {
            throw new MalformedBtf(4, "a header of " + headerSize + " bytes");
        }
        for (int i = HEADER_SIZE; i < headerSize; i++) {
            if (bytes[i] != 0) {
                throw new MalformedBtf(i, "a header field that is not known is not zero");
            }
        }
        return (int) headerSize;
    }

    /** The type and the string section fill what the header leaves, without gap or overlap, the strings last. */
    private static void checkLayout(int available, int typeOffset, int typeLength, int stringOffset, int stringLength) {
        if ((typeOffset & 3) != 0) {
            throw new MalformedBtf(8, "the type section is not aligned to 4 bytes");
        }
        if (typeOffset != 0) {
            throw new MalformedBtf(8, "the type section does not follow the header");
        }
        if (typeLength < 0 || typeLength > available) {
            throw new MalformedBtf(12, "the type section runs past the end");
        }
        if (stringOffset != typeLength) {
            throw new MalformedBtf(16, "the string section does not follow the type section");
        }
        if (stringLength < 0 || stringLength != available - typeLength) {
            throw new MalformedBtf(20, "the string section does not end with the data");
        }
    }

    private BtfStrings strings(int start, int length) {
        BtfStrings before = base == null ? null : base.strings();
        if (base != null && length == 0) {
            return new BtfStrings(bytes, start, 0, before);
        }
        if (length == 0 || length - 1 > MAX_NAME_OFFSET) {
            throw new MalformedBtf(20, "a string section of " + length + " bytes");
        }
        if (bytes[start + length - 1] != 0) {
            throw new MalformedBtf(start + length - 1, "the last string is not terminated");
        }
        if (base == null && bytes[start] != 0) {
            throw new MalformedBtf(start, "the string section does not begin with the empty string");
        }
        return new BtfStrings(bytes, start, length, before);
    }

    private void readTypes(BtfStrings strings, int from, int to) {
        int firstId = base == null ? 1 : base.endId();
        in.position(from).limit(to);
        BtfTypeReader reader = new BtfTypeReader(in, strings, rules);
        while (in.hasRemaining()) {
            if (firstId + types.size() > MAX_TYPE_ID) {
                throw new MalformedBtf(in.position(), "more than " + MAX_TYPE_ID + " types");
            }
            if (types.size() == offsets.length) {
                offsets = Arrays.copyOf(offsets, offsets.length * 2);
            }
            offsets[types.size()] = in.position();
            types.add(reader.read(firstId + types.size()));
        }
    }
}
