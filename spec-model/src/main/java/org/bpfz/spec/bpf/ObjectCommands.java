package org.bpfz.spec.bpf;

import java.nio.charset.StandardCharsets;
import java.util.NavigableMap;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.BpfFile.OfBtf;
import org.bpfz.spec.bpf.BpfFile.OfEvent;
import org.bpfz.spec.bpf.BpfFile.OfLink;
import org.bpfz.spec.bpf.BpfFile.OfMap;
import org.bpfz.spec.bpf.BpfFile.OfProgram;
import org.bpfz.spec.program.Capability;
import org.bpfz.spec.program.MapFlag;

/** The commands that find objects: by path, by id (bpf_obj_pin to bpf_map_get_fd_by_id in kernel/bpf/syscall.c). */
final class ObjectCommands {
    private static final int PATH_FD = MapFlag.PATH_FD.mask();
    private static final int DIRECTIONS = MapFlag.RDONLY.mask() | MapFlag.WRONLY.mask();
    private static final int PATH_MAX = 4096;
    private static final int NEXT_ID = 4;
    private static final int MAX_STATS = 0;

    private final BpfState state;

    ObjectCommands(BpfState state) {
        this.state = state;
    }

    private String path(long address) throws BpfException {
        byte[] path = state.text(address, PATH_MAX);
        return new String(path, StandardCharsets.UTF_8);
    }

    /** Paths are absolute here, so that a folder's descriptor counts for nothing but its rules. */
    private static void requirePlainFolder(Attr.Obj attr) throws BpfException {
        if ((attr.fileFlags() & PATH_FD) == 0 && attr.pathFd() != 0) {
            throw new BpfException(Errno.EINVAL, "path_fd without BPF_F_PATH_FD");
        }
    }

    int pin(Attr.Obj attr) throws BpfException {
        if ((attr.fileFlags() & ~PATH_FD) != 0) {
            throw new BpfException(Errno.EINVAL, "flags that pinning does not take");
        }
        requirePlainFolder(attr);
        // bpf_fd_probe_obj has one error for all that is none of the three, a closed descriptor among it.
        BpfState.Opened opened = state.descriptor(attr.bpfFd());
        if (opened == null || opened.file() instanceof OfBtf || opened.file() instanceof OfEvent) {
            throw new BpfException(Errno.EINVAL, "neither a map nor a program nor a link");
        }
        state.pins().pin(path(attr.pathname()), opened.file());
        return 0;
    }

    int get(Attr.Obj attr) throws BpfException {
        if (attr.bpfFd() != 0 || (attr.fileFlags() & ~(DIRECTIONS | PATH_FD)) != 0) {
            throw new BpfException(Errno.EINVAL, "flags that finding a pin does not take");
        }
        requirePlainFolder(attr);
        int directions = MapCommands.directions(attr.fileFlags());
        BpfFile file = state.pins().get(path(attr.pathname()));
        if (file instanceof OfLink && directions != 0) {
            throw new BpfException(Errno.EINVAL, "a link has no directions");
        }
        return open(file, directions);
    }

    private int open(BpfFile file, int directions) {
        return file instanceof OfMap
                ? state.open(file, directions != MapFlag.WRONLY.mask(), directions != MapFlag.RDONLY.mask())
                : state.open(file);
    }

    private NavigableMap<Integer, ? extends BpfFile> all(Command command) {
        return switch (command) {
            case PROG_GET_NEXT_ID, PROG_GET_FD_BY_ID -> state.programs();
            case BTF_GET_NEXT_ID, BTF_GET_FD_BY_ID -> state.types();
            case LINK_GET_NEXT_ID, LINK_GET_FD_BY_ID -> state.links();
            default -> state.maps();
        };
    }

    int nextId(Command command, Attr.NextId attr, AttrOutput output) throws BpfException {
        if (attr.startId() < 0 || attr.startId() == Integer.MAX_VALUE) {
            throw new BpfException(Errno.EINVAL, "no id is that large");
        }
        state.require(Capability.SYS_ADMIN);
        Integer next = all(command).higherKey(attr.startId());
        if (next == null) {
            throw new BpfException(Errno.ENOENT, "behind the last id");
        }
        output.putInt(NEXT_ID, next);
        return 0;
    }

    int open(Command command, Attr.FdById attr) throws BpfException {
        state.require(Capability.SYS_ADMIN);
        return open(byId(all(command), attr.id()), 0);
    }

    int openMap(Attr.MapFdById attr) throws BpfException {
        if ((attr.openFlags() & ~DIRECTIONS) != 0) {
            throw new BpfException(Errno.EINVAL, "flags that opening does not take");
        }
        state.require(Capability.SYS_ADMIN);
        int directions = MapCommands.directions(attr.openFlags());
        return open(byId(state.maps(), attr.id()), directions);
    }

    private static BpfFile byId(NavigableMap<Integer, ? extends BpfFile> all, int id) throws BpfException {
        BpfFile file = all.get(id);
        if (file == null) {
            throw new BpfException(Errno.ENOENT, "there is no id " + id);
        }
        return file;
    }

    int enableStats(Attr.EnableStats attr) throws BpfException {
        state.require(Capability.SYS_ADMIN);
        if (attr.type() != MAX_STATS) {
            throw new BpfException(Errno.EINVAL, "BPF_STATS_RUN_TIME is all that there is");
        }
        return state.open(new OfEvent(0, new AttachPoints.Place.Probe("bpf_stats", false)));
    }

    int queryTask(Attr.TaskFdQuery attr) throws BpfException {
        state.require(Capability.SYS_ADMIN);
        throw attr.flags() != 0
                ? new BpfException(Errno.EINVAL, "flags that the command does not take")
                : new BpfException(Errno.ENOENT, "there is no task " + attr.pid());
    }

    int createToken(Attr.TokenCreate attr) throws BpfException {
        if (attr.flags() != 0) {
            throw new BpfException(Errno.EINVAL, "flags that the command does not take");
        }
        BpfFile file = state.get(attr.bpffsFd(), BpfFile.class);
        throw new BpfException(Errno.EINVAL, "a " + kind(file) + " is no BPF file system");
    }

    private static String kind(BpfFile file) {
        return switch (file) {
            case OfMap _ -> "map";
            case OfProgram _ -> "program";
            case OfBtf _ -> "BTF";
            case OfLink _ -> "link";
            case OfEvent _ -> "perf event";
        };
    }
}
