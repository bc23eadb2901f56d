package org.bpfz.spec.bpf;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.BpfFile.OfBtf;
import org.bpfz.spec.bpf.BpfFile.OfMap;
import org.bpfz.spec.bpf.BpfFile.OfProgram;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.FuncInfo;
import org.bpfz.spec.btf.LineInfo;
import org.bpfz.spec.btf.MalformedBtf;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.MalformedInstruction;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Slots;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.Capability;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramRule;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.spec.program.TargetType;
import org.jspecify.annotations.Nullable;

/** BPF_PROG_LOAD, BPF_BTF_LOAD and BPF_PROG_BIND_MAP (kernel/bpf/syscall.c, kernel/bpf/btf.c). */
final class ProgramCommands {
    /** Where the attributes of BPF_PROG_LOAD and BPF_BTF_LOAD take the size of the log. */
    private static final int LOG_TRUE_SIZE = 140;
    private static final int BTF_LOG_TRUE_SIZE = 28;

    /** BPF_F_STRICT_ALIGNMENT to BPF_F_TEST_REG_INVARIANTS; BPF_F_TOKEN_FD is the bit above. */
    private static final int FLAGS = 0xff;
    private static final int TOKEN = 1 << 16;
    private static final int SLEEPABLE = 1 << 4;
    private static final int MAX_INSTRUCTIONS = 1_000_000;
    private static final int LICENCE_LENGTH = 127;
    /** BTF_MAX_TYPE and BTF_MAX_SIZE (include/uapi/linux/btf.h, include/linux/btf.h). */
    private static final int MAX_TYPE = 0xfffff;
    private static final int MAX_BTF_SIZE = 16 << 20;

    private static final int FUNC_RECORD = 8;
    private static final int LINE_RECORD = 16;
    /** MAX_FUNCINFO_REC_SIZE in kernel/bpf/verifier.c. */
    private static final int MAX_RECORD = 252;

    private final BpfState state;

    ProgramCommands(BpfState state) {
        this.state = state;
    }

    int load(Attr.ProgLoad attr, AttrOutput output) throws BpfException {
        if ((attr.progFlags() & ~(FLAGS | TOKEN)) != 0) {
            throw new BpfException(Errno.EINVAL, "flags that loading does not take");
        }
        if ((attr.progFlags() & TOKEN) != 0) {
            throw new BpfException(Errno.EBADF, "there is no token");
        }
        // kernel.unprivileged_bpf_disabled is set, as distributions do.
        state.require(Capability.BPF);
        if (attr.insnCnt() == 0 || Integer.compareUnsigned(attr.insnCnt(), MAX_INSTRUCTIONS) > 0) {
            throw new BpfException(Errno.E2BIG, "too few or too many instructions");
        }
        ProgramType type = ProgramType.of(attr.progType());
        if (type != null && type != ProgramType.UNSPEC) {
            for (Capability needed : ProgramRule.of(type).needs()) {
                state.require(needed);
            }
        }
        AttachType attach = attr.expectedAttachType() == 0 ? null : AttachType.of(attr.expectedAttachType());
        String target = target(attr, type, attach);
        boolean unknown = attr.expectedAttachType() != 0 && attach == null && type != null
                && type != ProgramType.UNSPEC && ProgramRule.of(type).expects() != null;
        if (unknown || (type != null && type != ProgramType.UNSPEC && !ProgramRule.of(type).acceptsExpected(attach))) {
            throw new BpfException(Errno.EINVAL, "an attach type that the program type does not take");
        }
        byte[] code = state.read(attr.insns(), (long) attr.insnCnt() * Slots.BYTES);
        String licence = new String(state.text(attr.license(), LICENCE_LENGTH), StandardCharsets.UTF_8);
        if (attr.progIfindex() != 0 || type == null || type == ProgramType.UNSPEC) {
            throw new BpfException(Errno.EINVAL, "no such program type, or device");
        }
        MapCommands.requireName(attr.progName());
        LogBuffer log = new LogBuffer(attr.logLevel(), attr.logBuf(), attr.logSize());
        log.check();
        return verified(attr, output, log, type, attach, target, code, licence);
    }

