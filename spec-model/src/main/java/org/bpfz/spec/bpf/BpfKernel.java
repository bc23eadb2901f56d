package org.bpfz.spec.bpf;

import java.util.List;
import java.util.Set;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.BpfFile.OfEvent;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.Capability;
import org.jspecify.annotations.Nullable;

/**
 * bpf(2) of the modelled kernel, and the few other calls that deal with what it makes: close(2), perf_event_open(2) of probes and tracepoints,
 * mkdir(2) and unlink(2) in the BPF file system. One process, one thread.
 *
 * <p>What 6.12 has and the model has not, and what such a command answers:
 *
 * <table>
 * <caption>Commands beyond the model</caption>
 * <tr><th>command</th><th>answer</th><th>because</th></tr>
 * <tr><td>PROG_ATTACH, PROG_DETACH, PROG_QUERY</td><td>all refusals up to the target; then EBADF for cgroups and sockmaps, ENODEV for
 * devices, EINVAL</td><td>there is no cgroup, socket or device that a descriptor could name</td></tr>
 * <tr><td>LINK_UPDATE</td><td>refusals of its arguments; then EINVAL</td><td>links of tracing programs, raw tracepoints and perf events have no
 * update_prog</td></tr>
 * <tr><td>LINK_DETACH</td><td>EOPNOTSUPP</td><td>the same links have no detach</td></tr>
 * <tr><td>ITER_CREATE</td><td>EINVAL</td><td>no link is an iterator's (bpf_iter_new_fd)</td></tr>
 * <tr><td>TASK_FD_QUERY</td><td>ENOENT</td><td>there is no task but the caller</td></tr>
 * <tr><td>TOKEN_CREATE</td><td>EINVAL</td><td>no descriptor is a BPF file system's root</td></tr>
 * <tr><td>BTF_GET_NEXT_ID</td><td>the types that were loaded</td><td>the kernel's own, which it lists too, are no object here</td></tr>
 * <tr><td>MAP_CREATE of a type without model</td><td>EINVAL</td><td>as a kernel that is built without it</td></tr>
 * </table>
 */
public final class BpfKernel implements BpfSystemCall {
    private static final int PAGE = 4096;

    private final UserMemory memory = new ProcessMemory();
    private final BpfState state;
    private final MapCommands maps;
    private final BatchCommands batches;
    private final ProgramCommands programs;
    private final TestRuns runs;
    private final ObjectCommands objects;
    private final InfoCommand info;
    private final LinkCommands links;

    /**
     * A kernel without objects, whose caller has all capabilities.
     *
     * @param environment in which nothing has been created yet
     * @param kernelTypes vmlinux BTF, null for a kernel without
     */
    public BpfKernel(Environment environment, ProgramVerifier verifier, AttachPoints points,
            @Nullable Btf kernelTypes) {
        this(environment, verifier, points, kernelTypes, Capability.all());
    }

    /** The same for a caller with these capabilities. */
    public BpfKernel(Environment environment, ProgramVerifier verifier, AttachPoints points,
            @Nullable Btf kernelTypes, Set<Capability> capabilities) {
        state = new BpfState(environment, verifier, points, kernelTypes, memory, capabilities);
        maps = new MapCommands(state);
        batches = new BatchCommands(state, maps);
        programs = new ProgramCommands(state);
        runs = new TestRuns(state);
        objects = new ObjectCommands(state);
        info = new InfoCommand(state);
        links = new LinkCommands(state);
    }

    @Override
    public int bpf(int command, byte[] attr) {
        try {
            return execute(command, attr);
        } catch (BpfException e) {
            return e.errno().negative();
        }
    }

