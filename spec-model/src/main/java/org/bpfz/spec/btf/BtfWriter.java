package org.bpfz.spec.btf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.EnumValue;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.BtfType.Param;
import org.bpfz.spec.btf.BtfType.SectionVar;

/**
 * Writes types as bytes (Documentation/bpf/btf.rst, section 2): what {@link BtfReader} reads back as the same types, with the strings
 * in the order in which the types name them and each once.
 */
final class BtfWriter {
    private static final int HEADER_SIZE = 24;
    private static final int FLAG = 1 << 31;

    private final Btf btf;
    private final int firstString;
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private final Map<String, Integer> stringOffsets = new HashMap<>();
    private ByteBuffer out;

    /**
     * A writer.
     *
     * @param firstString where the strings of the base end; 0 without one, and the empty string is then written first
     */
    BtfWriter(Btf btf, int firstString, ByteOrder order) {
        this.btf = btf;
        this.firstString = firstString;
        out = ByteBuffer.allocate(1024).order(order);
        stringOffsets.put("", 0);
        if (firstString == 0) {
            strings.write(0);
        }
    }

    byte[] write() {
        out.position(HEADER_SIZE);
        for (int id = btf.firstId(); id < btf.endId(); id++) {
            write(btf.type(id));
        }
        int typeLength = out.position() - HEADER_SIZE;
        out.putShort(0, (short) 0xeb9f).put(2, (byte) 1).putInt(4, HEADER_SIZE);
        out.putInt(12, typeLength).putInt(16, typeLength).putInt(20, strings.size());
        byte[] bytes = new byte[HEADER_SIZE + typeLength + strings.size()];
        out.get(0, bytes, 0, HEADER_SIZE + typeLength);
        System.arraycopy(strings.toByteArray(), 0, bytes, HEADER_SIZE + typeLength, strings.size());
        return bytes;
    }

    private void write(BtfType type) {
        switch (type) {
            case BtfType.VoidType _ -> throw new IllegalArgumentException("void is not written");
            case BtfType.Int integer -> {
                record(1, integer.name(), 0, (int) integer.size());
                int encoding = switch (integer.encoding()) {
                    case UNSIGNED -> 0;
                    case SIGNED -> 1;
                    case CHAR -> 2;
                    case BOOL -> 4;
                };
                words(encoding << 24 | integer.bitOffset() << 16 | integer.bits());
            }
            case BtfType.Ptr pointer -> record(2, "", 0, pointer.target());
            case BtfType.Array array -> {
                record(3, "", 0, 0);
                words(array.element(), array.index(), (int) array.count());
            }
            case BtfType.Struct struct -> composite(4, struct);
            case BtfType.Union union -> composite(5, union);
            case BtfType.Enum32 enumeration -> {
                record(6 | flag(enumeration.signed()), enumeration.name(), enumeration.values().size(),
                        (int) enumeration.size());
                for (EnumValue value : enumeration.values()) {
                    words(string(value.name()), (int) value.value());
                }
            }
            case BtfType.Fwd forward -> record(7 | flag(forward.union()), forward.name(), 0, 0);
            case BtfType.Typedef typedef -> record(8, typedef.name(), 0, typedef.target());
            case BtfType.Volatile modifier -> record(9, "", 0, modifier.target());
            case BtfType.Const modifier -> record(10, "", 0, modifier.target());
            case BtfType.Restrict modifier -> record(11, "", 0, modifier.target());
            case BtfType.Func function ->
                record(12, function.name(), function.linkage().ordinal(), function.proto());
            case BtfType.FuncProto proto -> {
                record(13, "", proto.params().size(), proto.returned());
                for (Param param : proto.params()) {
                    words(string(param.name()), param.type());
                }
            }
            case BtfType.Var variable -> {
                record(14, variable.name(), 0, variable.type());
                words(variable.linkage().ordinal());
            }
            case BtfType.DataSec section -> {
                record(15, section.name(), section.vars().size(), (int) section.size());
                for (SectionVar entry : section.vars()) {
                    words(entry.type(), (int) entry.offset(), (int) entry.size());
                }
            }
            case BtfType.FloatType number -> record(16, number.name(), 0, (int) number.size());
            case BtfType.DeclTag tag -> {
                record(17 | flag(tag.attribute()), tag.name(), 0, tag.target());
                words(tag.component());
            }
            case BtfType.TypeTag tag -> record(18 | flag(tag.attribute()), tag.name(), 0, tag.target());
            case BtfType.Enum64 enumeration -> {
                record(19 | flag(enumeration.signed()), enumeration.name(), enumeration.values().size(),
                        (int) enumeration.size());
                for (EnumValue value : enumeration.values()) {
                    words(string(value.name()), (int) value.value(), (int) (value.value() >>> 32));
                }
            }
        }
    }

    private void composite(int kind, Composite composite) {
        List<Member> members = composite.members();
        record(kind | flag(composite.bitFields()), composite.name(), members.size(), (int) composite.size());
        for (Member member : members) {
            words(string(member.name()), member.type(), (int) member.bitOffset() | member.bitFieldSize() << 24);
        }
    }

    private static int flag(boolean set) {
        return set ? FLAG : 0;
    }

    private void record(int kindAndFlag, String name, int vlen, int sizeOrType) {
        words(string(name), (kindAndFlag & FLAG) | (kindAndFlag & ~FLAG) << 24 | vlen, sizeOrType);
    }

    private void words(int... words) {
        if (out.remaining() < 4 * words.length) {
            out = ByteBuffer.allocate(2 * out.capacity()).order(out.order()).put(out.flip());
        }
        for (int word : words) {
            out.putInt(word);
        }
    }

    /** The offset of a string, which is written with the types' if it is new. */
    int string(String text) {
        return stringOffsets.computeIfAbsent(text, _ -> {
            int offset = firstString + strings.size();
            strings.writeBytes(BtfStrings.encode(text));
            strings.write(0);
            return offset;
        });
    }
}
