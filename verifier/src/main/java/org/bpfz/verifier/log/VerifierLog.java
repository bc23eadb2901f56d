package org.bpfz.verifier.log;

import org.bpfz.spec.Errno;
import org.bpfz.verifier.Rejection;

/**
 * The text that the verifier writes; of a very long one only the end is kept, as in the kernel's ring. Text is taken back where the kernel
 * takes it back: at level 1 a finished path's text goes when the next path starts (bpf_vlog_reset).
 */
public final class VerifierLog {
    /** Show each instruction with what it changed, of the last path only. */
    public static final int LEVEL1 = 1;
    /** Show every path. */
    public static final int LEVEL2 = 2;
    /** Show the stack depth too. */
    public static final int STATS = 4;

    /** The largest log that libbpf asks for (BPF_LOG_BUF_SIZE). */
    private static final int KEPT = (1 << 24) - 1;
    private static final int SLACK = 1 << 22;

    private final StringBuilder text = new StringBuilder();
    private final int level;
    private long forgotten;

    /** @param level the sum of the constants above; with 0 only messages are kept */
    public VerifierLog(int level) {
        this.level = level;
    }

    /** Whether instructions and states are shown. */
    public boolean isTracing() {
        return (level & (LEVEL1 | LEVEL2)) != 0;
    }

    /** Whether there is a log at all. */
    public boolean isOn() {
        return level != 0;
    }

    /** Whether every path is shown, and how precision is tracked back. */
    public boolean isDetailed() {
        return (level & LEVEL2) != 0;
    }

    /** Whether stack depths are shown. */
    public boolean hasStats() {
        return (level & STATS) != 0;
    }

    public VerifierLog print(String more) {
        text.append(more);
        return this;
    }

    public VerifierLog print(char more) {
        text.append(more);
        forgetBegin();
        return this;
    }

    public VerifierLog print(long number) {
        text.append(number);
        return this;
    }

    /** A whole line. */
    public VerifierLog line(String line) {
        text.append(line).append('\n');
        forgetBegin();
        return this;
    }

    /** Writes the reason and gives what to throw. */
    public Rejection reject(Errno errno, String reason) {
        line(reason);
        return new Rejection(errno);
    }

    /** Writes the reason and gives what to throw for the instruction at a slot. */
    public Rejection reject(Errno errno, int slot, String reason) {
        line(reason);
        return new Rejection(errno, slot);
    }

    private void forgetBegin() {
        if (text.length() > KEPT + SLACK) {
            int surplus = text.length() - KEPT;
            text.delete(0, surplus);
            forgotten += surplus;
        }
    }

    /** How much was written so far. */
    public long position() {
        return forgotten + text.length();
    }

    /** Takes everything behind the position back. */
    public void reset(long position) {
        text.setLength(indexOf(position));
    }

    /** The text since a position, its last line end left out. */
    public String since(long position) {
        return text.substring(indexOf(position)).strip();
    }

    private int indexOf(long position) {
        return (int) Math.clamp(position - forgotten, 0L, (long) text.length());
    }

    /** All of it that is kept. */
    @Override
    public String toString() {
        return text.toString();
    }
}
