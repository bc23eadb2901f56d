package org.bpfz.spec.kernel;

import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * What is in a pipe: a ring of slots of one page each, the unit in which it fills up (fs/pipe.c). A write that fits behind
 * the last slot's data is merged into it, any other starts a slot; so a pipe may be full of few bytes.
 *
 * @param slots   contents of the used slots, first to be read first
 * @param size    how many slots there are
 * @param readers open files that can read
 * @param writers open files that can write
 */
public record PipeBuffer(PVector<Slot> slots, int size, int readers, int writers) {
    /**
     * One page of a pipe.
     *
     * @param data      what is left to read
     * @param end       where the next byte would go in the page
     * @param mergeable whether a later write may append (PIPE_BUF_FLAG_CAN_MERGE)
     * @param packet    whether a read takes all of it and stops (PIPE_BUF_FLAG_PACKET)
     */
    public record Slot(Rope data, int end, boolean mergeable, boolean packet) {
        Slot plus(Rope more) {
            return new Slot(data.concat(more), end + (int) more.length(), mergeable, packet);
        }
    }

    /** An empty pipe that nobody has open. */
    public static final PipeBuffer EMPTY = new PipeBuffer(TreePVector.empty(), Limits.PIPE_BUFFERS, 0, 0);

    /** The bytes that can be read. */
    public long available() {
        long sum = 0;
        for (Slot slot : slots) {
            sum += slot.data.length();
        }
        return sum;
    }

    /** The pipe with other contents. */
    public PipeBuffer withSlots(PVector<Slot> changed) {
        return new PipeBuffer(changed, size, readers, writers);
    }

    /** The pipe with other ends open. */
    public PipeBuffer withEnds(int reading, int writing) {
        return new PipeBuffer(slots, size, reading, writing);
    }
}
