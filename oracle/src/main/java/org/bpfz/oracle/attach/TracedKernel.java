package org.bpfz.oracle.attach;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.oracle.attach.Link.Kind;
import org.bpfz.oracle.model.LoadedProgram;
import org.bpfz.oracle.model.ProgramHost;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Facts.MemoryFact;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.engine.Task;
import org.bpfz.spec.engine.TraceSink;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
import org.jspecify.annotations.Nullable;

/**
 * A modelled kernel whose functions can be probed: loads objects for its types, attaches their programs, and runs those around each call of
 * a function and at each tracepoint.
 *
 * <p>Around one call the order is: kprobes, fentry, fmod_ret one after the other until one does not return 0, the function unless one did
 * that or a kprobe has overridden it, fexit, kretprobes. For one thread.
 */
public final class TracedKernel {
    private static final int OVERRIDE_RETURN = 58;
    private static final int CALL = 0x85;
    private static final int SIZE = 0x18;

    private final KernelProfile profile;
    private final KernelObjects memory;
    private final ProgramHost host;
    private final Map<Integer, Link> links = new LinkedHashMap<>();
    /** How much of its context a program looks at, in bytes (prog->aux->max_ctx_offset). */
    private final Map<String, Integer> contextEnds = new HashMap<>();
    private int lastLink;
    private @Nullable Long overridden;

    /** A kernel without programs; what they print goes to the sink. */
    public TracedKernel(KernelProfile profile, Engine engine, TraceSink trace) {
        this.profile = profile;
        memory = new KernelObjects(profile.types());
        Services services = ProgramHost.services(Reading.strict()).withTrace(trace).withKernelMemory(memory)
                .withOverride(value -> overridden = value);
        host = new ProgramHost(engine, services);
    }

    /** The kernel. */
    public KernelProfile profile() {
        return profile;
    }

    /** The objects that its functions pass around. */
    public KernelObjects memory() {
        return memory;
    }

    /** The map of that name, null if no object has it. */
    public @Nullable BpfMap map(String name) {
        return host.map(name);
    }

    /** What is attached, in the order of attaching. */
    public List<Link> links() {
        return List.copyOf(links.values());
    }

    /**
     * Loads an object's programs, each that is not marked to be left out, relocated for this kernel's types and verified.
     *
     * @throws LoadException                             if the verifier refuses a program; it has the whole log
     * @throws org.bpfz.loader.elf.BadObject             if a program can not be linked
     * @throws org.bpfz.spec.engine.MapCreationException if the kernel would refuse a map
     */
    public List<LoadedProgram> load(BpfObject object) throws LoadException {
        BpfObject relocated = object.on(profile.target());
        for (BpfProgram program : relocated.programs()) {
            if (program.autoload()) {
                admit(object.name(), relocated.program(program));
            }
        }
        return host.load(relocated);
    }

    /**
     * Loads one program without maps.
     *
     * @param origin where it comes from, for complaints
     * @throws LoadException if the verifier refuses it
     */
    public LoadedProgram load(String origin, ProgramImage image) throws LoadException {
        admit(origin, image);
        return host.load(origin, image);
    }

    private void admit(String origin, ProgramImage image) throws LoadException {
        Options options = Options.privileged().withKernelBtf(profile.types()).withLogLevel(1);
        switch (Verifier.verify(image, options)) {
            case Verdict.Rejected rejected -> throw new LoadException(origin, image, rejected);
            case Verdict.Accepted accepted -> contextEnds.put(image.name(), contextEnd(image, accepted));
        }
    }

    private static int contextEnd(ProgramImage image, Verdict.Accepted accepted) {
        int end = 0;
        for (int slot = 0; slot < image.code().size(); slot++) {
            if (accepted.facts().memory(slot) instanceof MemoryFact.Context context) {
                end = Math.max(end, context.offset() + accessSize(image.code().get(slot)));
            }
        }
        return end;
    }

