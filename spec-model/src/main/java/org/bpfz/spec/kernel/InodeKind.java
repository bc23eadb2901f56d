package org.bpfz.spec.kernel;

import org.bpfz.spec.program.Hook;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/** What an inode is, with the state that only its kind has. */
public sealed interface InodeKind {
    /** The file type bits of st_mode. */
    int typeBits();

    /**
     * A regular file.
     *
     * @param content its bytes
     * @param pages   which of its pages take room
     */
    record Regular(Rope content, Pages pages) implements InodeKind {
        /** A file without holes. */
        public Regular(Rope content) {
            this(content, Pages.upTo(content.length()));
        }

        @Override
        public int typeBits() {
            return Flags.S_IFREG;
        }
    }

    /**
     * A directory.
     *
     * @param entries inode ids by name, without "." and ".."
     * @param parent  the inode that ".." leads to; its own id for a root
     */
    record Directory(PMap<String, Integer> entries, int parent) implements InodeKind {
        /** An empty directory, which becomes its parent's when it is put there. */
        public static Directory empty() {
            return new Directory(TreePMap.empty(), 0);
        }

        @Override
        public int typeBits() {
            return Flags.S_IFDIR;
        }

        /** The directory with one more entry, or with another inode under a name that it has. */
        public Directory plus(String name, int inode) {
            return new Directory(entries.plus(name, inode), parent);
        }

        /** The directory without an entry. */
        public Directory minus(String name) {
            return new Directory(entries.minus(name), parent);
        }

        /** The directory in another place. */
        public Directory in(int folder) {
            return new Directory(entries, folder);
        }
    }

    /** A symbolic link. */
    record Symlink(String target) implements InodeKind {
        @Override
        public int typeBits() {
            return Flags.S_IFLNK;
        }
    }

    /**
     * A pipe made by pipe2, or a named one.
     *
     * @param named whether opening one end waits for the other
     */
    record Fifo(PipeBuffer pipe, boolean named) implements InodeKind {
        /** A named pipe that nobody has open. */
        public static Fifo unopened() {
            return new Fifo(PipeBuffer.EMPTY, true);
        }

        @Override
        public int typeBits() {
            return Flags.S_IFIFO;
        }
    }

    /**
     * One end of a pair of connected stream sockets.
     *
     * @param peer     the inode of the other end
     * @param received messages that have arrived here
     */
    record Socket(int peer, PVector<Message> received) implements InodeKind {
        /**
         * What one call has sent.
         *
         * @param data  its bytes, as far as they have not been read
         * @param files open files that travel with it (SCM_RIGHTS); they arrive with its first byte
         */
        public record Message(Rope data, PVector<Integer> files) {}

        static Socket connectedTo(int peer) {
            return new Socket(peer, TreePVector.empty());
        }

        long queued() {
            long sum = 0;
            for (Message message : received) {
                sum += message.data.length();
            }
            return sum;
        }

        @Override
        public int typeBits() {
            return Flags.S_IFSOCK;
        }
    }

    /** A character device. */
    record CharDevice(Device device) implements InodeKind {
        @Override
        public int typeBits() {
            return Flags.S_IFCHR;
        }
    }

    /** The anonymous inode of a BPF link: while it lives, its program is attached to the hook (clause ATT-3). */
    record BpfLink(Hook hook) implements InodeKind {
        @Override
        public int typeBits() {
            return 0;
        }
    }

    /** The anonymous inode of a loaded BPF program. */
    record BpfProgram(HookProgram program) implements InodeKind {
        @Override
        public int typeBits() {
            return 0;
        }
    }

    /** The memory devices of drivers/char/mem.c. */
    enum Device {
        NULL, ZERO, FULL
    }
}
