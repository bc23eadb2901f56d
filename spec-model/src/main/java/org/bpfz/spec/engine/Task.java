package org.bpfz.spec.engine;

/**
 * On whose behalf a program runs.
 *
 * @param pid  the thread's id, as the kernel calls it
 * @param tgid the thread group's id: what user space calls the process id
 * @param uid  in the initial user namespace
 * @param gid  in the initial user namespace
 * @param comm the command's name, at most 15 bytes
 */
public record Task(int pid, int tgid, int uid, int gid, String comm) {
    /** Root's first process. */
    public static final Task INIT = new Task(1, 1, 0, 0, "init");
}
