package org.bpfz.spec.bpf;

import org.bpfz.spec.Errno;

/** bpf(2) as a process sees it, of the modelled kernel or of a real one: what a loader loads through. For one thread. */
public interface BpfSystemCall {
    /**
     * Makes the call.
     *
     * @param command enum bpf_cmd
     * @param attr    as many bytes of union bpf_attr as the caller knows of; commands that answer there write into it
     * @return a descriptor or 0, or an error number negated
     */
    int bpf(int command, byte[] attr);

    /** What pointers in attributes point to. */
    UserMemory memory();

    /** close(2). */
    void close(int fd);

    /** How many CPUs there can be: how many values a per-CPU map has for each key. */
    int possibleCpus();

    /**
     * perf_event_open(2) of a probe or a tracepoint: a descriptor that BPF_LINK_CREATE takes as a target, or an error number negated.
     *
     * @param place a {@link AttachPoints.Place.Probe} or {@link AttachPoints.Place.Tracepoint}
     */
    default int openEvent(AttachPoints.Place place) {
        return Errno.ENOSYS.negative();
    }

    /** Makes the call with attributes in their form; what a command answers in them is lost. */
    default int bpf(Command command, Attr attr) {
        return bpf(command.number(), AttrCodec.write(attr));
    }
}
