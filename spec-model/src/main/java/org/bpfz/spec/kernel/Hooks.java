package org.bpfz.spec.kernel;

/**
 * The programs behind the two hooks. An engine stands here when the model executes, recorded answers stand here when a trace
 * is checked.
 *
 * <p>The result is the program's 64-bit r0. The hooks are functions that return {@code int}, so the model looks at the low
 * 32 bits only: clang leaves {@code 0xfffffffb} with zeros above it for an {@code int} of -5.
 */
public interface Hooks {
    /**
     * Runs a program on the decide hook (clauses HOOK-1, CTX-6).
     *
     * @param program the id of an attached {@link HookProgram}
     * @param task    the opening task
     * @param uid     compress_ctx.uid
     * @param gid     compress_ctx.gid
     */
    long decide(int program, Task task, int uid, int gid);

    /**
     * Runs a program on the verify hook (clauses HOOK-2, CTX-5).
     *
     * @param program the id of an attached {@link HookProgram}
     * @param task    the writing task
     * @param offset  compress_ctx.offset
     * @param size    compress_ctx.size
     * @param data    the bytes that bpf_copy_from_buffer and bpf_lzo_compress see; shorter than {@code size} where the
     *                caller's memory cannot be read
     */
    long verify(int program, Task task, long offset, long size, Rope data);

    /** For states without attached programs: asking is a mistake of the model. */
    Hooks NONE = new Hooks() {
        @Override
        public long decide(int program, Task task, int uid, int gid) {
            throw new IllegalStateException("no program " + program);
        }

        @Override
        public long verify(int program, Task task, long offset, long size, Rope data) {
            throw new IllegalStateException("no program " + program);
        }
    };
}
