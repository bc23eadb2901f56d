package org.bpfz.oracle.strace;

import org.bpfz.oracle.syntax.CallText;

/** What a recording says happened, in the order of its lines. */
public sealed interface StraceEvent {

    /** The task that it happened to; {@link StraceReader#UNNAMED} where the recording names none. */
    int pid();

    /** The line that says so, counted from 1. */
    int line();

    /**
     * A call that had not returned when another task's line came.
     *
     * @param call the arguments as far as strace printed them; no result
     */
    record Entered(int pid, int line, CallText call) implements StraceEvent {}

    /**
     * A call that returned.
     *
     * @param line      where its result stands
     * @param enteredAt where it began: the same line unless it was interrupted by another task's
     * @param call      with its result; a call that never returned ({@code exit_group}) has an unknown one
     */
    record Returned(int pid, int line, int enteredAt, CallText call) implements StraceEvent {}

    /** A signal was delivered. */
    record Signalled(int pid, int line, String signal) implements StraceEvent {}

    /** The task ended. */
    record Ended(int pid, int line, String how) implements StraceEvent {}

    /** A line that strace printed of itself, or one that is no event; what a reader can not use, it says. */
    record Remark(int pid, int line, String text) implements StraceEvent {}
}
