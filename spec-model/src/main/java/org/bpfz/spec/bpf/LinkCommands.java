package org.bpfz.spec.bpf;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.AttachPoints.Place;
import org.bpfz.spec.bpf.BpfFile.OfEvent;
import org.bpfz.spec.bpf.BpfFile.OfLink;
import org.bpfz.spec.bpf.BpfFile.OfMap;
import org.bpfz.spec.bpf.BpfFile.OfProgram;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.Capability;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * The commands that attach (bpf_raw_tracepoint_open, link_create, bpf_prog_attach and their like in kernel/bpf/syscall.c). Control groups,
 * sockets and devices are not modelled: what attaches to one fails as for a target that is not there.
 */
final class LinkCommands {
    private static final int NAME_LENGTH = 127;
    /** BPF_F_ALLOW_OVERRIDE, BPF_F_ALLOW_MULTI and BPF_F_REPLACE. */
    private static final int ATTACH_FLAGS = 7;
    /** BPF_F_REPLACE, BPF_F_BEFORE, BPF_F_AFTER, BPF_F_ID and BPF_F_LINK. */
    private static final int MULTI_FLAGS = 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 13;
    private static final int REPLACE = 1 << 2;
    private static final int QUERY_EFFECTIVE = 1;

    private final BpfState state;

    LinkCommands(BpfState state) {
        this.state = state;
    }

    int openRawTracepoint(Attr.RawTracepoint attr) throws BpfException {
        OfProgram program = state.get(attr.progFd(), OfProgram.class);
        return switch (program.executable().image().type()) {
            case TRACING, LSM, EXT, COMPRESSOR -> {
                if (attr.name() != 0) {
                    throw new BpfException(Errno.EINVAL, "the program was loaded for its target");
                }
                yield attachTraced(program);
            }
            case RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE -> link(program, new Place.RawTracepoint(
                    new String(state.text(attr.name(), NAME_LENGTH), StandardCharsets.UTF_8)));
            default -> throw new BpfException(Errno.EINVAL, "not for raw tracepoints or functions");
        };
    }

    /** bpf_tracing_prog_attach. */
    private int attachTraced(OfProgram program) throws BpfException {
        ProgramImage image = program.executable().image();
        AttachType how = image.attachType();
        String target = image.attachTarget();
        if (target == null || how == null) {
            throw new BpfException(Errno.EINVAL, "the program was loaded for no target");
        }
        if (how == AttachType.TRACE_RAW_TP) {
            return link(program, new Place.RawTracepoint(target));
        }
        boolean trampoline = switch (how) {
            case TRACE_FENTRY, TRACE_FEXIT, MODIFY_RETURN, LSM_MAC, COMPRESSOR -> true;
            default -> false;
        };
        if (!trampoline) {
            throw new BpfException(Errno.EINVAL, "not for functions");
        }
        if (state.links().values().stream().anyMatch(link -> link.program().equals(program))) {
            // __bpf_trampoline_link_prog takes a program once.
            throw new BpfException(Errno.EBUSY, "the program is attached");
        }
        return link(program, new Place.Function(target, how));
    }

    private int link(OfProgram program, Place place) throws BpfException {
        return state.open(state.addLink(program, place, state.points().attach(place, program.executable())));
    }

    int create(Attr.LinkCreate attr) throws BpfException {
        if (attr.attachType() == AttachType.STRUCT_OPS.number()) {
            state.get(attr.progFd(), OfMap.class);
            throw new BpfException(Errno.EINVAL, "a map of no struct_ops");
        }
        OfProgram program = state.get(attr.progFd(), OfProgram.class);
        AttachType how = AttachType.of(attr.attachType());
        ProgramImage image = program.executable().image();
        requireAttachType(image, how);
        return switch (image.type()) {
            case TRACING, LSM -> {
                AttachType loaded = image.attachType() == null ? AttachType.of(0) : image.attachType();
                if (loaded != how || attr.targetFd() != 0) {
                    throw new BpfException(Errno.EINVAL, "loaded for another way to attach");
                }
                yield attachTraced(program);
            }
            case KPROBE, TRACEPOINT, PERF_EVENT -> attachEvent(program, attr, how);
            default -> throw noTarget(image.type(), how, attr.targetFd());
        };
    }

    /** bpf_perf_link_attach and perf_event_set_bpf_prog. */
    private int attachEvent(OfProgram program, Attr.LinkCreate attr, @Nullable AttachType how) throws BpfException {
        if (how != AttachType.PERF_EVENT || attr.flags() != 0) {
            throw new BpfException(Errno.EINVAL, "probes on many functions at once are not modelled");
        }
        BpfState.Opened opened = state.descriptor(attr.targetFd());
        if (opened == null || !(opened.file() instanceof OfEvent event)) {
            throw new BpfException(Errno.EBADF, "no perf event");
        }
        ProgramType type = program.executable().image().type();
        boolean fits = event.place() instanceof Place.Probe
                ? type == ProgramType.KPROBE
                : type == ProgramType.TRACEPOINT;
        if (!fits) {
            throw new BpfException(Errno.EINVAL, "a program of another type than the event");
        }
        return link(program, event.place());
    }

