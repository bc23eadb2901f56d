package org.bpfz.spec.kernel;

/**
 * A thread (struct task_struct).
 *
 * @param pid         the thread's own id, what gettid() returns
 * @param tgid        the id of its process, what getpid() returns
 * @param comm        its name, at most 15 bytes
 * @param credentials whom it acts for; each thread has its own
 * @param files       the id of its {@link DescriptorTable}, shared by the threads of a process
 * @param fs          the id of its {@link FsContext}, shared likewise
 */
public record Task(int pid, int tgid, String comm, Credentials credentials, int files, int fs) {
    /** The same task with other ids. */
    public Task with(Credentials changed) {
        return new Task(pid, tgid, comm, changed, files, fs);
    }
}
