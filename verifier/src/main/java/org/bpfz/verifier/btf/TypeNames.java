package org.bpfz.verifier.btf;

import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;

/** Names of types as the log prints them. */
public final class TypeNames {
    private static final String ITERATOR_PREFIX = "bpf_iter_";

    private TypeNames() {
    }

    /** The name of a type, empty where it has none (btf_type_name). */
    public static String of(Btf btf, int typeId) {
        return btf.type(typeId).name();
    }

    /** The name of an iterator's structure without its prefix (iter_type_str). */
    public static String iterator(Btf btf, int typeId) {
        String name = of(btf, typeId);
        return name.startsWith(ITERATOR_PREFIX) ? name.substring(ITERATOR_PREFIX.length()) : name;
    }

    /** The kind of a type as the kernel's messages name it (btf_kind_str). */
    public static String kind(BtfType type) {
        return switch (type) {
            case BtfType.VoidType _ -> "UNKNOWN";
            case BtfType.Int _ -> "INT";
            case BtfType.Ptr _ -> "PTR";
            case BtfType.Array _ -> "ARRAY";
            case BtfType.Struct _ -> "STRUCT";
            case BtfType.Union _ -> "UNION";
            case BtfType.Enum32 _ -> "ENUM";
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
            case BtfType.Enum64 _ -> "ENUM64";
        };
    }
}