    /** bpf_prog_attach_check_attach_type. */
    private static void requireAttachType(ProgramImage image, @Nullable AttachType how) throws BpfException {
        AttachType loaded = image.attachType() == null ? AttachType.of(0) : image.attachType();
        boolean good = switch (image.type()) {
            case CGROUP_SOCK, CGROUP_SOCK_ADDR, CGROUP_SOCKOPT, SK_LOOKUP -> how == loaded;
            case EXT -> true;
            case NETFILTER -> how == AttachType.NETFILTER;
            case PERF_EVENT, TRACEPOINT -> how == AttachType.PERF_EVENT;
            case KPROBE -> switch (loaded) {
                case TRACE_KPROBE_MULTI, TRACE_KPROBE_SESSION, TRACE_UPROBE_MULTI -> how == loaded;
                case null, default -> how == AttachType.PERF_EVENT || how == AttachType.TRACE_KPROBE_MULTI
                        || how == AttachType.TRACE_KPROBE_SESSION || how == AttachType.TRACE_UPROBE_MULTI;
            };
            case SCHED_CLS -> how == AttachType.TCX_INGRESS || how == AttachType.TCX_EGRESS
                    || how == AttachType.NETKIT_PRIMARY || how == AttachType.NETKIT_PEER;
            default -> image.type() == typeFor(how);
        };
        if (!good) {
            throw new BpfException(Errno.EINVAL, "not the program type's way to attach");
        }
    }

    /** attach_type_to_prog_type. */
    private static ProgramType typeFor(@Nullable AttachType how) {
        return switch (how) {
            case null -> ProgramType.UNSPEC;
            case CGROUP_INET_INGRESS, CGROUP_INET_EGRESS -> ProgramType.CGROUP_SKB;
            case CGROUP_INET_SOCK_CREATE, CGROUP_INET_SOCK_RELEASE, CGROUP_INET4_POST_BIND, CGROUP_INET6_POST_BIND ->
                ProgramType.CGROUP_SOCK;
            case CGROUP_SOCK_OPS -> ProgramType.SOCK_OPS;
            case CGROUP_DEVICE -> ProgramType.CGROUP_DEVICE;
            case SK_MSG_VERDICT -> ProgramType.SK_MSG;
            case SK_SKB_STREAM_PARSER, SK_SKB_STREAM_VERDICT, SK_SKB_VERDICT -> ProgramType.SK_SKB;
            case LIRC_MODE2 -> ProgramType.LIRC_MODE2;
            case FLOW_DISSECTOR -> ProgramType.FLOW_DISSECTOR;
            case CGROUP_SYSCTL -> ProgramType.CGROUP_SYSCTL;
            case CGROUP_GETSOCKOPT, CGROUP_SETSOCKOPT -> ProgramType.CGROUP_SOCKOPT;
            case TRACE_ITER, TRACE_RAW_TP, TRACE_FENTRY, TRACE_FEXIT, MODIFY_RETURN -> ProgramType.TRACING;
            case LSM_MAC, LSM_CGROUP -> ProgramType.LSM;
            case SK_LOOKUP -> ProgramType.SK_LOOKUP;
            case XDP -> ProgramType.XDP;
            case TCX_INGRESS, TCX_EGRESS, NETKIT_PRIMARY, NETKIT_PEER -> ProgramType.SCHED_CLS;
            case COMPRESSOR -> ProgramType.COMPRESSOR;
            case XDP_DEVMAP, XDP_CPUMAP, SK_REUSEPORT_SELECT, SK_REUSEPORT_SELECT_OR_MIGRATE, PERF_EVENT,
                    TRACE_KPROBE_MULTI, STRUCT_OPS, NETFILTER, TRACE_UPROBE_MULTI, TRACE_KPROBE_SESSION ->
                ProgramType.UNSPEC;
            default -> ProgramType.CGROUP_SOCK_ADDR;
        };
    }

    private static boolean isCgroup(ProgramType type) {
        return switch (type) {
            case CGROUP_DEVICE, CGROUP_SKB, CGROUP_SOCK, CGROUP_SOCK_ADDR, CGROUP_SOCKOPT, CGROUP_SYSCTL, SOCK_OPS ->
                true;
            default -> false;
        };
    }

