package org.bpfz.verifier.state;

/**
 * The spin lock that is held (struct bpf_active_lock).
 *
 * @param owner the map or BTF that the locked object belongs to, compared by identity
 * @param id    the id of the register that it was taken through
 */
public record ActiveLock(Object owner, int id) {
    /** Whether the owner and id are the same lock's. */
    @SuppressWarnings("ReferenceEquality") // Two maps are the same map when they are the same object.
    public boolean matches(Object otherOwner, int otherId) {
        return owner == otherOwner && id == otherId;
    }
}
