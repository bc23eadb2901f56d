package org.bpfz.loader.api;

import java.nio.ByteOrder;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.AttachPoints.Place;
import org.bpfz.spec.bpf.Attr;
import org.bpfz.spec.bpf.AttrCodec;
import org.bpfz.spec.bpf.BpfSystemCall;
import org.bpfz.spec.bpf.Command;
import org.bpfz.spec.isa.Slots;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;

/** A program of a loaded object. */
public final class ProgramHandle {
    private static final String RETURN_PROBE = "kret";

    private final BpfSystemCall kernel;
    private final ProgramImage image;
    private final int fd;

    ProgramHandle(BpfSystemCall kernel, ProgramImage image, int fd) {
        this.kernel = kernel;
        this.image = image;
        this.fd = fd;
    }

    /**
     * Loads a program that has neither maps nor types nor a target among the kernel's types.
     *
     * @param origin where it comes from, for complaints
     * @throws ProgramRefusedException if the kernel refuses it
     */
    public static ProgramHandle load(BpfSystemCall kernel, String origin, ProgramImage image) {
        return new ProgramHandle(kernel, image, new ProgramLoader(kernel, origin, 0, 0).load(image,
                Slots.toBytes(image.code(), ByteOrder.LITTLE_ENDIAN), new int[0], 0));
    }

    /**
     * What came of a test run.
     *
     * @param returned the low 32 bits of what the program returned
     * @param nanos    the mean time of a run
     * @param context  what has become of the context, where the type of program hands it back
     * @param data     what has become of the packet
     */
    public record Run(int returned, int nanos, Bytes context, Bytes data) {}

    /** The name. */
    public String name() {
        return image.name();
    }

    /** What was loaded. */
    public ProgramImage image() {
        return image;
    }

    /** Its descriptor, which is closed with the object. */
    public int fd() {
        return fd;
    }

    /** Runs it by itself (BPF_PROG_TEST_RUN). */
    public Run run(byte[] context, byte[] data, int repeat) {
        long contextIn = context.length == 0 ? 0 : kernel.memory().put(context);
        long dataIn = data.length == 0 ? 0 : kernel.memory().put(data);
        long dataOut = data.length == 0 ? 0 : kernel.memory().put(new byte[data.length]);
        byte[] attr = AttrCodec.write(new Attr.TestRun(fd, 0, data.length, data.length, dataIn, dataOut, repeat, 0,
                context.length, 0, contextIn, 0, 0, 0, 0));
        checked("running", kernel.bpf(Command.PROG_TEST_RUN.number(), attr));
        Attr.TestRun after = (Attr.TestRun) AttrCodec.of(Attr.TestRun.class).read(attr);
        Run run = new Run(after.retval(), after.duration(), read(contextIn, context.length),
                read(dataOut, data.length));
        kernel.memory().clear();
        return run;
    }

    private Bytes read(long address, int length) {
        byte[] bytes = address == 0 ? null : kernel.memory().read(address, length);
        return bytes == null ? Bytes.of() : Bytes.of(bytes);
    }

    /**
     * Attaches it to what its section names.
     *
     * @throws BpfCallException if the kernel refuses, or the section names no place that a program is attached to through bpf(2) alone
     */
    public LinkHandle attach() {
        String target = image.attachTarget();
        return switch (image.type()) {
            case KPROBE -> attach(new Place.Probe(required(target), image.section().startsWith(RETURN_PROBE)));
            case TRACEPOINT -> {
                String[] parts = required(target).split("/", 2);
                yield attach(new Place.Tracepoint(parts[0], parts.length < 2 ? "" : parts[1]));
            }
            case RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE -> open(Pinning.text(kernel, required(target)));
            case TRACING, LSM, COMPRESSOR -> open(0);
            default -> throw new BpfCallException("attaching program '" + name() + "'", Errno.EOPNOTSUPP.negative());
        };
    }

    private String required(@Nullable String target) {
        if (target == null) {
            throw new BpfCallException("attaching program '" + name() + "', whose section '" + image.section()
                    + "' names no target", Errno.EINVAL.negative());
        }
        return target;
    }

    /** Attaches it to a probe or a tracepoint. */
    public LinkHandle attach(Place place) {
        int event = checked("opening " + place + " for", kernel.openEvent(place));
        int result = kernel.bpf(Command.LINK_CREATE,
                Attr.LinkCreate.of(fd, event, AttachType.PERF_EVENT.number()));
        kernel.close(event);
        return new LinkHandle(kernel, name(), checked("attaching", result));
    }

    private LinkHandle open(long name) {
        return new LinkHandle(kernel, name(), checked("attaching",
                kernel.bpf(Command.RAW_TRACEPOINT_OPEN, new Attr.RawTracepoint(name, fd, 0))));
    }

    /** Lets it outlive its users under a path of the BPF file system. */
    public void pin(String path) {
        checked("pinning", Pinning.pin(kernel, fd, path));
    }

    private int checked(String what, int result) {
        return BpfCallException.checked(what + " program '" + name() + "'", result);
    }
}
