package org.bpfz.spec.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.AttachPoints.Place;
import org.bpfz.spec.bpf.BpfFile.OfBtf;
import org.bpfz.spec.bpf.BpfFile.OfEvent;
import org.bpfz.spec.bpf.BpfFile.OfLink;
import org.bpfz.spec.bpf.BpfFile.OfMap;
import org.bpfz.spec.bpf.BpfFile.OfProgram;
import org.bpfz.spec.bpf.BpfState.Opened;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Slots;
import org.bpfz.spec.program.ProgramImage;

/**
 * BPF_OBJ_GET_INFO_BY_FD: struct bpf_map_info, bpf_prog_info, bpf_btf_info and bpf_link_info of Linux 6.12, each as far as the caller has
 * room.
 *
 * <p>A program has no JIT image here, and its xlated instructions are those that it was loaded with: 6.12 has rewritten them by then.
 */
final class InfoCommand {
    private static final int INFO_LENGTH = 4;
    private static final int MAP_BYTES = 88;
    private static final int PROGRAM_BYTES = 232;
    /** offsetofend(struct bpf_prog_info, attach_btf_id). */
    private static final int PROGRAM_KNOWN = 228;
    private static final int BTF_BYTES = 32;
    private static final int LINK_BYTES = 64;
    private static final int TAG_BYTES = 8;
    /** Where the immediate is in a slot. */
    private static final int IMM = 4;

    private final BpfState state;

    InfoCommand(BpfState state) {
        this.state = state;
    }

    int tell(Attr.Info attr, AttrOutput output) throws BpfException {
        Opened opened = state.descriptor(attr.bpfFd());
        if (opened == null && !state.isTaken(attr.bpfFd())) {
            throw new BpfException(Errno.EBADFD, "descriptor " + attr.bpfFd() + " is not open");
        }
        return switch (opened == null ? null : opened.file()) {
            case null -> throw new BpfException(Errno.EINVAL, "a file that is no object has no info");
            case OfMap map -> {
                int length = length(attr, MAP_BYTES, MAP_BYTES);
                yield answer(attr, output, describe(map, buffer(new byte[MAP_BYTES])), length);
            }
            case OfProgram program -> {
                int length = length(attr, PROGRAM_KNOWN, PROGRAM_BYTES);
                yield answer(attr, output, describe(program, given(attr, length, PROGRAM_BYTES)), length);
            }
            case OfBtf types -> {
                int length = length(attr, BTF_BYTES, BTF_BYTES);
                yield answer(attr, output, describe(types, given(attr, length, BTF_BYTES)), length);
            }
            case OfLink link -> {
                int length = length(attr, LINK_BYTES, LINK_BYTES);
                yield answer(attr, output, describe(link, given(attr, length, LINK_BYTES)), length);
            }
            case OfEvent _ -> throw new BpfException(Errno.EINVAL, "a perf event has no info");
        };
    }

