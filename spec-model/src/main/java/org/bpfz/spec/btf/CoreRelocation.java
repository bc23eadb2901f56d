package org.bpfz.spec.btf;

/**
 * An instruction whose immediate or offset depends on the types of the kernel that it runs on: compile once, run everywhere
 * (struct bpf_core_relo).
 *
 * @param slot   8-byte slots from the start of the section or program
 * @param typeId the type that is asked about, in the object's own BTF
 * @param access what in it, as indices: {@code 0:1:2} is the third member of the second member
 */
public record CoreRelocation(int slot, int typeId, String access, Kind kind) {

    /** What is asked (enum bpf_core_relo_kind, in the order of its numbers). */
    public enum Kind {
        FIELD_BYTE_OFFSET,
        FIELD_BYTE_SIZE,
        FIELD_EXISTS,
        FIELD_SIGNED,
        FIELD_LSHIFT_U64,
        FIELD_RSHIFT_U64,
        TYPE_ID_LOCAL,
        TYPE_ID_TARGET,
        TYPE_EXISTS,
        TYPE_SIZE,
        ENUMVAL_EXISTS,
        ENUMVAL_VALUE,
        TYPE_MATCHES
    }

    /** The same, that many slots later. */
    public CoreRelocation moved(int slots) {
        return new CoreRelocation(slot + slots, typeId, access, kind);
    }
}
