package org.bpfz.spec.btf;

import java.util.stream.IntStream;

/**
 * A {@link ProgramBtf} in the form that bpf(2) takes: the types as BPF_BTF_LOAD reads them, and func_info and line_info of
 * BPF_PROG_LOAD, whose strings stand among those of the types.
 */
public final class EncodedProgramBtf {
    private final byte[] types;
    private final int[] functions;
    private final int[] lines;

    private EncodedProgramBtf(byte[] types, int[] functions, int[] lines) {
        this.types = types;
        this.functions = functions;
        this.lines = lines;
    }

    /** Encodes types that are no split BTF. */
    public static EncodedProgramBtf of(ProgramBtf program) {
        BtfWriter writer = new BtfWriter(program.btf(), 0, program.btf().order());
        int[] functions = program.functions().stream().flatMapToInt(
                info -> IntStream.of(info.slot(), info.typeId())).toArray();
        int[] lines = program.lines().stream().flatMapToInt(
                info -> IntStream.of(info.slot(), writer.string(info.file()),
                        writer.string(info.text()), info.line() << 10 | info.column()))
                .toArray();
        return new EncodedProgramBtf(writer.write(), functions, lines);
    }

    /** The types. */
    public byte[] types() {
        return types.clone();
    }

    /** Records of struct bpf_func_info, two words each. */
    public int[] functions() {
        return functions.clone();
    }

    /** Records of struct bpf_line_info, four words each. */
    public int[] lines() {
        return lines.clone();
    }
}
