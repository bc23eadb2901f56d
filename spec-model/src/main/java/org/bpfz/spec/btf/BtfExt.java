package org.bpfz.spec.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The .BTF.ext section of an object file: which function, which source line and which CO-RE relocation belongs to which
 * instruction, by the name of the instruction's section (Documentation/bpf/btf.rst, section 4.2).
 *
 * <p>What the records mean for a program (order, coverage) is for the verifier to check; here they are only well-formed.
 */
public final class BtfExt {
    private static final int MAGIC = 0xeb9f;
    private static final int HEADER_WITH_LINES = 24;
    private static final int HEADER_WITH_RELOCATIONS = 32;
    private static final int INSTRUCTION_SIZE = 8;
    private static final CoreRelocation.Kind[] KINDS = CoreRelocation.Kind.values();

    private final Map<String, List<FuncInfo>> functions;
    private final Map<String, List<LineInfo>> lines;
    private final Map<String, List<CoreRelocation>> relocations;

    private BtfExt(Map<String, List<FuncInfo>> functions, Map<String, List<LineInfo>> lines,
            Map<String, List<CoreRelocation>> relocations) {
        this.functions = functions;
        this.lines = lines;
        this.relocations = relocations;
    }

    /**
     * Reads the section's bytes.
     *
     * @param btf the types of the same object file, whose strings the records name
     * @throws MalformedBtf if the bytes are no such section; offsets count from its start
     */
    public static BtfExt read(byte[] bytes, Btf btf) {
        return new Reader(bytes, btf).read();
    }

    /** The functions that begin in a section. */
    public List<FuncInfo> functions(String section) {
        return functions.getOrDefault(section, List.of());
    }

    /** The source lines of a section. */
    public List<LineInfo> lines(String section) {
        return lines.getOrDefault(section, List.of());
    }

    /** The CO-RE relocations of a section. */
    public List<CoreRelocation> relocations(String section) {
        return relocations.getOrDefault(section, List.of());
    }

    /** Makes a record of the fields at the buffer's position, of which it reads as many bytes as it knows. */
    private interface RecordReader<T> {
        T read(int slot);
    }

    private static final class Reader {
        private final Btf btf;
        private final ByteBuffer in;

        Reader(byte[] bytes, Btf btf) {
            this.btf = btf;
            in = ByteBuffer.wrap(bytes);
        }

        BtfExt read() {
            long headerSize = readHeader();
            if (headerSize < HEADER_WITH_LINES) {
                throw new MalformedBtf(4, "a header of " + headerSize + " bytes");
            }
            Map<String, List<FuncInfo>> functions = table(8, headerSize, "func_info", 8, this::readFunction);
            Map<String, List<LineInfo>> lines = table(16, headerSize, "line_info", 16, this::readLine);
            Map<String, List<CoreRelocation>> relocations = headerSize < HEADER_WITH_RELOCATIONS
                    ? Map.of()
                    : table(24, headerSize, "core_relo", 16, this::readRelocation);
            return new BtfExt(functions, lines, relocations);
        }

        private long readHeader() {
            if (in.capacity() < HEADER_WITH_LINES) {
                throw new MalformedBtf(0, "shorter than the header's " + HEADER_WITH_LINES + " bytes");
            }
            in.order(btf.order());
            if (in.getChar(0) != MAGIC) {
                boolean swapped = in.order(other(btf.order())).getChar(0) == MAGIC;
                throw new MalformedBtf(0,
                        swapped ? "another byte order than the types'" : "no BTF: the magic number is missing");
            }
            if (in.get(2) != 1) {
                throw new MalformedBtf(2, "version " + (in.get(2) & 0xff) + " is not supported");
            }
            if (in.get(3) != 0) {
                throw new MalformedBtf(3, "unknown flags 0x" + Integer.toHexString(in.get(3) & 0xff));
            }
            long headerSize = unsigned(4);
            if (headerSize > in.capacity()) {
                throw new MalformedBtf(4, "a header of " + headerSize + " bytes");
            }
            return headerSize;
        }

