package org.bpfz.spec.kernel;

import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * What is in a pipe: a ring of slots of one page each, the unit in which it fills up (fs/pipe.c). A write that fits behind
 * the last slot's data is merged into it, any other starts a slot; so a pipe may be full of few bytes.
 *
 * @param slots       contents of the used slots, first to be read first
 * @param size        how many slots there are
 * @param readers     open files that can read
 * @param writers     open files that can write
 * @param readerOpens how often it was opened for reading; an open that waits for a reader waits for this to change
 * @param writerOpens how often it was opened for writing
 */
public record PipeBuffer(PVector<Slot> slots, int size, int readers, int writers, int readerOpens, int writerOpens) {
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

        Slot from(long offset) {
            return new Slot(data.slice(offset, data.length()), end, mergeable, packet);
        }
    }

    /** An empty pipe that nobody has open. */
    public static final PipeBuffer EMPTY = new PipeBuffer(TreePVector.empty(), Limits.PIPE_BUFFERS, 0, 0, 0, 0);

    /** The bytes that can be read. */
    public long available() {
        long sum = 0;
        for (Slot slot : slots) {
            sum += slot.data.length();
        }
        return sum;
    }

    /** Whether no slot is free. */
    boolean isFull() {
        return slots.size() >= size;
    }

    /** The pipe with other contents. */
    PipeBuffer withSlots(PVector<Slot> changed) {
        return new PipeBuffer(changed, size, readers, writers, readerOpens, writerOpens);
    }

    /** The pipe with another number of slots. */
    PipeBuffer withSize(int count) {
        return new PipeBuffer(slots, count, readers, writers, readerOpens, writerOpens);
    }

    /** The pipe opened once more. */
    PipeBuffer opened(boolean reads, boolean writes) {
        int r = reads ? 1 : 0;
        int w = writes ? 1 : 0;
        return new PipeBuffer(slots, size, readers + r, writers + w, readerOpens + r, writerOpens + w);
    }

    /** The pipe closed once; when nobody has it open any more, what was in it is gone (fs/pipe.c, put_pipe_info). */
    PipeBuffer closed(boolean reads, boolean writes) {
        int r = readers - (reads ? 1 : 0);
        int w = writers - (writes ? 1 : 0);
        return r == 0 && w == 0 ? EMPTY : new PipeBuffer(slots, size, r, w, readerOpens, writerOpens);
    }
}