    private int verified(Attr.ProgLoad attr, AttrOutput output, LogBuffer log, ProgramType type,
            @Nullable AttachType attach, @Nullable String target, byte[] code, String licence) throws BpfException {
        List<OfMap> maps = new ArrayList<>();
        ProgramVerifier.Answer answer;
        ProgramImage image = null;
        OfBtf types = null;
        try {
            List<RawInstruction> linked = link(Slots.ofBytes(code, ByteOrder.LITTLE_ENDIAN), attr.fdArray(), maps);
            boolean described = attr.funcInfoCnt() != 0 || attr.lineInfoCnt() != 0;
            types = described ? state.get(attr.progBtfFd(), OfBtf.class) : null;
            OfBtf own = types;
            image = ProgramImage.builder(MapCommands.text(attr.progName()), type).attachType(attach)
                    .attachTarget(target).sleepable((attr.progFlags() & SLEEPABLE) != 0).licence(licence).code(linked)
                    .maps(maps.stream().map(map -> spec(map, own)).toList())
                    .btf(own == null ? null : types(attr, own.btf())).build();
            answer = state.verifier().verify(image, attr.progFlags(), attr.logLevel());
        } catch (BpfException e) {
            answer = new ProgramVerifier.Answer(e.errno(), Facts.NONE,
                    e.getMessage().equals(e.errno().name()) ? "" : e.getMessage() + "\n", 0);
        }
        int needed = log.write(answer.log(), state);
        output.putInt(LOG_TRUE_SIZE, needed);
        if (log.isTooSmall(needed)) {
            throw new BpfException(Errno.ENOSPC, "a log that does not fit");
        }
        Errno refusal = answer.refusal();
        if (refusal != null || image == null) {
            throw new BpfException(refusal == null ? Errno.EINVAL : refusal, "the verifier refuses the program");
        }
        return add(attr, image, maps, code, types, answer);
    }

    private int add(Attr.ProgLoad attr, ProgramImage image, List<OfMap> maps, byte[] code, @Nullable OfBtf types,
            ProgramVerifier.Answer answer) throws BpfException {
        try {
            List<BpfMap> used = maps.stream().map(OfMap::map).toList();
            Executable executable = state.environment().load(image, used, answer.facts());
            OfProgram program = new OfProgram(executable.id(), executable, attr, Bytes.of(code), types,
                    answer.instructions(), maps);
            return state.open(state.add(program));
        } catch (MalformedInstruction e) {
            throw new BpfException(Errno.EINVAL, e.getMessage());
        }
    }

    /** The function that attach_btf_id names, without what its kind of program puts in front (check_attach_btf_id). */
    private @Nullable String target(Attr.ProgLoad attr, @Nullable ProgramType type, @Nullable AttachType attach)
            throws BpfException {
        if (attr.attachProgFd() != 0) {
            BpfState.Opened opened = state.descriptor(attr.attachProgFd());
            boolean ownTypes = opened != null && opened.file() instanceof OfBtf;
            throw new BpfException(ownTypes ? Errno.ENOTSUPP : Errno.EINVAL,
                    "programs on programs, or on a module's functions, are not modelled");
        }
        int id = attr.attachBtfId();
        if (id == 0) {
            return null;
        }
        Btf kernel = state.kernelTypes();
        boolean takes = type == ProgramType.TRACING || type == ProgramType.LSM || type == ProgramType.COMPRESSOR;
        if (kernel == null || Integer.compareUnsigned(id, MAX_TYPE) > 0 || !takes) {
            throw new BpfException(Errno.EINVAL, "attach_btf_id for a program that has no use for it");
        }
        if (!kernel.contains(id)) {
            throw new BpfException(Errno.EINVAL, "attach_btf_id " + id + " is invalid");
        }
        String name = kernel.type(id).name();
        TargetType target = TargetType.of(type, attach);
        if (!target.kind().isInstance(kernel.type(id)) || !name.startsWith(target.prefix())) {
            throw new BpfException(Errno.EINVAL, "attach_btf_id " + id + " is of another kind of type");
        }
        return name.substring(target.prefix().length());
    }

    /** Maps by index in the place of descriptors (resolve_pseudo_ldimm64); each map once, in the order of their first use. */
    private List<RawInstruction> link(List<RawInstruction> code, long fdArray, List<OfMap> maps)
            throws BpfException {
        List<RawInstruction> linked = new ArrayList<>(code);
        int slot = 0;
        while (slot + 1 < linked.size()) {
            RawInstruction instruction = linked.get(slot);
            if (!instruction.isLoadImm64()) {
                slot++;
                continue;
            }
            boolean byIndex = instruction.loads(ImmKind.MAP_IDX) || instruction.loads(ImmKind.MAP_IDX_VALUE);
            boolean value = instruction.loads(ImmKind.MAP_VALUE) || instruction.loads(ImmKind.MAP_IDX_VALUE);
            if (byIndex || value || instruction.loads(ImmKind.MAP_FD)) {
                if (byIndex && fdArray == 0) {
                    throw new BpfException(Errno.EPROTO, "fd_idx without fd_array is invalid");
                }
                int fd = byIndex
                        ? (int) LittleEndian.get(state.read(fdArray + 4L * instruction.imm(), 4), 0, 4)
                        : instruction.imm();
                OfMap map = mapAt(fd);
                if (!maps.contains(map)) {
                    maps.add(map);
                }
                linked.set(slot, instruction.loading(value ? ImmKind.MAP_IDX_VALUE : ImmKind.MAP_IDX,
                        maps.indexOf(map)));
            }
            slot += 2;
        }
        return linked;
    }

