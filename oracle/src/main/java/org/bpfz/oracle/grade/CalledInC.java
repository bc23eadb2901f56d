package org.bpfz.oracle.grade;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.bpfz.oracle.calls.CallShape;
import org.bpfz.oracle.calls.PathBytes;
import org.bpfz.oracle.calls.Shown;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Destination;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Source;

/** Writes system calls as C: their memory first, then {@code syscall()} with the number by its name. */
final class CalledInC {
    private static final int WHOLE = 1 << 16;

    private CalledInC() {
    }

    /** What comes before the programs and tasks. */
    static String prologue() {
        try (InputStream in = Objects.requireNonNull(CalledInC.class.getResourceAsStream("reproducer.c"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A C string. */
    static String string(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (byte b : PathBytes.encode(text)) {
            int c = b & 0xff;
            if (c == '"' || c == '\\' || c == '?') {
                quoted.append('\\').append((char) c);
            } else if (c >= ' ' && c < 0x7f) {
                quoted.append((char) c);
            } else {
                quoted.append(String.format(Locale.ROOT, "\\%03o", c));
            }
        }
        return quoted.append('"').toString();
    }

    /** An expression for bytes; long data is cut to what a source file can hold, and then repeats. */
    static String data(StringBuilder arrays, Rope bytes) {
        if (bytes.isEmpty()) {
            return "NULL";
        }
        if (!bytes.isKnown()) {
            return "bytes(" + bytes.length() + ", NULL, 0)";
        }
        byte[] shown = bytes.prefix(Math.min(bytes.length(), WHOLE)).toByteArray();
        String name = "data_" + Integer.toHexString(arrays.length());
        arrays.append("static const unsigned char ").append(name).append("[] = {");
        for (int i = 0; i < shown.length; i++) {
            arrays.append(i % 16 == 0 ? "\n\t" : " ").append(shown[i] & 0xff).append(',');
        }
        arrays.append("\n};\n");
        return "bytes(" + bytes.length() + ", " + name + ", sizeof(" + name + "))";
    }

    private static String source(StringBuilder arrays, Source source) {
        if (!source.userAddress()) {
            return "(void *)-4096L";
        }
        return source.faults()
                ? "edge(" + source.readable().length() + ", " + data(arrays, source.readable()) + ")"
                : data(arrays, source.readable());
    }

    private static String room(Destination room) {
        return room.writable() < room.length()
                ? "edge(" + room.writable() + ", NULL)"
                : "bytes(" + Math.max(room.length(), 1) + ", NULL, 0)";
    }

    /** A statement that does the call and compares its result. */
    static String call(StringBuilder arrays, Call call, String label, long seen) {
        CallShape shape = CallShape.of(call);
        StringBuilder before = new StringBuilder();
        List<String> arguments = new ArrayList<>();
        for (CallShape.Argument argument : shape.arguments()) {
            arguments.add(argument(arrays, before, argument, arguments.size()));
        }
        String joined = arguments.isEmpty() ? "" : ", " + String.join(", ", arguments);
        String made = switch (call) {
            case Call.Sendmsg c -> before.append("int rights[] = {").append(c.descriptors().isEmpty()
                    ? "0"
                    : String.join(", ", c.descriptors().stream().map(String::valueOf).toList())).append("}; ")
                    + "result("
                    + label + ", send_rights(" + c.fd() + ", " + source(arrays, c.source()) + ", "
                    + c.source().length() + ", rights, " + c.descriptors().size() + "), " + seen + ");";
            case Call.Recvmsg c -> before + "result(" + label + ", receive_rights(" + c.fd() + ", "
                    + c.destination().length() + ", " + c.room() + "), " + seen + ");";
            case Call.StoreMapped c -> before + "result(" + label + ", store_mapped(" + c.fd() + ", "
                    + data(arrays, c.data()) + ", " + c.data().length() + ", " + c.offset() + "), " + seen + ");";
            case Call.Setrlimit c -> "struct rlimit limit = {" + c.soft() + "UL, " + c.hard() + "UL}; result(" + label
                    + ", returned(setrlimit(" + arguments.getFirst() + ", &limit)), " + seen + ");";
            case Call.GetCompressionStats _ ->
                before + "result(" + label + ", returned(syscall(SYS_get_compression_stats"
                        + joined + ")), " + seen + "); sums();";
            case Call.Exit _,Call.ExitGroup _ -> "_exit(0);";
            default -> before + "result(" + label + ", returned(syscall(SYS_" + shape.name() + joined + ")), " + seen
                    + ");";
        };
        return made;
    }

    private static String argument(StringBuilder arrays, StringBuilder before, CallShape.Argument argument, int index) {
        return switch (argument.shown()) {
            case Shown.Decimal(long value) -> value + "L";
            case Shown.Octal(long value) -> "0" + Long.toOctalString(value) + "L";
            case Shown.Symbol(var table, long value) -> "0x" + Long.toHexString(value) + "L";
            case Shown.Folder(int fd) -> fd + "L";
            case Shown.PathName(String path) -> path == null ? "bad()" : string(path);
            case Shown.Data(Source source) -> source(arrays, source);
            case Shown.Room(Destination room) -> room(room);
            case Shown.DataVector(var vector) -> vector(before, index, vector.segments().stream()
                    .map(each -> "{" + source(arrays, each) + ", " + each.length() + "UL}").toList());
            case Shown.RoomVector(var vector) -> vector(before, index, vector.segments().stream()
                    .map(each -> "{" + room(each) + ", " + each.length() + "UL}").toList());
            case Shown.Stored(Shown.Address address, int which) -> switch (address) {
                case USABLE -> argument.name().equals("written") || argument.name().equals("after")
                        ? "&sum[" + which + "]"
                        : "scratch";
                case NULL -> "NULL";
                case FAULT -> "bad()";
            };
            case Shown.Offset(long offset, int which) -> {
                before.append("long long offset_").append(which).append(" = ").append(offset).append("; ");
                yield "&offset_" + which;
            }
            case Shown.Rights _ -> "NULL";
            case Shown.How(var how) -> {
                if (how == null) {
                    yield "bad()";
                }
                before.append("unsigned long long how[] = {").append(how.flags()).append(", ").append(how.mode())
                        .append(", ").append(how.resolve()).append("}; ");
                yield "how";
            }
        };
    }

    private static String vector(StringBuilder before, int index, List<String> segments) {
        before.append("struct iovec iov_").append(index).append("[] = {")
                .append(segments.isEmpty() ? "{0, 0}" : String.join(", ", segments)).append("}; ");
        return "iov_" + index;
    }
}
