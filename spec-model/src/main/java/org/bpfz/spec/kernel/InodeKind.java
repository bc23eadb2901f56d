package org.bpfz.spec.kernel;

import org.pcollections.PMap;

/** What an inode is, with the state that only its kind has. */
public sealed interface InodeKind {
    /** The file type bits of st_mode. */
    int typeBits();

    /** A regular file, with its bytes. */
    record Regular(Rope content) implements InodeKind {
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
        /** The directory with one more entry, or with another inode under a name that it has. */
        public Directory plus(String name, int inode) {
            return new Directory(entries.plus(name, inode), parent);
        }

        /** The directory without an entry. */
        public Directory minus(String name) {
            return new Directory(entries.minus(name), parent);
        }

        @Override
        public int typeBits() {
            return Flags.S_IFDIR;
        }
    }

    /** A symbolic link. */
    record Symlink(String target) implements InodeKind {
        @Override
        public int typeBits() {
            return Flags.S_IFLNK;
        }
    }

    /** A pipe made by pipe2, or a named one. */
    record Fifo(PipeBuffer pipe) implements InodeKind {
        @Override
        public int typeBits() {
            return Flags.S_IFIFO;
        }
    }

    /** A character device. */
    record CharDevice(Device device) implements InodeKind {
        @Override
        public int typeBits() {
            return Flags.S_IFCHR;
        }
    }

    /** A BPF link: while it lives, its program is attached (clause ATT-3). */
    record BpfLink(int link) implements InodeKind {
        @Override
        public int typeBits() {
            return 0;
        }
    }

    /** A loaded BPF program. */
    record BpfProgram(HookProgram program) implements InodeKind {
        @Override
        public int typeBits() {
            return 0;
        }
    }

    /** The memory devices of drivers/char/mem.c. */
    enum Device {
        NULL(1, 3), ZERO(1, 5), FULL(1, 7);

        private final int major;
        private final int minor;

        Device(int major, int minor) {
            this.major = major;
            this.minor = minor;
        }

        /** The device's major number. */
        public int major() {
            return major;
        }

        /** The device's minor number. */
        public int minor() {
            return minor;
        }
    }
}
