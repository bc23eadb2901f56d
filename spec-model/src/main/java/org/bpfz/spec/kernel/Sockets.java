package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.InodeKind.Socket;
import org.bpfz.spec.kernel.InodeKind.Socket.Message;
import org.jspecify.annotations.Nullable;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * Pairs of connected stream sockets, as far as descriptors travel through them and writes to them are not verified
 * (net/unix/af_unix.c, unix_stream_sendmsg and unix_stream_read_generic). How much one takes before its writer waits depends on
 * the size of socket buffers in memory; the model has a fixed number.
 */
final class Sockets {
    /** About net.core.wmem_default. */
    private static final long CAPACITY = 212_992;

    private Sockets() {
    }

    static Moved write(State state, int id, Rope data, long length) {
        return send(state, id, data, length, TreePVector.empty());
    }

    /** Sends data, with open files on its first byte. */
    static Moved send(State state, int id, Rope data, long length, PVector<Integer> files) {
        Socket end = (Socket) state.inode(id).kind();
        Inode peer = state.inodes().get(end.peer());
        if (peer == null || peer.opens() == 0) {
            return Moved.failed(state, Errno.EPIPE, Signal.SIGPIPE);
        }
        if (length == 0) {
            return Moved.bytes(state, 0, 0);
        }
        if (data.isEmpty()) {
            return Moved.failed(state, Errno.EFAULT);
        }
        Socket other = (Socket) peer.kind();
        long room = Math.max(CAPACITY - other.queued(), 0);
        long count = Math.min(Math.min(length, room), data.length());
        if (count == 0) {
            return Moved.waiting(state, 0);
        }
        Message message = new Message(data.prefix(count), files);
        State next = state.with(peer.with(new Socket(other.peer(), other.received().plus(message))));
        boolean faulted = count == data.length() && count < length;
        return count == length || faulted ? Moved.bytes(next, count, 0) : Moved.waiting(next, count);
    }

    static Taken read(State state, int id, long length, long writable) {
        Received received = receive(state, id, length, writable);
        State next = received.taken.next();
        for (int file : received.files) {
            next = Descriptors.release(next, file);
        }
        return new Taken(next, received.taken.data(), 0, received.taken.errno(), received.taken.waits());
    }

    /** What a receiver gets: bytes, and the open files that came with them. */
    record Received(Taken taken, PVector<Integer> files) {}

    /** Receives bytes up to the next message that carries files, unless those come first. */
    static Received receive(State state, int id, long length, long writable) {
        Inode inode = state.inode(id);
        Socket end = (Socket) inode.kind();
        PVector<Message> queue = end.received();
        PVector<Integer> files = TreePVector.empty();
        Rope data = Rope.empty();
        while (data.length() < length && !queue.isEmpty()) {
            Message message = queue.get(0);
            if (!message.files().isEmpty()) {
                if (!data.isEmpty()) {
                    break;
                }
                files = message.files();
            }
            long count = Math.min(message.data().length(), length - data.length());
            if (data.length() + count > writable) {
                Errno errno = data.isEmpty() ? Errno.EFAULT : null;
                return new Received(result(state, inode, queue, data, errno), files);
            }
            data = data.concat(message.data().prefix(count));
            boolean used = count == message.data().length();
            queue = used
                    ? queue.minus(0)
                    : queue.with(0,
                            new Message(message.data().slice(count, message.data().length()), TreePVector.empty()));
        }
        if (data.isEmpty() && length > 0 && isOpen(state, end.peer())) {
            return new Received(Taken.waiting(state), TreePVector.empty());
        }
        return new Received(result(state, inode, queue, data, null), files);
    }

    private static Taken result(State state, Inode inode, PVector<Message> queue, Rope data, @Nullable Errno errno) {
        Socket end = (Socket) inode.kind();
        State next = state.with(inode.with(new Socket(end.peer(), queue)));
        return errno == null ? Taken.bytes(next, data, 0) : Taken.failed(state, errno);
    }

    private static boolean isOpen(State state, int peer) {
        Inode other = state.inodes().get(peer);
        return other != null && other.opens() > 0;
    }
}