    /** Bytes that a load or store moves, from the size bits of its opcode (RFC 9669, section 5). */
    private static int accessSize(RawInstruction access) {
        return switch (access.opcode() & SIZE) {
            case 0x00 -> Integer.BYTES;
            case 0x08 -> Short.BYTES;
            case 0x10 -> Byte.BYTES;
            default -> Long.BYTES;
        };
    }

    /**
     * Attaches a program to the function or tracepoint that its section names.
     *
     * @throws AttachException where the kernel refuses
     */
    public Link attach(LoadedProgram program) throws AttachException {
        ProgramImage image = program.executable().image();
        Kind kind = kind(image);
        String name = image.attachTarget();
        if (kind == null || name == null) {
            throw new AttachException(Errno.EINVAL, "program '" + image.name() + "' of section '" + image.section()
                    + "' is for no function of the kernel");
        }
        if (kind == Kind.TRACEPOINT || kind == Kind.RAW_TRACEPOINT) {
            return link(program, kind, tracepoint(image, kind, name));
        }
        KernelProfile.Function function = profile.functions().get(name);
        if (function == null) {
            throw new AttachException(Errno.ENOENT, "Linux " + profile.name() + " as it is modelled has no function '"
                    + name + "'");
        }
        check(image, kind, function);
        return link(program, kind, name);
    }

    private Link link(LoadedProgram program, Kind kind, String place) {
        Link link = new Link(++lastLink, program, kind, place);
        links.put(link.id(), link);
        return link;
    }

    /** Finds the tracepoint, and sees to it that the program looks only at what it is given there. */
    private String tracepoint(ProgramImage image, Kind kind, String name) throws AttachException {
        boolean raw = kind == Kind.RAW_TRACEPOINT;
        Tracepoint found = profile.tracepoints().values().stream().filter(
                point -> raw ? point.name().equals(name) && !point.arguments().isEmpty() : point.isAt(name))
                .findFirst().orElseThrow(() -> new AttachException(Errno.ENOENT, "Linux " + profile.name()
                        + " as it is modelled has no tracepoint '" + name + "'"));
        int end = contextEnds.getOrDefault(image.name(), 0);
        if (!raw && end > found.size()) {
            // perf_event_set_bpf_prog, kernel/events/core.c
            throw new AttachException(Errno.EACCES, "program '" + image.name() + "' looks at " + end
                    + " bytes of the record of '" + name + "', which has " + found.size());
        }
        if (raw && end > Long.BYTES * found.arguments().size()) {
            // __bpf_probe_register, kernel/trace/bpf_trace.c
            throw new AttachException(Errno.EINVAL, "program '" + image.name() + "' looks at argument "
                    + (end + Long.BYTES - 1) / Long.BYTES + " of '" + name + "', which has "
                    + found.arguments().size());
        }
        return found.group() + "/" + found.name();
    }

    private void check(ProgramImage image, Kind kind, KernelProfile.Function function) throws AttachException {
        boolean probe = kind == Kind.KPROBE || kind == Kind.KRETPROBE;
        if (probe && !function.kprobe()) {
            throw new AttachException(Errno.EINVAL,
                    "'" + function.name() + "' of Linux " + profile.name() + " can not be probed");
        }
        if (!probe && !function.trampoline()) {
            throw new AttachException(Errno.ENOTSUPP, "no " + kind + " program can be attached to '" + function.name()
                    + "' of Linux " + profile.name());
        }
        boolean decides = kind == Kind.FMOD_RET || image.code().stream().anyMatch(TracedKernel::overrides);
        if (decides && !function.injectable()) {
            throw new AttachException(Errno.EINVAL,
                    "what '" + function.name() + "' returns is not for programs to decide");
        }
    }

    /** Whether it calls bpf_override_return (prog->kprobe_override). */
    private static boolean overrides(RawInstruction instruction) {
        return instruction.opcode() == CALL && instruction.src() == 0 && instruction.imm() == OVERRIDE_RETURN;
    }

