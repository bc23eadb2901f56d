package org.bpfz.spec.btf;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.btf.BtfType.EnumValue;
import org.bpfz.spec.btf.BtfType.IntEncoding;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.BtfType.Param;
import org.bpfz.spec.btf.BtfType.SectionVar;

/** Reads one type record after the other and refuses what is wrong with it alone (kernel/bpf/btf.c, check_meta of each kind). */
final class BtfTypeReader {
    private static final int INFO_MASK = 0x9f00ffff;
    private static final int INT_MASK = 0x0fffffff;

    private final ByteBuffer in;
    private final BtfStrings strings;
    private final BtfRules rules;

    /** The record that is being read: its id, its place and the three words that all kinds have. */
    private int id;
    private int place;
    private int nameOffset;
    private int kind;
    private int vlen;
    private boolean flag;
    private int sizeOrType;

    /** A reader of the records from the buffer's position to its limit. */
    BtfTypeReader(ByteBuffer in, BtfStrings strings, BtfRules rules) {
        this.in = in;
        this.strings = strings;
        this.rules = rules;
    }

    /** Reads the next record, which gets the given id. */
    BtfType read(int nextId) {
        id = nextId;
        place = in.position();
        try {
            readHead();
            return readKind();
        } catch (BufferUnderflowException _) {
            throw malformed("the record runs past the type section");
        }
    }

    private void readHead() {
        nameOffset = in.getInt();
        int info = in.getInt();
        sizeOrType = in.getInt();
        if ((info & ~INFO_MASK) != 0) {
            throw malformed("unknown bits in info 0x" + Integer.toHexString(info));
        }
        if (!strings.contains(nameOffset)) {
            throw malformed("name offset " + Integer.toUnsignedString(nameOffset) + " is outside of the strings");
        }
        kind = info >>> 24 & 0x1f;
        vlen = info & 0xffff;
        flag = info < 0;
    }

    private BtfType readKind() {
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
        boolean untypedExtern = rules == BtfRules.OBJECT && linkage == Linkage.EXTERN.ordinal();
        if (sizeOrType == 0 && !untypedExtern) {
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

    private MalformedBtf malformed(String reason) {
        return new MalformedBtf(place, "type " + id + ": " + reason);
    }
}
