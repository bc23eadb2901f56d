package org.bpfz.jit;

/** What the hidden class of a program extends: the door to its functions. */
abstract class Compiled {

    /**
     * Calls the function that begins at a slot.
     *
     * @param entry one of the slots that the class was made for
     * @param r10   the frame pointer of the function's own frame
     * @return R0
     */
    abstract long call(int entry, JitRun run, long r10, long r1, long r2, long r3, long r4, long r5);

    /**
     * Goes on with the function that the class was made for, which is cut into chunks.
     *
     * @param r10       the frame pointer of its frame
     * @param registers what a chunk leaves to the next; R0 to R10 first, and R0 the function's in the end
     * @param next      the chunk and where it is entered
     * @return -1
     */
    int goOn(JitRun run, long r10, long[] registers, int next) {
        throw new IllegalStateException("not cut");
    }
}
