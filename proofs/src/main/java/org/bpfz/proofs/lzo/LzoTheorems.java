package org.bpfz.proofs.lzo;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bpfz.lzo.Lzo1x;
import org.bpfz.proofs.lift.LiftException;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.jspecify.annotations.Nullable;

/** What both codecs write, and where; by running them on every input up to a bound. */
public final class LzoTheorems {
    private LzoTheorems() {
    }

    /** All of them. */
    public static List<Theorem> all() {
        return List.of(
                theorem("compress_bytes",
                        "both compressors write inside of the worst-case bound only, and what they make is "
                                + "decompressed to the same bytes, in room for just these",
                        ShortInputs.BOUND, ShortInputs.class, "Compressor.compress", "Instructions.anyLiterals",
                        "Instructions.continuedLength"),
                theorem("compress_blocks",
                        "the same of inputs long enough to have matches and runs of zeros",
                        BlockInputs.BOUND, BlockInputs.class, "Lzo1xBlock.compress", "LzoRleBlock.compress",
                        "LzoRleBlock.zeroRun", "Instructions.match", "Instructions.literals", "Instructions.zeroRun",
                        "Matches.exchange", "Matches.length", "Matches.lengthFrom12"),
                theorem("decompress_streams",
                        "both decompressors read inside of the stream and write inside of the room for the output only, and "
                                + "yield a length that fits or refuse the stream, whatever it is",
                        AllStreams.BOUND, AllStreams.class, "Decompressor.decompress", "Decompressor.need",
                        "Decompressor.room", "Decompressor.literals", "Decompressor.firstNonZero",
                        "Decompressor.copyMatch"));
    }

    private static Theorem theorem(String name, String statement, String bound,
            Class<? extends Supplier<@Nullable String>> check, String... methods) {
        List<Code> code = Arrays.stream(methods).map(LzoTheorems::code).toList();
        return new Theorem("lzo/" + name, Group.LZO, statement, code, List.of(), bound, new Theorem.Exhaustive(check));
    }

    private static Code code(String method) {
        int dot = method.indexOf('.');
        return new Code(type(method.substring(0, dot)), method.substring(dot + 1));
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(Lzo1x.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new LiftException("LZO has no class " + name, e);
        }
    }
}
