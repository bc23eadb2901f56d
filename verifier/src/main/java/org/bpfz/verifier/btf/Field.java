package org.bpfz.verifier.btf;

import org.bpfz.spec.btf.Btf;
import org.jspecify.annotations.Nullable;

/**
 * One special field (struct btf_field).
 *
 * @param offset     in bytes from the begin of the value
 * @param size       in bytes
 * @param btf        of a kptr or graph root: where the type it points to or owns is; else null
 * @param typeId     of a kptr or graph root: that type; else 0
 * @param nodeOffset of a graph root: where in that type the node is; else 0
 */
public record Field(FieldKind kind, int offset, int size, @Nullable Btf btf, int typeId, int nodeOffset) {
    /** The type's BTF; any kind without one is a mistake of the caller's. */
    public Btf target() {
        if (btf == null) {
            throw new IllegalStateException(kind + " has no target type");
        }
        return btf;
    }
}
