package org.bpfz.oracle.attach;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.api.BpfCallException;
import org.bpfz.loader.api.LinkHandle;
import org.bpfz.loader.api.LoadedObject;
import org.bpfz.loader.api.MapHandle;
import org.bpfz.loader.api.ProgramHandle;
import org.bpfz.loader.api.ProgramRefusedException;
import org.bpfz.oracle.attach.Link.Kind;
import org.bpfz.oracle.model.LoadedProgram;
import org.bpfz.oracle.model.ModelVerifier;
import org.bpfz.oracle.model.ProgramHost;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.AttachPoints;
import org.bpfz.spec.bpf.BpfException;
import org.bpfz.spec.bpf.BpfKernel;
import org.bpfz.spec.bpf.ProgramVerifier;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts.MemoryFact;
import org.bpfz.spec.engine.Facts;
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
import org.bpfz.verifier.Verdict;
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
    private final ModelVerifier verifier;
    private final BpfKernel door;
    private final Map<Executable, ProgramHandle> handles = new HashMap<>();
    private final Map<Executable, LoadedProgram> programs = new HashMap<>();
    private final Map<Integer, Link> links = new LinkedHashMap<>();
    private final Map<Integer, LinkHandle> descriptors = new HashMap<>();
    /** How much of its context a program looks at, in bytes (prog->aux->max_ctx_offset). */
    private final IdentityHashMap<ProgramImage, Integer> contextEnds = new IdentityHashMap<>();
    private int lastLink;
    private @Nullable Long overridden;

    /** A kernel without programs; what they print goes to the sink. */
    public TracedKernel(KernelProfile profile, Engine engine, TraceSink trace) {
        this.profile = profile;
        memory = new KernelObjects(profile.types());
        Services services = ProgramHost.services(Reading.strict()).withTrace(trace).withKernelMemory(memory)
                .withOverride(value -> overridden = value);
        host = new ProgramHost(engine, services);
        verifier = new ModelVerifier(profile.types());
        door = new BpfKernel(host.environment(), this::verify, new Points(), profile.types());
    }

    /** Its bpf(2), through which all its maps, programs and links come into being. */
    public BpfKernel door() {
        return door;
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
     * @throws org.bpfz.loader.api.BpfCallException      if the kernel would refuse a map
     */
    public List<LoadedProgram> load(BpfObject object) throws LoadException {
        BpfObject relocated = object.on(profile.target());
        LoadedObject loaded;
        try {
            loaded = relocated.load(door);
        } catch (ProgramRefusedException e) {
            throw refused(object.name(), relocated.program(e.program()), e);
        }
        for (MapHandle map : loaded.maps().values()) {
            host.name(map.name(), Objects.requireNonNull(door.map(map.fd())));
        }
        return loaded.programs().values().stream().map(handle -> adopt(object.name(), handle)).toList();
    }

    /**
     * Loads one program without maps.
     *
     * @param origin where it comes from, for complaints
     * @throws LoadException if the verifier refuses it
     */
    public LoadedProgram load(String origin, ProgramImage image) throws LoadException {
        try {
            return adopt(origin, ProgramHandle.load(door, origin, image));
        } catch (ProgramRefusedException e) {
            throw refused(origin, image, e);
        }
    }

    private LoadException refused(String origin, ProgramImage image, ProgramRefusedException refusal) {
        Verdict.Rejected rejected = verifier.lastRefusal();
        if (rejected == null) {
            throw refusal;
        }
        return new LoadException(origin, image, rejected);
    }

    private LoadedProgram adopt(String origin, ProgramHandle handle) {
        Executable executable = Objects.requireNonNull(door.program(handle.fd()));
        LoadedProgram program = host.adopt(origin, handle.image(), executable);
        handles.put(executable, handle);
        programs.put(executable, program);
        return program;
    }

    private ProgramVerifier.Answer verify(ProgramImage image, int flags, int logLevel) {
        ProgramVerifier.Answer answer = verifier.verify(image, flags, logLevel);
        if (answer.refusal() == null) {
            contextEnds.put(image, contextEnd(image, answer.facts()));
        }
        return answer;
    }

    private static int contextEnd(ProgramImage image, Facts facts) {
        int end = 0;
        for (int slot = 0; slot < image.code().size(); slot++) {
            if (facts.memory(slot) instanceof MemoryFact.Context context) {
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
        ProgramImage image = program.image();
        Kind kind = kind(image);
        String name = image.attachTarget();
        ProgramHandle handle = handles.get(program.executable());
        if (kind == null || name == null || handle == null) {
            throw new AttachException(Errno.EINVAL, "program '" + image.name() + "' of section '" + image.section()
                    + "' is for no function of the kernel");
        }
        // Asked here too for the words: bpf(2) has a number alone.
        place(program.executable(), kind, name);
        try {
            LinkHandle link = handle.attach();
            descriptors.put(lastLink, link);
        } catch (BpfCallException e) {
            throw new AttachException(e.errno(), e.getMessage());
        }
        return Objects.requireNonNull(links.get(lastLink));
    }

    /** Where a program would be attached: a function's name, or a tracepoint's with its group. */
    private String place(Executable program, Kind kind, String name) throws AttachException {
        if (kind == Kind.TRACEPOINT || kind == Kind.RAW_TRACEPOINT) {
            return tracepoint(program.image(), kind, name);
        }
        check(program.image(), kind, function(name));
        return name;
    }

    private KernelProfile.Function function(String name) throws AttachException {
        KernelProfile.Function function = profile.functions().get(name);
        if (function == null) {
            throw new AttachException(Errno.ENOENT, "Linux " + profile.name() + " as it is modelled has no function '"
                    + name + "'");
        }
        return function;
    }

    /** The places of this kernel, as bpf(2) attaches to them. */
    private final class Points implements AttachPoints {
        @Override
        public void open(Place place) throws BpfException {
            if (place instanceof Place.Probe probe) {
                requireProbeable(probe.function());
            } else if (place instanceof Place.Tracepoint point && profile.tracepoints().values().stream()
                    .noneMatch(known -> known.isAt(point.group() + "/" + point.name()))) {
                throw new BpfException(Errno.ENOENT, "there is no " + point);
            }
        }

        private void requireProbeable(String name) throws BpfException {
            try {
                if (!function(name).kprobe()) {
                    throw new BpfException(Errno.EINVAL, "'" + name + "' can not be probed");
                }
            } catch (AttachException e) {
                throw new BpfException(e.errno(), e.getMessage());
            }
        }

        @Override
        public Runnable attach(Place place, Executable program) throws BpfException {
            return switch (place) {
                case Place.Probe probe -> add(program, probe.onReturn() ? Kind.KRETPROBE : Kind.KPROBE,
                        probe.function());
                case Place.Function function -> add(program, switch (function.how()) {
                    case TRACE_FENTRY -> Kind.FENTRY;
                    case TRACE_FEXIT -> Kind.FEXIT;
                    case MODIFY_RETURN -> Kind.FMOD_RET;
                    default -> throw new BpfException(Errno.ENOTSUPP, function.how() + " is not modelled here");
                }, function.name());
                case Place.RawTracepoint point -> add(program, Kind.RAW_TRACEPOINT, point.name());
                case Place.Tracepoint point -> add(program, Kind.TRACEPOINT, point.group() + "/" + point.name());
            };
        }

        private Runnable add(Executable executable, Kind kind, String name) throws BpfException {
            try {
                String place = place(executable, kind, name);
                LoadedProgram program = programs.computeIfAbsent(executable,
                        loaded -> host.adopt("bpf(2)", loaded.image(), loaded));
                Link link = new Link(++lastLink, program, kind, place);
                links.put(link.id(), link);
                return () -> links.remove(link.id());
            } catch (AttachException e) {
                throw new BpfException(e.errno(), e.getMessage());
            }
        }
    }

    /** Finds the tracepoint, and sees to it that the program looks only at what it is given there. */
    private String tracepoint(ProgramImage image, Kind kind, String name) throws AttachException {
        boolean raw = kind == Kind.RAW_TRACEPOINT;
        Tracepoint found = profile.tracepoints().values().stream().filter(
                point -> raw ? point.name().equals(name) && !point.arguments().isEmpty() : point.isAt(name))
                .findFirst().orElseThrow(() -> new AttachException(Errno.ENOENT, "Linux " + profile.name()
                        + " as it is modelled has no tracepoint '" + name + "'"));
        int end = contextEnds.getOrDefault(image, 0);
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
        boolean was = links.containsKey(link);
        LinkHandle held = descriptors.remove(link);
        if (held != null) {
            held.close();
        }
        return was;
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
