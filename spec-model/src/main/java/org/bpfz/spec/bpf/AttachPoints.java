package org.bpfz.spec.bpf;

import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.program.AttachType;

/** Where programs can be attached: what the kernel around bpf(2) consists of. */
public interface AttachPoints {
    /** A kernel that has no such place. */
    AttachPoints NONE = new AttachPoints() {
        @Override
        public void open(Place place) throws BpfException {
            throw new BpfException(Errno.ENOENT, "there is no " + place);
        }

        @Override
        public Runnable attach(Place place, Executable program) throws BpfException {
            throw new BpfException(Errno.ENOENT, "there is no " + place);
        }
    };

    /** A place. */
    sealed interface Place {
        /** A function, by a trampoline: before it, after it, or deciding what it returns. */
        record Function(String name, AttachType how) implements Place {}

        /** A function's first instruction, or its return. */
        record Probe(String function, boolean onReturn) implements Place {}

        /** A tracepoint, with its arguments as they are. */
        record RawTracepoint(String name) implements Place {}

        /** A tracepoint, with the record that it writes. */
        record Tracepoint(String group, String name) implements Place {}
    }

    /**
     * Makes a perf event of a probe or tracepoint, which programs can then be attached to.
     *
     * @throws BpfException if there is no such place, or it can not be probed
     */
    void open(Place place) throws BpfException;

    /**
     * Attaches a program.
     *
     * @return takes it off again
     * @throws BpfException with the errno of the command that attaches
     */
    Runnable attach(Place place, Executable program) throws BpfException;
}
