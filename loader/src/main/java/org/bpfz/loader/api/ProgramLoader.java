package org.bpfz.loader.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.Attr;
import org.bpfz.spec.bpf.BpfSystemCall;
import org.bpfz.spec.bpf.Command;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.ProgramImage;

/** Loads linked programs: without a log first, and once more to hear why one is refused (bpf_object_load_prog in tools/lib/bpf/libbpf.c). */
final class ProgramLoader {
    private static final int NAME_LENGTH = Attr.NAME_BYTES - 1;
    private static final int SLEEPABLE = 1 << 4;
    private static final int FUNC_WORDS = 2;
    private static final int LINE_WORDS = 4;
    private static final int FIRST_LOG = 1 << 16;
    private static final int LAST_LOG = 1 << 24;

    private final BpfSystemCall kernel;
    private final String origin;
    private final int kernelVersion;
    private final int typesFd;

    /**
     * A loader of the programs of one object.
     *
     * @param origin  the object's name, for complaints
     * @param typesFd of the object's types, 0 for none
     */
    ProgramLoader(BpfSystemCall kernel, String origin, int kernelVersion, int typesFd) {
        this.kernel = kernel;
        this.origin = origin;
        this.kernelVersion = kernelVersion;
        this.typesFd = typesFd;
    }

    /** A name as the kernel takes it: 15 characters, others than letters, digits, dots and underscores replaced. */
    static Bytes name(String name) {
        byte[] bytes = name.replaceAll("[^A-Za-z0-9_.]", "_").getBytes(StandardCharsets.US_ASCII);
        return Bytes.of(Arrays.copyOf(Arrays.copyOf(bytes, Math.min(bytes.length, NAME_LENGTH)), Attr.NAME_BYTES));
    }

    /**
     * Loads a program and returns its descriptor.
     *
     * @param code   its instructions with maps by descriptor
     * @param lines  records of its source lines
     * @param target attach_btf_id, 0 for none
     * @throws ProgramRefusedException if the kernel refuses it
     */
    int load(ProgramImage image, byte[] code, int[] lines, int target) {
        long insns = kernel.memory().put(code);
        int first = load(image, insns, lines, target, 0, 0, 0);
        int size = FIRST_LOG;
        int result = first;
        String log = "";
        while (result < 0 && (size == FIRST_LOG || result == Errno.ENOSPC.negative()) && size <= LAST_LOG) {
            long buffer = kernel.memory().put(new byte[size]);
            result = load(image, insns, lines, target, 1, size, buffer);
            log = text(buffer, size);
            size *= 4;
        }
        if (result < 0) {
            throw new ProgramRefusedException(origin, image, first, log);
        }
        return result;
    }

    private String text(long address, int size) {
        byte[] bytes = kernel.memory().read(address, size);
        int length = 0;
        while (bytes != null && length < size && bytes[length] != 0) {
            length++;
        }
        return bytes == null ? "" : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private int load(ProgramImage image, long insns, int[] lines, int target, int logLevel, int logSize, long log) {
        ProgramBtf btf = image.btf();
        int[] functions = btf == null
                ? new int[0]
                : btf.functions().stream().flatMapToInt(info -> IntStream.of(info.slot(), info.typeId())).toArray();
        boolean described = typesFd != 0 && functions.length > 0;
        boolean lined = described && lines.length > 0;
        AttachType attach = image.attachType();
        return kernel.bpf(Command.PROG_LOAD, new Attr.ProgLoad(image.type().number(), image.code().size(), insns,
                Pinning.text(kernel, image.licence()), logLevel, logSize, log, kernelVersion,
                image.sleepable() ? SLEEPABLE : 0, name(image.name()), 0, attach == null ? 0 : attach.number(),
                described ? typesFd : 0, described ? FUNC_WORDS * Integer.BYTES : 0, described ? put(functions) : 0,
                described ? functions.length / FUNC_WORDS : 0, lined ? LINE_WORDS * Integer.BYTES : 0,
                lined ? put(lines) : 0, lined ? lines.length / LINE_WORDS : 0, target, 0, 0, 0, 0, 0, 0, 0));
    }

    private long put(int[] words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(words);
        return kernel.memory().put(bytes.array());
    }
}