    /** How much is answered; bytes behind what the kernel knows must be zero (bpf_check_uarg_tail_zero). */
    private int length(Attr.Info attr, int known, int all) throws BpfException {
        int asked = attr.infoLen();
        if (Integer.compareUnsigned(asked, 4096) > 0) {
            throw new BpfException(Errno.E2BIG, "too much");
        }
        if (asked > known) {
            for (byte each : state.read(attr.info() + known, asked - known)) {
                if (each != 0) {
                    throw new BpfException(Errno.E2BIG, "bytes are set behind what is known");
                }
            }
        }
        return Math.min(asked, all);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    private ByteBuffer given(Attr.Info attr, int length, int all) throws BpfException {
        return buffer(Arrays.copyOf(state.read(attr.info(), length), all));
    }

    private int answer(Attr.Info attr, AttrOutput output, ByteBuffer info, int length) throws BpfException {
        state.write(attr.info(), Arrays.copyOf(bytes(info), length));
        output.putInt(INFO_LENGTH, length);
        return 0;
    }

    private static ByteBuffer describe(OfMap file, ByteBuffer info) {
        var spec = file.map().spec();
        info.putInt(0, spec.type().number()).putInt(4, file.id()).putInt(8, spec.keySize())
                .putInt(12, spec.valueSize()).putInt(16, spec.maxEntries()).putInt(20, spec.flags());
        info.put(24, file.name().toArray());
        OfBtf types = file.types();
        if (types != null) {
            info.putInt(64, types.id()).putInt(68, file.keyType()).putInt(72, file.valueType());
        }
        return info.putLong(80, spec.mapExtra());
    }

    private ByteBuffer describe(OfProgram program, ByteBuffer info) throws BpfException {
        Attr.ProgLoad loaded = program.loaded();
        ProgramImage image = program.executable().image();
        info.putInt(0, loaded.progType()).putInt(4, program.id()).put(8, tag(program.code())).putLong(40, 0)
                .putInt(48, 0);
        info.putInt(84, image.isGplCompatible() ? 1 : 0).put(64, loaded.progName().toArray()).putInt(80, 0);
        int room = info.getInt(52);
        info.putInt(52, program.maps().size());
        for (int i = 0; i < program.maps().size() && Integer.compareUnsigned(i, room) < 0; i++) {
            state.write(info.getLong(56) + 4L * i,
                    buffer(new byte[4]).putInt(0, program.maps().get(i).id()).array());
        }
        requireRecord(info, 144, 132, 8);
        requireRecord(info, 148, 172, 16);
        requireRecord(info, 168, 176, 8);
        OfBtf types = program.types();
        info.putLong(192, 0).putLong(200, 0).putLong(208, 0).putInt(216, program.verified())
                .putInt(128, types == null ? 0 : types.id());
        int codeRoom = info.getInt(20);
        byte[] code = program.code().toArray();
        info.putInt(20, code.length);
        if (codeRoom != 0) {
            state.write(info.getLong(32), Arrays.copyOf(code, (int) Math.min(code.length,
                    Integer.toUnsignedLong(codeRoom))));
        }
        info.putInt(16, 0).putInt(104, 1).putInt(108, 1).putInt(168, 0).putInt(180, 1);
        info.putInt(224, loaded.attachBtfId());
        copyRecords(info, 144, 136, image, true);
        copyRecords(info, 148, 152, image, false);
        return info;
    }

    /** set_info_rec_size. */
    private static void requireRecord(ByteBuffer info, int count, int size, int expected) throws BpfException {
        if ((info.getInt(count) != 0 || info.getInt(size) != 0) && info.getInt(size) != expected) {
            throw new BpfException(Errno.EINVAL, "records of another size");
        }
        info.putInt(size, expected);
    }

    /** The functions, or the lines without their text, whose strings are the caller's to look up in the types that it loaded. */
    private void copyRecords(ByteBuffer info, int count, int pointer, ProgramImage image, boolean functions)
            throws BpfException {
        var btf = image.btf();
        int all = btf == null ? 0 : functions ? btf.functions().size() : btf.lines().size();
        int room = info.getInt(count);
        info.putInt(count, all);
        if (!functions || btf == null) {
            return;
        }
        for (int i = 0; i < all && Integer.compareUnsigned(i, room) < 0; i++) {
            byte[] record = buffer(new byte[8]).putInt(0, btf.functions().get(i).slot())
                    .putInt(4, btf.functions().get(i).typeId()).array();
            state.write(info.getLong(pointer) + 8L * i, record);
        }
    }

    /** The first bytes of a SHA-1 of the instructions as they were given, with maps by descriptor left out (bpf_prog_calc_tag). */
    private static byte[] tag(Bytes given) {
        byte[] bytes = given.toArray();
        ByteBuffer code = buffer(bytes);
        for (int at = 0; at + 2 * Slots.BYTES <= bytes.length; at += Slots.BYTES) {
            RawInstruction slot = RawInstruction.ofWord(code.getLong(at));
            if (slot.isLoadImm64()) {
                if (slot.loads(ImmKind.MAP_FD) || slot.loads(ImmKind.MAP_VALUE)) {
                    code.putInt(at + IMM, 0).putInt(at + Slots.BYTES + IMM, 0);
                }
                at += Slots.BYTES;
            }
        }
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-1").digest(bytes), TAG_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }

    private ByteBuffer describe(OfBtf types, ByteBuffer info) throws BpfException {
        byte[] data = types.data().toArray();
        int room = info.getInt(8);
        state.write(info.getLong(0), Arrays.copyOf(data, (int) Math.min(data.length, Integer.toUnsignedLong(room))));
        info.putInt(8, data.length).putInt(12, types.id()).putInt(28, 0);
        if ((info.getLong(16) == 0) != (info.getInt(24) == 0)) {
            throw new BpfException(Errno.EINVAL, "a name without room, or room without a name");
        }
        if (info.getLong(16) != 0) {
            state.write(info.getLong(16), new byte[1]);
        }
        return info.putInt(24, 0);
    }

    private ByteBuffer describe(OfLink link, ByteBuffer info) throws BpfException {
        info.putInt(0, type(link.place())).putInt(4, link.id()).putInt(8, link.program().id());
        switch (link.place()) {
            case Place.Function function -> info.putInt(16, function.how().number()).putInt(20, 1)
                    .putInt(24, link.program().loaded().attachBtfId());
            case Place.RawTracepoint point -> name(info, 16, 24, point.name());
            case Place.Probe probe -> {
                info.putInt(16, probe.onReturn() ? 4 : 3);
                name(info, 24, 32, probe.function());
            }
            case Place.Tracepoint point -> {
                info.putInt(16, 5);
                name(info, 24, 32, point.name());
            }
        }
        return info;
    }

    /** enum bpf_link_type. */
    private static int type(Place place) {
        return switch (place) {
            case Place.RawTracepoint _ -> 1;
            case Place.Function _ -> 2;
            case Place.Probe _,Place.Tracepoint _ -> 7;
        };
    }

    /** Copies a name with its zero to where the caller has room for it (bpf_copy_to_user). */
    private void name(ByteBuffer info, int pointer, int length, String name) throws BpfException {
        long address = info.getLong(pointer);
        int room = info.getInt(length);
        if ((address == 0) != (room == 0)) {
            throw new BpfException(Errno.EINVAL, "a name without room, or room without a name");
        }
        byte[] text = Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), name.length() + 1);
        info.putInt(length, text.length);
        if (address == 0) {
            return;
        }
        boolean cut = Integer.compareUnsigned(room, text.length) < 0;
        state.write(address, cut ? Arrays.copyOf(Arrays.copyOf(text, room - 1), room) : text);
        if (cut) {
            throw new BpfException(Errno.ENOSPC, "a name that does not fit");
        }
    }
}