    private OfMap mapAt(int fd) throws BpfException {
        try {
            return state.get(fd, OfMap.class);
        } catch (BpfException e) {
            throw new BpfException(e.errno(), "fd " + fd + " is not pointing to valid bpf_map");
        }
    }

    /**
     * The map as the verifier is to see it: with types if they are the program's own, and with contents where nobody can change them any more
     * (bpf_map_is_rdonly).
     */
    private static MapSpec spec(OfMap file, @Nullable OfBtf own) {
        BpfMap map = file.map();
        MapSpec spec = map.spec();
        boolean same = own != null && file.types() != null && own.hasSameTypes(file.types());
        MapSpec typed = same ? spec : spec.withBtf(0, 0);
        byte[] value = new byte[map.userValueSize()];
        boolean constant = map.isFrozen() && spec.type() == MapType.ARRAY && spec.maxEntries() == 1
                && spec.has(MapFlag.RDONLY_PROG) && map.lookup(new byte[Integer.BYTES], value, BpfMap.ANY) == 0;
        return constant ? typed.withInitial(Bytes.of(value)).asFrozen() : typed;
    }

    private ProgramBtf types(Attr.ProgLoad attr, Btf btf) throws BpfException {
        List<FuncInfo> functions = new ArrayList<>();
        for (byte[] record : records(attr.funcInfo(), attr.funcInfoCnt(), attr.funcInfoRecSize(), FUNC_RECORD)) {
            functions.add(new FuncInfo((int) LittleEndian.get(record, 0, 4), (int) LittleEndian.get(record, 4, 4)));
        }
        List<LineInfo> lines = new ArrayList<>();
        for (byte[] record : records(attr.lineInfo(), attr.lineInfoCnt(), attr.lineInfoRecSize(), LINE_RECORD)) {
            String file = btf.string((int) LittleEndian.get(record, 4, 4));
            String text = btf.string((int) LittleEndian.get(record, 8, 4));
            if (file == null || text == null) {
                throw new BpfException(Errno.EINVAL,
                        "Invalid line_info[" + lines.size() + "].line_off or .file_name_off");
            }
            int place = (int) LittleEndian.get(record, 12, 4);
            lines.add(new LineInfo((int) LittleEndian.get(record, 0, 4), file, text, place >>> 10, place & 0x3ff));
        }
        return new ProgramBtf(btf, functions, lines);
    }

    private List<byte[]> records(long address, int count, int size, int least) throws BpfException {
        if (count == 0) {
            return List.of();
        }
        boolean fits = size >= least && size <= MAX_RECORD && size % Integer.BYTES == 0 && count > 0
                && count <= MAX_INSTRUCTIONS;
        if (!fits) {
            throw new BpfException(Errno.EINVAL, "records of " + size + " bytes");
        }
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(state.read(address + (long) i * size, size));
        }
        return records;
    }

    int loadTypes(Attr.BtfLoad attr, AttrOutput output) throws BpfException {
        if ((attr.btfFlags() & ~TOKEN) != 0) {
            throw new BpfException(Errno.EINVAL, "flags that loading does not take");
        }
        if ((attr.btfFlags() & TOKEN) != 0) {
            throw new BpfException(Errno.EBADF, "there is no token");
        }
        state.require(Capability.BPF);
        if (Integer.compareUnsigned(attr.btfSize(), MAX_BTF_SIZE) > 0) {
            throw new BpfException(Errno.E2BIG, "too many bytes");
        }
        LogBuffer log = new LogBuffer(attr.btfLogLevel(), attr.btfLogBuf(), attr.btfLogSize());
        log.check();
        byte[] data = state.read(attr.btf(), attr.btfSize());
        String complaint = "";
        OfBtf added = null;
        try {
            Btf btf = Btf.read(data, BtfRules.OBJECT);
            if (btf.order() == ByteOrder.LITTLE_ENDIAN) {
                added = state.addTypes(btf, data);
            } else {
                complaint = "Invalid magic\n";
            }
        } catch (MalformedBtf e) {
            complaint = e.getMessage() + "\n";
        }
        int needed = log.write(complaint, state);
        output.putInt(BTF_LOG_TRUE_SIZE, needed);
        if (log.isTooSmall(needed)) {
            state.collect();
            throw new BpfException(Errno.ENOSPC, "a log that does not fit");
        }
        if (added == null) {
            throw new BpfException(Errno.EINVAL, complaint.strip());
        }
        return state.open(added);
    }

    int bind(Attr.ProgBindMap attr) throws BpfException {
        if (attr.flags() != 0) {
            throw new BpfException(Errno.EINVAL, "flags that binding does not take");
        }
        OfProgram program = state.get(attr.progFd(), OfProgram.class);
        OfMap map = state.get(attr.mapFd(), OfMap.class);
        if (!program.maps().contains(map)) {
            program.maps().add(map);
        }
        return 0;
    }
}
