package org.bpfz.spec.btf;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfz.spec.btf.BtfType.EnumValue;
import org.bpfz.spec.btf.BtfType.IntEncoding;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.BtfType.Param;
import org.bpfz.spec.btf.BtfType.SectionVar;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of a BTF record by record and refuses what is wrong with a record alone (kernel/bpf/btf.c: btf_parse_hdr,
 * btf_parse_str_sec and the check_meta of each kind); how records hang together is {@link BtfChecker}'s part.
 */
final class BtfReader {
    private static final int MAGIC = 0xeb9f;
    private static final int HEADER_SIZE = 24;
    /** BTF_MAX_SIZE: what BPF_BTF_LOAD takes; a kernel's own may be larger. */
    private static final int MAX_SIZE = 16 << 20;
    private static final int MAX_KERNEL_SIZE = 256 << 20;
    private static final int MAX_NAME_OFFSET = 0xffffff;
    private static final int MAX_TYPE_ID = 0xfffff;
    private static final int INFO_MASK = 0x9f00ffff;
    private static final int INT_MASK = 0x0fffffff;

    private final byte[] bytes;
    private final ByteBuffer in;
    private final BtfRules rules;
    private final @Nullable Btf base;
    private final List<BtfType> types = new ArrayList<>();
    private int[] offsets = new int[16];
    private int record;

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
        while (in.hasRemaining()) {
            record = in.position();
            if (firstId + types.size() > MAX_TYPE_ID) {
                throw malformed("more than " + MAX_TYPE_ID + " types");
            }
            if (types.size() == offsets.length) {
                offsets = Arrays.copyOf(offsets, offsets.length * 2);
            }
            offsets[types.size()] = record;
            try {
                types.add(readType(strings));
            } catch (BufferUnderflowException _) {
                throw malformed("the record runs past the type section");
            }
        }
    }

    private BtfType readType(BtfStrings strings) {
        int nameOffset = in.getInt();
        int info = in.getInt();
        int sizeOrType = in.getInt();
        if ((info & ~INFO_MASK) != 0) {
            throw malformed("unknown bits in info 0x" + Integer.toHexString(info));
        }
        if (!strings.contains(nameOffset)) {
            throw malformed("name offset " + Integer.toUnsignedString(nameOffset) + " is outside of the strings");
        }
        return new TypeRecord(strings, info >>> 24 & 0x1f, info & 0xffff, info < 0, nameOffset, sizeOrType).read();
    }

    private MalformedBtf malformed(String reason) {
        return new MalformedBtf(record, "type " + ((base == null ? 1 : base.endId()) + types.size()) + ": " + reason);
    }

    /** The common part of one record; {@link #read} takes the rest from the input. */
    private final class TypeRecord {
        private final BtfStrings strings;
        private final int kind;
        private final int vlen;
        private final boolean flag;
        private final int nameOffset;
        private final int sizeOrType;

        TypeRecord(BtfStrings strings, int kind, int vlen, boolean flag, int nameOffset, int sizeOrType) {
            this.strings = strings;
            this.kind = kind;
            this.vlen = vlen;
            this.flag = flag;
            this.nameOffset = nameOffset;
            this.sizeOrType = sizeOrType;
        }

        BtfType read() {
            return switch (kind) {
                case 1 -> readInt();
                case 2 -> new BtfType.Ptr(unnamedReference());
                case 3 -> readArray();
                case 4 -> new BtfType.Struct(optionalIdentifier(), size(), flag, readMembers(false));
                case 5 -> new BtfType.Union(optionalIdentifier(), size(), flag, readMembers(true));
                case 6 -> new BtfType.Enum32(optionalIdentifier(), enumSize(), flag, readValues());
                case 7 -> readFwd();
                case 8 -> new BtfType.Typedef(identifier(), plainReference());
                case 9 -> new BtfType.Volatile(unnamedReference());
                case 10 -> new BtfType.Const(unnamedReference());
                case 11 -> new BtfType.Restrict(unnamedReference());
                case 12 -> readFunc();
                case 13 -> readFuncProto();
                case 14 -> readVar();
                case 15 -> readDataSec();
                case 16 -> readFloat();
                case 17 -> readDeclTag();
                case 18 -> readTypeTag();
                case 19 -> new BtfType.Enum64(optionalIdentifier(), enumSize(), flag, readValues64());
                default -> throw malformed("unknown kind " + kind);
            };
        }

        private BtfType readInt() {
            noVlen();
            noFlag();
            int data = in.getInt();
            int encodingBits = data >>> 24 & 0xf;
            int bitOffset = data >>> 16 & 0xff;
            int bits = data & 0xff;
            if ((data & ~INT_MASK) != 0) {
                throw malformed("unknown bits in integer data 0x" + Integer.toHexString(data));
            }
            if (bitOffset + bits > 128 || (bitOffset + bits + 7) / 8 > size()) {
                throw malformed("an integer of " + bits + " bits from bit " + bitOffset + " in " + size() + " bytes");
            }
            IntEncoding encoding = switch (encodingBits) {
                case 0 -> IntEncoding.UNSIGNED;
                case 1 -> IntEncoding.SIGNED;
                case 2 -> IntEncoding.CHAR;
                case 4 -> IntEncoding.BOOL;
                default -> throw malformed("integer encoding " + encodingBits + " is not supported");
            };
            return new BtfType.Int(strings.at(nameOffset), size(), encoding, bitOffset, bits);
        }

        private BtfType readArray() {
            unnamed();
            noVlen();
            noFlag();
            if (sizeOrType != 0) {
                throw malformed("an array with a size of its own");
            }
            int element = in.getInt();
            int index = in.getInt();
            if (element == 0 || index == 0) {
                throw malformed("an array of void, or indexed by it");
            }
            return new BtfType.Array(element, index, unsigned());
        }

        private List<Member> readMembers(boolean union) {
            List<Member> members = list(12);
            long last = 0;
            for (int i = 0; i < vlen; i++) {
                String name = optionalIdentifier(in.getInt(), "member " + i);
                int type = in.getInt();
                int offset = in.getInt();
                long bitOffset = flag ? offset & 0xffffff : Integer.toUnsignedLong(offset);
                if (type == 0) {
                    throw malformed("member " + i + " is void");
                }
                if ((union && bitOffset != 0) || bitOffset < last) {
                    throw malformed(
                            "member " + i + " at bit " + bitOffset + (union ? " of a union" : " is out of order"));
                }
                if ((bitOffset + 7) / 8 > size()) {
                    throw malformed("member " + i + " begins outside of the type");
                }
                members.add(new Member(name, type, bitOffset, flag ? offset >>> 24 : 0));
                last = bitOffset;
            }
            return members;
        }

        private List<EnumValue> readValues() {
            List<EnumValue> values = list(8);
            for (int i = 0; i < vlen; i++) {
                String name = identifier(in.getInt(), "value " + i);
                int value = in.getInt();
                values.add(new EnumValue(name, flag ? value : Integer.toUnsignedLong(value)));
            }
            return values;
        }

        private List<EnumValue> readValues64() {
            List<EnumValue> values = list(12);
            for (int i = 0; i < vlen; i++) {
                String name = identifier(in.getInt(), "value " + i);
                long low = unsigned();
                values.add(new EnumValue(name, (long) in.getInt() << 32 | low));
            }
            return values;
        }

        private BtfType readFwd() {
            noVlen();
            if (sizeOrType != 0) {
                throw malformed("a forward declaration with a type");
            }
            return new BtfType.Fwd(identifier(), flag);
        }

        private BtfType readFunc() {
            String name = identifier();
            noFlag();
            return new BtfType.Func(name, sizeOrType, linkage(vlen));
        }

        private BtfType readFuncProto() {
            unnamed();
            noFlag();
            List<Param> params = list(8);
            for (int i = 0; i < vlen; i++) {
                int name = in.getInt();
                int type = in.getInt();
                if (type == 0 && (i < vlen - 1 || name != 0)) {
                    throw malformed("parameter " + i + " is void");
                }
                params.add(new Param(optionalIdentifier(name, "parameter " + i), type));
            }
            return new BtfType.FuncProto(sizeOrType, params);
        }

        private BtfType readVar() {
            noVlen();
            noFlag();
            String name = identifier();
            int linkage = in.getInt();
            if (sizeOrType == 0) {
                throw malformed("a variable of type void");
            }
            return new BtfType.Var(name, sizeOrType, linkage(linkage));
        }

        private BtfType readDataSec() {
            noFlag();
            if (nameOffset == 0 || !strings.isSectionName(nameOffset)) {
                throw malformed("a section without a valid name");
            }
            List<SectionVar> vars = list(12);
            for (int i = 0; i < vlen; i++) {
                int type = in.getInt();
                if (type == 0) {
                    throw malformed("entry " + i + " of the section is void");
                }
                vars.add(new SectionVar(type, unsigned(), unsigned()));
            }
            return new BtfType.DataSec(strings.at(nameOffset), size(), vars);
        }

        private BtfType readFloat() {
            noVlen();
            noFlag();
            if (size() != 2 && size() != 4 && size() != 8 && size() != 12 && size() != 16) {
                throw malformed("a floating-point number of " + size() + " bytes");
            }
            return new BtfType.FloatType(strings.at(nameOffset), size());
        }

        private BtfType readTypeTag() {
            String value = text();
            noVlen();
            return new BtfType.TypeTag(value, sizeOrType, attribute());
        }

        private BtfType readDeclTag() {
            String value = text();
            noVlen();
            boolean attribute = attribute();
            int component = in.getInt();
            if (component < -1) {
                throw malformed("component " + component + " of a declaration");
            }
            return new BtfType.DeclTag(value, sizeOrType, component, attribute);
        }

        /** An empty list with room for vlen entries, once it is known that the input has them. */
        private <T> List<T> list(int entrySize) {
            if ((long) vlen * entrySize > in.remaining()) {
                throw malformed("the record's " + vlen + " entries run past the type section");
            }
            return new ArrayList<>(vlen);
        }

        private long unsigned() {
            return Integer.toUnsignedLong(in.getInt());
        }

        private long size() {
            return Integer.toUnsignedLong(sizeOrType);
        }

        private long enumSize() {
            if (sizeOrType != 1 && sizeOrType != 2 && sizeOrType != 4 && sizeOrType != 8) {
                throw malformed("an enumeration of " + size() + " bytes");
            }
            return size();
        }

        private Linkage linkage(int number) {
            // The kernel takes no extern function (btf_func_check_meta) and no extern variable (btf_var_check_meta):
            // a loader has resolved them. Its own BTF has none.
            return switch (number) {
                case 0 -> Linkage.STATIC;
                case 1 -> Linkage.GLOBAL;
                case 2 -> {
                    if (rules != BtfRules.OBJECT) {
                        throw malformed("an extern declaration that nobody has resolved");
                    }
                    yield Linkage.EXTERN;
                }
                default -> throw malformed("unknown linkage " + Integer.toUnsignedString(number));
            };
        }

        private int plainReference() {
            noVlen();
            noFlag();
            return sizeOrType;
        }

        private int unnamedReference() {
            unnamed();
            return plainReference();
        }

        /** Kernels from 6.14 on write kind_flag for attributes other than the tags'; 6.12 takes none. */
        private boolean attribute() {
            if (rules != BtfRules.KERNEL) {
                noFlag();
            }
            return flag;
        }

        private void noVlen() {
            if (vlen != 0) {
                throw malformed("entries of a kind that has none");
            }
        }

        private void noFlag() {
            if (flag) {
                throw malformed("kind_flag on a kind that has none");
            }
        }

        private void unnamed() {
            if (nameOffset != 0) {
                throw malformed("a name for a kind that has none");
            }
        }

        private String identifier() {
            return identifier(nameOffset, "the type");
        }

        private String optionalIdentifier() {
            return optionalIdentifier(nameOffset, "the type");
        }

        private String identifier(int offset, String what) {
            if (offset == 0) {
                throw malformed(what + " has no name");
            }
            return optionalIdentifier(offset, what);
        }

        private String optionalIdentifier(int offset, String what) {
            if (!strings.contains(offset)) {
                throw malformed(
                        what + ": name offset " + Integer.toUnsignedString(offset) + " is outside of the strings");
            }
            if (offset != 0 && !strings.isIdentifier(offset)) {
                throw malformed(what + ": the name is no identifier");
            }
            return strings.at(offset);
        }

        private String text() {
            if (strings.isEmpty(nameOffset)) {
                throw malformed("a tag without text");
            }
            return strings.at(nameOffset);
        }
    }
}
