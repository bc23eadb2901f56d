package org.bpfz.oracle.analyze;

import java.nio.file.Path;

/** What a walk comes across. */
public sealed interface Found {

    /** Where: relative or absolute as the argument was. */
    Path path();

    /**
     * A regular file to be analysed.
     *
     * @param uid its owner
     * @param gid its group
     */
    record RegularFile(Path path, int uid, int gid) implements Found {}

    /**
     * Something that is left out.
     *
     * @param reason in a few words
     */
    record LeftOut(Path path, Why why, String reason) implements Found, Entry {}

    /** Why something is left out. */
    enum Why {
        /** A symbolic link: links are not followed. */
        LINK,
        /** By rule: what is no stored data. */
        SPECIAL,
        /** It was asked for and could not be read. */
        UNREADABLE
    }
}
