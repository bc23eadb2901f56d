package org.bpfz.oracle.attach;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.oracle.attach.KernelProfile.Function;
import org.bpfz.oracle.attach.Link.Kind;
import org.bpfz.oracle.model.LoadedProgram;
import org.bpfz.oracle.model.ProgramHost;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Engine;
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
 * a function.
 *
 * <p>Around one call the order is: kprobes, fentry, fmod_ret one after the other until one does not return 0, the function unless one did
 * that or a kprobe has overridden it, fexit, kretprobes. For one thread.
 */
public final class TracedKernel {
    private static final int OVERRIDE_RETURN = 58;
    private static final int CALL = 0x85;

    private final KernelProfile profile;
    private final KernelObjects memory;
    private final ProgramHost host;
    private final Map<Integer, Link> links = new LinkedHashMap<>();
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
        Options options = Options.privileged().withKernelBtf(profile.types()).withLogLevel(1);
        for (BpfProgram program : relocated.programs()) {
            if (program.autoload()) {
                ProgramImage image = relocated.program(program);
                if (Verifier.verify(image, options) instanceof Verdict.Rejected rejected) {
                    throw new LoadException(object.name(), image, rejected);
                }
            }
        }
        return host.load(relocated);
    }

    /**
     * Attaches a program to the function that its section names.
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
        Function function = profile.functions().get(name);
        if (function == null) {
            throw new AttachException(Errno.ENOENT, "Linux " + profile.name() + " as it is modelled has no function '"
                    + name + "'");
        }
        check(image, kind, function);
        Link link = new Link(++lastLink, program, kind, name);
        links.put(link.id(), link);
        return link;
    }

    private void check(ProgramImage image, Kind kind, Function function) throws AttachException {
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

    /** What a program is by type and section; null where it is for no function. */
    static @Nullable Kind kind(ProgramImage image) {
        if (image.type() == ProgramType.KPROBE) {
            return image.section().startsWith("kret") ? Kind.KRETPROBE : Kind.KPROBE;
        }
        if (image.type() != ProgramType.TRACING || image.attachType() == null) {
            return null;
        }
        return switch (image.attachType()) {
            case TRACE_FENTRY -> Kind.FENTRY;
            case TRACE_FEXIT -> Kind.FEXIT;
            case MODIFY_RETURN -> Kind.FMOD_RET;
            default -> null;
        };
    }

    /** Whether a program of an object is for a function of the kernel. */
    public static boolean isForFunction(BpfProgram program) {
        return program.type() == ProgramType.KPROBE || program.type() == ProgramType.TRACING;
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
