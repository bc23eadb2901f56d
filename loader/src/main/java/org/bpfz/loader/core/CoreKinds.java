package org.bpfz.loader.core;

import org.bpfz.spec.btf.CoreRelocation;

/** The three families of relocations, and what libbpf calls each kind (core_relo_kind_str). */
final class CoreKinds {
    private CoreKinds() {
    }

    static boolean isField(CoreRelocation.Kind kind) {
        return switch (kind) {
            case FIELD_BYTE_OFFSET, FIELD_BYTE_SIZE, FIELD_EXISTS, FIELD_SIGNED, FIELD_LSHIFT_U64, FIELD_RSHIFT_U64 ->
                true;
            default -> false;
        };
    }

    static boolean isType(CoreRelocation.Kind kind) {
        return switch (kind) {
            case TYPE_ID_LOCAL, TYPE_ID_TARGET, TYPE_EXISTS, TYPE_SIZE, TYPE_MATCHES -> true;
            default -> false;
        };
    }

    static boolean isEnumValue(CoreRelocation.Kind kind) {
        return kind == CoreRelocation.Kind.ENUMVAL_EXISTS || kind == CoreRelocation.Kind.ENUMVAL_VALUE;
    }

    static String label(CoreRelocation.Kind kind) {
        return switch (kind) {
            case FIELD_BYTE_OFFSET -> "byte_off";
            case FIELD_BYTE_SIZE -> "byte_sz";
            case FIELD_EXISTS -> "field_exists";
            case FIELD_SIGNED -> "signed";
            case FIELD_LSHIFT_U64 -> "lshift_u64";
            case FIELD_RSHIFT_U64 -> "rshift_u64";
            case TYPE_ID_LOCAL -> "local_type_id";
            case TYPE_ID_TARGET -> "target_type_id";
            case TYPE_EXISTS -> "type_exists";
            case TYPE_SIZE -> "type_size";
            case TYPE_MATCHES -> "type_matches";
            case ENUMVAL_EXISTS -> "enumval_exists";
            case ENUMVAL_VALUE -> "enumval_value";
        };
    }
}