    /** What a program is by type and section; null where it is for no function or tracepoint. */
    static @Nullable Kind kind(ProgramImage image) {
        if (image.type() == ProgramType.KPROBE) {
            return image.section().startsWith("kret") ? Kind.KRETPROBE : Kind.KPROBE;
        }
        if (image.type() == ProgramType.TRACEPOINT) {
            return Kind.TRACEPOINT;
        }
        if (image.type() == ProgramType.RAW_TRACEPOINT) {
            return Kind.RAW_TRACEPOINT;
        }
        if (image.type() != ProgramType.TRACING || image.attachType() == null) {
            return null;
        }
        return switch (image.attachType()) {
            case TRACE_FENTRY -> Kind.FENTRY;
            case TRACE_FEXIT -> Kind.FEXIT;
            case MODIFY_RETURN -> Kind.FMOD_RET;
            case TRACE_RAW_TP -> Kind.RAW_TRACEPOINT;
            default -> null;
        };
    }

    /** Takes a program off its function; false if there is no such link. */
    public boolean detach(int link) {
        return links.remove(link) != null;
    }

    /**
     * Calls a function of the kernel on behalf of a task.
     *
     * @param original  what the function does, and returns, where no program keeps it from running
     * @param arguments as registers hold them
     * @return what the caller gets
     */
    public long call(String function, Task task, int cpu, LongSupplier original, long... arguments) {
        List<Link> here = links.values().stream().filter(link -> link.function().equals(function)).toList();
        if (here.isEmpty()) {
            return original.getAsLong();
        }
        overridden = null;
        byte[] registers = Registers.entry(arguments);
        of(here, Kind.KPROBE).forEach(link -> run(link, task, cpu, registers));
        Long replaced = overridden;
        overridden = null;
        if (replaced != null) {
            // The function's entry returns at once (override_function_with_return): no trampoline is reached.
            return replaced;
        }
        byte[] values = new byte[Long.BYTES * (arguments.length + 1)];
        for (int i = 0; i < arguments.length; i++) {
            LittleEndian.put(values, Long.BYTES * i, Long.BYTES, arguments[i]);
        }
        of(here, Kind.FENTRY).forEach(link -> run(link, task, cpu, values));
        long result = 0;
        for (Link link : of(here, Kind.FMOD_RET)) {
            result = (int) run(link, task, cpu, values);
            if (result != 0) {
                break;
            }
        }
        if (result == 0) {
            result = original.getAsLong();
        }
        LittleEndian.put(values, Long.BYTES * arguments.length, Long.BYTES, result);
        of(here, Kind.FEXIT).forEach(link -> run(link, task, cpu, values));
        byte[] after = Registers.exit(result);
        of(here, Kind.KRETPROBE).forEach(link -> run(link, task, cpu, after));
        return result;
    }

    /**
     * Runs what is attached to a tracepoint.
     *
     * @param name      group and name with a slash between them; a kernel that does not have it tells nothing
     * @param record    makes the record that tracepoint programs get, if there are any
     * @param arguments as raw_tracepoint programs get them
     */
    public void tell(String name, Task task, int cpu, Function<Tracepoint, byte[]> record, long... arguments) {
        Tracepoint point = profile.tracepoints().get(name);
        List<Link> here = links.values().stream().filter(link -> link.function().equals(name)).toList();
        if (point == null || here.isEmpty()) {
            return;
        }
        byte[] values = new byte[Long.BYTES * point.arguments().size()];
        for (int i = 0; i < point.arguments().size(); i++) {
            LittleEndian.put(values, Long.BYTES * i, Long.BYTES, arguments[i]);
        }
        of(here, Kind.RAW_TRACEPOINT).forEach(link -> run(link, task, cpu, values));
        of(here, Kind.TRACEPOINT).forEach(link -> run(link, task, cpu, record.apply(point)));
    }

    private static List<Link> of(List<Link> here, Kind kind) {
        List<Link> some = new ArrayList<>();
        for (Link link : here) {
            if (link.kind() == kind) {
                some.add(link);
            }
        }
        return some;
    }

    private long run(Link link, Task task, int cpu, byte[] context) {
        return host.run(link.program(), Invocation.context(context).task(task).cpu(cpu));
    }
}