        private static ByteOrder other(ByteOrder order) {
            return order == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        }

        private long unsigned(int offset) {
            return Integer.toUnsignedLong(in.getInt(offset));
        }

        /** Reads the table whose offset and length stand at a place of the header: a record size, then a group a section. */
        private <T> Map<String, List<T>> table(int header, long headerSize, String what, int minSize,
                RecordReader<T> records) {
            long start = headerSize + unsigned(header);
            long length = unsigned(header + 4);
            if (length == 0) {
                return Map.of();
            }
            if (start % 4 != 0) {
                throw new MalformedBtf(header, what + " is not aligned to 4 bytes");
            }
            if (start + length > in.capacity()) {
                throw new MalformedBtf(header, what + " runs past the end");
            }
            if (length <= 4) {
                throw new MalformedBtf(start, what + " has no records");
            }
            long recordSize = unsigned((int) start);
            if (recordSize < minSize || recordSize % 4 != 0) {
                throw new MalformedBtf(start, what + " has records of " + recordSize + " bytes");
            }
            int end = (int) (start + length);
            Map<String, List<T>> bySection = new LinkedHashMap<>();
            in.position((int) start + 4);
            while (in.position() < end) {
                readGroup(bySection, end, what, minSize, recordSize, records);
            }
            return bySection;
        }

        private <T> void readGroup(Map<String, List<T>> bySection, int end, String what, int minSize, long recordSize,
                RecordReader<T> records) {
            int group = in.position();
            if (end - group < 8) {
                throw new MalformedBtf(group, what + ": a section's header runs past the end");
            }
            String section = string(in.getInt(), group);
            long count = Integer.toUnsignedLong(in.getInt());
            if (count == 0 || count > (end - in.position()) / recordSize) {
                throw new MalformedBtf(group + 4, what + ": " + count + " records for section '" + section + "'");
            }
            List<T> list = bySection.computeIfAbsent(section, _ -> new ArrayList<>());
            for (long i = 0; i < count; i++) {
                int record = in.position();
                long offset = Integer.toUnsignedLong(in.getInt());
                if (offset % INSTRUCTION_SIZE != 0) {
                    throw new MalformedBtf(record, what + ": byte " + offset + " is no start of an instruction");
                }
                list.add(records.read((int) (offset / INSTRUCTION_SIZE)));
                for (int tail = record + minSize; tail < record + recordSize; tail++) {
                    if (in.get(tail) != 0) {
                        throw new MalformedBtf(tail, what + ": a field that is not known is not zero");
                    }
                }
                in.position((int) (record + recordSize));
            }
        }

        private String string(int offset, int place) {
            String string = btf.string(offset);
            if (string == null) {
                throw new MalformedBtf(place,
                        "string offset " + Integer.toUnsignedString(offset) + " is outside of the strings");
            }
            return string;
        }

        private FuncInfo readFunction(int slot) {
            return new FuncInfo(slot, typeId());
        }

        private LineInfo readLine(int slot) {
            int place = in.position();
            String file = string(in.getInt(), place);
            String text = string(in.getInt(), place + 4);
            int lineAndColumn = in.getInt();
            return new LineInfo(slot, file, text, lineAndColumn >>> 10, lineAndColumn & 0x3ff);
        }

        private CoreRelocation readRelocation(int slot) {
            int typeId = typeId();
            int place = in.position();
            String access = string(in.getInt(), place);
            int kind = in.getInt();
            if (kind < 0 || kind >= KINDS.length) {
                throw new MalformedBtf(place + 4, "unknown kind of relocation " + Integer.toUnsignedString(kind));
            }
            return new CoreRelocation(slot, typeId, access, KINDS[kind]);
        }

        private int typeId() {
            int place = in.position();
            int id = in.getInt();
            if (!btf.contains(id)) {
                throw new MalformedBtf(place, "there is no type " + Integer.toUnsignedString(id));
            }
            return id;
        }
    }
}