    /** What it is to attach to something that is not modelled. */
    private BpfException noTarget(ProgramType type, @Nullable AttachType how, int targetFd) {
        Errno errno = switch (type) {
            // As a kernel without netkit devices.
            case SCHED_CLS -> how == AttachType.TCX_INGRESS || how == AttachType.TCX_EGRESS
                    ? Errno.ENODEV
                    : Errno.EINVAL;
            case SK_SKB, SK_MSG, FLOW_DISSECTOR, SK_LOOKUP -> state.descriptor(targetFd) == null
                    ? Errno.EBADF
                    : Errno.EINVAL;
            default -> isCgroup(type) ? Errno.EBADF : Errno.EINVAL;
        };
        return new BpfException(errno, "there is no such target");
    }

    int update(Attr.LinkUpdate attr) throws BpfException {
        if ((attr.flags() & ~REPLACE) != 0) {
            throw new BpfException(Errno.EINVAL, "flags that the command does not take");
        }
        state.get(attr.linkFd(), OfLink.class);
        state.get(attr.newProgFd(), OfProgram.class);
        if ((attr.flags() & REPLACE) != 0) {
            state.get(attr.oldProgFd(), OfProgram.class);
        }
        throw new BpfException(Errno.EINVAL, "a link of this type stays with its program");
    }

    int detach(Attr.LinkDetach attr) throws BpfException {
        state.get(attr.linkFd(), OfLink.class);
        throw new BpfException(Errno.EOPNOTSUPP, "a link of this type is detached by closing it");
    }

    int iterate(Attr.IterCreate attr) throws BpfException {
        if (attr.flags() != 0) {
            throw new BpfException(Errno.EINVAL, "flags that the command does not take");
        }
        state.get(attr.linkFd(), OfLink.class);
        throw new BpfException(Errno.EINVAL, "no iterator's link");
    }

    int attachOrDetach(Command command, Attr.ProgAttach attr) throws BpfException {
        ProgramType type = typeFor(AttachType.of(attr.attachType()));
        boolean attach = command == Command.PROG_ATTACH;
        if (type == ProgramType.UNSPEC && attach) {
            throw new BpfException(Errno.EINVAL, "no such way to attach");
        }
        checkFlags(attr, type, attach);
        if (!attach) {
            detachFrom(attr, type);
        }
        OfProgram program = ofType(attr.attachBpfFd(), type);
        AttachType how = AttachType.of(attr.attachType());
        requireAttachType(program.executable().image(), how);
        throw noTarget(type, how, attr.targetFd());
    }

    private void detachFrom(Attr.ProgAttach attr, ProgramType type) throws BpfException {
        if (type == ProgramType.SCHED_CLS) {
            if (attr.attachBpfFd() != 0) {
                ofType(attr.attachBpfFd(), type);
            } else {
                throw new BpfException(Errno.EPERM, "nothing to detach is named");
            }
        }
        throw switch (type) {
            case FLOW_DISSECTOR, SK_LOOKUP -> new BpfException(Errno.EINVAL, "nothing is attached");
            // Programs of LSM hooks are detached from control groups alone.
            case LSM -> new BpfException(Errno.EBADF, "there is no such control group");
            default -> noTarget(type, AttachType.of(attr.attachType()), attr.targetFd());
        };
    }

    private static void checkFlags(Attr.ProgAttach attr, ProgramType type, boolean attach) throws BpfException {
        boolean multi = type == ProgramType.SCHED_CLS;
        boolean more = attr.relativeFd() != 0 || attr.expectedRevision() != 0;
        boolean good = multi
                ? (attr.attachFlags() & ~MULTI_FLAGS) == 0
                : attach
                        ? (attr.attachFlags() & ~ATTACH_FLAGS) == 0 && !more
                        : attr.attachFlags() == 0 && attr.relativeFd() == 0
                                && (isCgroup(type) || type == ProgramType.LSM || attr.expectedRevision() == 0);
        if (!good) {
            throw new BpfException(Errno.EINVAL, "flags that this way to attach does not take");
        }
    }

    private OfProgram ofType(int fd, ProgramType type) throws BpfException {
        OfProgram program = state.get(fd, OfProgram.class);
        if (program.executable().image().type() != type) {
            throw new BpfException(Errno.EINVAL, "a program of another type");
        }
        return program;
    }

    int query(Attr.ProgQuery attr) throws BpfException {
        state.require(Capability.NET_ADMIN);
        if ((attr.queryFlags() & ~QUERY_EFFECTIVE) != 0) {
            throw new BpfException(Errno.EINVAL, "flags that the command does not take");
        }
        AttachType how = AttachType.of(attr.attachType());
        ProgramType type = typeFor(how);
        if (how == AttachType.LSM_CGROUP) {
            throw new BpfException(Errno.EBADF, "there is no such control group");
        }
        boolean known = isCgroup(type) || List.of(ProgramType.SCHED_CLS, ProgramType.SK_SKB, ProgramType.SK_MSG,
                ProgramType.FLOW_DISSECTOR, ProgramType.SK_LOOKUP).contains(type);
        throw known ? noTarget(type, how, attr.targetFd()) : new BpfException(Errno.EINVAL, "nothing to be asked for");
    }
}
