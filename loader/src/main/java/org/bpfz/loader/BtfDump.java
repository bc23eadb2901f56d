package org.bpfz.loader;

import java.util.Locale;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.EnumValue;
import org.bpfz.spec.btf.BtfType.Enumeration;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.BtfType.Param;
import org.bpfz.spec.btf.BtfType.SectionVar;
import org.bpfz.spec.btf.Linkage;

/** Prints types one record a line, members below, as {@code bpftool btf dump ... format raw} does (dump_btf_type in tools/bpf/bpftool/btf.c). */
public final class BtfDump {
    private BtfDump() {
    }

    /** All types of a BTF, those of its base left out. */
    public static String raw(Btf btf) {
        StringBuilder out = new StringBuilder();
        for (int id = btf.firstId(); id < btf.endId(); id++) {
            raw(btf, id, out);
        }
        return out.toString();
    }

    private static void raw(Btf btf, int id, StringBuilder out) {
        BtfType type = btf.type(id);
        out.append('[').append(id).append("] ").append(kind(type)).append(' ').append(quoted(type.name()));
        switch (type) {
            case BtfType.Int integer -> out.append(" size=").append(integer.size()).append(" bits_offset=")
                    .append(integer.bitOffset()).append(" nr_bits=").append(integer.bits()).append(" encoding=")
                    .append(switch (integer.encoding()) {
                        case UNSIGNED -> "(none)";
                        case SIGNED -> "SIGNED";
                        case CHAR -> "CHAR";
                        case BOOL -> "BOOL";
                    });
            case BtfType.Ptr pointer -> out.append(" type_id=").append(pointer.target());
            case BtfType.Modifier modifier -> out.append(" type_id=").append(modifier.target());
            case BtfType.Array array -> out.append(" type_id=").append(array.element()).append(" index_type_id=")
                    .append(array.index()).append(" nr_elems=").append(array.count());
            case Composite composite -> members(composite, out);
            case Enumeration enumeration -> values(enumeration, out);
            case BtfType.Fwd forward -> out.append(" fwd_kind=").append(forward.union() ? "union" : "struct");
            case BtfType.Func function ->
                out.append(" type_id=").append(function.proto()).append(" linkage=").append(name(function.linkage()));
            case BtfType.FuncProto proto -> {
                out.append(" ret_type_id=").append(proto.returned()).append(" vlen=").append(proto.params().size());
                for (Param param : proto.params()) {
                    out.append("\n\t").append(quoted(param.name())).append(" type_id=").append(param.type());
                }
            }
            case BtfType.Var variable ->
                out.append(" type_id=").append(variable.type()).append(", linkage=").append(name(variable.linkage()));
            case BtfType.DataSec section -> {
                out.append(" size=").append(section.size()).append(" vlen=").append(section.vars().size());
                for (SectionVar entry : section.vars()) {
                    BtfType variable = btf.type(entry.type());
                    out.append("\n\ttype_id=").append(entry.type()).append(" offset=").append(entry.offset())
                            .append(" size=").append(entry.size()).append(" (").append(kind(variable)).append(' ')
                            .append(quoted(variable.name())).append(')');
                }
            }
            case BtfType.FloatType number -> out.append(" size=").append(number.size());
            case BtfType.DeclTag tag ->
                out.append(" type_id=").append(tag.target()).append(" component_idx=").append(tag.component());
            case BtfType.VoidType _ -> throw new IllegalArgumentException("void is not written");
        }
        out.append('\n');
    }

    private static void members(Composite composite, StringBuilder out) {
        out.append(" size=").append(composite.size()).append(" vlen=").append(composite.members().size());
        for (Member member : composite.members()) {
            out.append("\n\t").append(quoted(member.name())).append(" type_id=").append(member.type())
                    .append(" bits_offset=").append(member.bitOffset());
            if (member.bitFieldSize() != 0) {
                out.append(" bitfield_size=").append(member.bitFieldSize());
            }
        }
    }

    private static void values(Enumeration enumeration, StringBuilder out) {
        out.append(" encoding=").append(enumeration.signed() ? "SIGNED" : "UNSIGNED").append(" size=")
                .append(enumeration.size()).append(" vlen=").append(enumeration.values().size());
        boolean wide = enumeration instanceof BtfType.Enum64;
        for (EnumValue value : enumeration.values()) {
            out.append("\n\t").append(quoted(value.name())).append(" val=")
                    .append(enumeration.signed()
                            ? Long.toString(value.value())
                            : Long.toUnsignedString(value.value()))
                    .append(wide ? enumeration.signed() ? "LL" : "ULL" : "");
        }
    }

    private static String quoted(String name) {
        return "'" + (name.isEmpty() ? "(anon)" : name) + "'";
    }

    private static String name(Linkage linkage) {
        return linkage.name().toLowerCase(Locale.ROOT);
    }

    private static String kind(BtfType type) {
        return switch (type) {
            case BtfType.VoidType _ -> "UNKNOWN";
            case BtfType.Int _ -> "INT";
            case BtfType.Ptr _ -> "PTR";
            case BtfType.Array _ -> "ARRAY";
            case BtfType.Struct _ -> "STRUCT";
            case BtfType.Union _ -> "UNION";
            case BtfType.Enum32 _ -> "ENUM";
            case BtfType.Enum64 _ -> "ENUM64";
            case BtfType.Fwd _ -> "FWD";
            case BtfType.Typedef _ -> "TYPEDEF";
            case BtfType.Volatile _ -> "VOLATILE";
            case BtfType.Const _ -> "CONST";
            case BtfType.Restrict _ -> "RESTRICT";
            case BtfType.Func _ -> "FUNC";
            case BtfType.FuncProto _ -> "FUNC_PROTO";
            case BtfType.Var _ -> "VAR";
            case BtfType.DataSec _ -> "DATASEC";
            case BtfType.FloatType _ -> "FLOAT";
            case BtfType.DeclTag _ -> "DECL_TAG";
            case BtfType.TypeTag _ -> "TYPE_TAG";
        };
    }
}
