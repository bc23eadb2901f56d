package org.bpfz.spec.kernel;

import com.google.common.collect.ImmutableSet;

/**
 * The user and group ids of a task (include/linux/cred.h). Capabilities are not modelled one by one: they follow from the ids
 * as they do without securebits and file capabilities (security/commoncap.c, cap_task_fix_setuid).
 *
 * @param uid    real user id; ids are unsigned 32-bit numbers
 * @param fsuid  the user id that file access is checked with
 * @param groups supplementary groups
 */
public record Credentials(int uid, int euid, int suid, int fsuid, int gid, int egid, int sgid, int fsgid,
        ImmutableSet<Integer> groups) {
    /** Everything is root's. */
    public static final Credentials ROOT = of(0, 0);

    /** One user and one group in every role. */
    public static Credentials of(int uid, int gid) {
        return new Credentials(uid, uid, uid, uid, gid, gid, gid, gid, ImmutableSet.of());
    }

    /** Whether file permission checks are overridden (CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_CHOWN, CAP_FSETID). */
    public boolean overridesFilePermissions() {
        return fsuid == 0;
    }

    /** Whether ids and limits may be changed at will (CAP_SETUID, CAP_SETGID, CAP_SYS_RESOURCE). */
    public boolean isPrivileged() {
        return euid == 0;
    }

    /** Whether a file of that group is the caller's own group's (kernel/groups.c, in_group_p). */
    public boolean inGroup(int group) {
        return group == fsgid || groups.contains(group);
    }

    /** The same task with another id for file access. */
    public Credentials withFsuid(int id) {
        return new Credentials(uid, euid, suid, id, gid, egid, sgid, fsgid, groups);
    }

    /** The same task with another group id for file access. */
    public Credentials withFsgid(int id) {
        return new Credentials(uid, euid, suid, fsuid, gid, egid, sgid, id, groups);
    }

    /** The same task with other user ids; the one for file access follows the effective one. */
    public Credentials withUids(int real, int effective, int saved) {
        return new Credentials(real, effective, saved, effective, gid, egid, sgid, fsgid, groups);
    }

    /** The same task with other group ids; the one for file access follows the effective one. */
    public Credentials withGids(int real, int effective, int saved) {
        return new Credentials(uid, euid, suid, fsuid, real, effective, saved, effective, groups);
    }
}
