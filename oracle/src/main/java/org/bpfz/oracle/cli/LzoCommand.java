package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bpfz.lzo.Lzo1x;
import org.bpfz.lzo.LzoRle;
import org.bpfz.lzo.MalformedInputException;
import org.bpfz.lzo.WorkMemory;
import org.bpfz.oracle.InputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz lzo}: the kernel's compressor by itself, on raw streams without a header. */
@CommandLine.Command(description = {
    "Compress, decompress or measure one file as Linux 6.12's lzo1x_1_compress does, to the byte.",
    "A stream is raw: it has no header, so it does not say whether it is LZO or LZO-RLE."}, sortOptions = false)
final class LzoCommand extends Command {
    /**
     * A stream can not stand for more bytes than so many times its length: one length byte of LZO1X adds at most 255, the four
     * bytes of an LZO-RLE run at most 2,051 (LZO stream format).
     */
    private static final long MAX_EXPANSION = 513;

    enum Action {
        compress, decompress, size
    }

    @Parameters(index = "0", paramLabel = "compress|decompress|size", description = "What to do.")
    private Action action = Action.size;

    @Parameters(index = "1", paramLabel = "FILE", description = "What to do it to; - is standard input.")
    private String file = "";

    @Option(names = "--rle", description = "LZO-RLE (lzorle1x_1_compress) instead of LZO1X-1.")
    private boolean rle;

    @Option(names = {"-o",
        "--output"}, paramLabel = "OUT", description = "Where the bytes go; default: standard output.")
    private @Nullable Path output;

    @Option(names = "--json", description = "With size: one JSON document.")
    private boolean json;

    LzoCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        byte[] input = Inputs.read(terminal, file, Lzo1x.MAX_LENGTH);
        switch (action) {
            case compress -> write(compress(input));
            case decompress -> write(decompress(input));
            case size -> printSize(input);
        }
        return ExitCode.OK;
    }

    private void write(byte[] bytes) throws IOException {
        if (output != null) {
            Files.write(output, bytes);
        } else {
            OutputStream out = terminal.out();
            out.write(bytes);
        }
    }

    private byte[] compress(byte[] input) {
        byte[] bytes = new byte[rle
                ? LzoRle.maxCompressedLength(input.length)
                : Lzo1x.maxCompressedLength(input.length)];
        WorkMemory work = new WorkMemory();
        int length = rle
                ? LzoRle.compress(input, 0, input.length, bytes, 0, work)
                : Lzo1x.compress(input, 0, input.length, bytes, 0, work);
        return Arrays.copyOf(bytes, length);
    }

    /** A stream does not say how long its output is: tries with ever more room. */
    private byte[] decompress(byte[] input) {
        long enough = Math.min(MAX_EXPANSION * input.length, Lzo1x.MAX_LENGTH);
        for (long room = Math.min(8L * input.length, enough);; room = Math.min(4 * room, enough)) {
            byte[] bytes = new byte[(int) room];
            try {
                int length = rle
                        ? LzoRle.decompress(input, 0, input.length, bytes, 0, bytes.length)
                        : Lzo1x.decompress(input, 0, input.length, bytes, 0, bytes.length);
                return Arrays.copyOf(bytes, length);
            } catch (MalformedInputException e) {
                if (room == enough) {
                    throw new InputException(file + ": " + e.getMessage());
                }
            }
        }
    }

    private void printSize(byte[] input) throws IOException {
        WorkMemory work = new WorkMemory();
        int after = rle
                ? LzoRle.compressedSize(input, 0, input.length, work)
                : Lzo1x.compressedSize(input, 0, input.length, work);
        if (json) {
            JsonWriter writer = Json.to(terminal);
            writer.beginObject();
            writer.name("file").value(file);
            writer.name("format").value(rle ? "lzo-rle" : "lzo1x");
            writer.name("written").value(input.length);
            writer.name("after").value(after);
            writer.endObject();
            Json.end(writer, terminal);
        } else {
            terminal.out().println(after);
        }
    }
}