    /** Makes the call; a refusal is an exception with its reason. */
    private int execute(int number, byte[] attr) throws BpfException {
        if (attr.length > PAGE) {
            throw new BpfException(Errno.E2BIG);
        }
        for (int i = Attr.BYTES; i < attr.length; i++) {
            if (attr[i] != 0) {
                throw new BpfException(Errno.E2BIG);
            }
        }
        Command command = Command.of(number);
        if (command == null) {
            throw new BpfException(Errno.EINVAL, "there is no command " + number);
        }
        AttrCodec codec = AttrCodec.of(command.form());
        if (!codec.isTailZero(attr)) {
            throw new BpfException(Errno.EINVAL, "bytes are set behind the fields of " + command);
        }
        AttrOutput output = new AttrOutput(attr);
        return switch (codec.read(attr)) {
            case Attr.MapCreate create -> maps.create(create);
            case Attr.Element element when command == Command.MAP_LOOKUP_ELEM -> maps.lookup(element);
            case Attr.Element element when command == Command.MAP_UPDATE_ELEM -> maps.update(element);
            case Attr.Element element -> maps.lookupAndDelete(element);
            case Attr.Key key -> maps.delete(key);
            case Attr.NextKey next -> maps.nextKey(next);
            case Attr.Freeze freeze -> maps.freeze(freeze);
            case Attr.Batch batch -> batches.run(command, batch, output);
            case Attr.ProgLoad load -> programs.load(load, output);
            case Attr.BtfLoad load -> programs.loadTypes(load, output);
            case Attr.ProgBindMap bind -> programs.bind(bind);
            case Attr.TestRun run -> runs.run(run, output);
            case Attr.Obj obj when command == Command.OBJ_PIN -> objects.pin(obj);
            case Attr.Obj obj -> objects.get(obj);
            case Attr.NextId next -> objects.nextId(command, next, output);
            case Attr.FdById byId -> objects.open(command, byId);
            case Attr.MapFdById byId -> objects.openMap(byId);
            case Attr.Info asked -> info.tell(asked, output);
            case Attr.RawTracepoint open -> links.openRawTracepoint(open);
            case Attr.LinkCreate create -> links.create(create);
            case Attr.LinkUpdate update -> links.update(update);
            case Attr.LinkDetach detach -> links.detach(detach);
            case Attr.ProgAttach attach -> links.attachOrDetach(command, attach);
            case Attr.ProgQuery query -> links.query(query);
            case Attr.EnableStats stats -> objects.enableStats(stats);
            case Attr.IterCreate iterator -> links.iterate(iterator);
            case Attr.TaskFdQuery query -> objects.queryTask(query);
            case Attr.TokenCreate token -> objects.createToken(token);
        };
    }

    @Override
    public UserMemory memory() {
        return memory;
    }

    @Override
    public void close(int fd) {
        state.close(fd);
    }

    @Override
    public int possibleCpus() {
        return state.environment().services().cpus();
    }

    @Override
    public int openEvent(AttachPoints.Place place) {
        try {
            state.points().open(place);
            return state.open(new OfEvent(0, place));
        } catch (BpfException e) {
            return e.errno().negative();
        }
    }

    /** mkdir(2) in the BPF file system. */
    public int mkdir(String path) {
        return state.pins().mkdir(path);
    }

    /** unlink(2) in the BPF file system: what only the pin held is gone. */
    public int unlink(String path) {
        int result = state.pins().unlink(path);
        state.collect();
        return result;
    }

    /** The paths of all pins below a folder. */
    public List<String> pins(String folder) {
        return state.pins().list(folder);
    }

    /** The map behind a descriptor, for what is not done by commands: reading a ring buffer, showing contents; null if it is no map's. */
    public @Nullable BpfMap map(int fd) {
        BpfState.Opened opened = state.descriptor(fd);
        return opened != null && opened.file() instanceof BpfFile.OfMap map ? map.map() : null;
    }

    /** The program behind a descriptor, ready to run; null if it is no program's. */
    public @Nullable Executable program(int fd) {
        BpfState.Opened opened = state.descriptor(fd);
        return opened != null && opened.file() instanceof BpfFile.OfProgram program ? program.executable() : null;
    }
}
