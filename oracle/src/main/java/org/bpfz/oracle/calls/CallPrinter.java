package org.bpfz.oracle.calls;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bpfz.oracle.calls.CallShape.Argument;
import org.bpfz.oracle.calls.Shown.Address;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Destination;
import org.bpfz.spec.kernel.Flags;
import org.bpfz.spec.kernel.HookRun;
import org.bpfz.spec.kernel.IoVector;
import org.bpfz.spec.kernel.OpenHow;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Source;

/** Writes modelled calls down as strace does, so that what a scenario prints is what a scenario may hold. */
public final class CallPrinter {
    /** strace's own default of -s. */
    private static final int SHOWN_BYTES = 32;
    private static final int SHOWN_SEGMENTS = 16;

    private CallPrinter() {
    }

    /** {@code write(3, "abc", 3) = 3}: a call and what came of it. */
    public static String print(Call call, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Returned returned ->
                print(CallShape.of(call), returned.isError() ? Output.NONE : returned.output())
                        + " = " + result(returned.result());
            case Outcome.Blocked _ -> print(CallShape.of(call), Output.NONE) + " = ? (waits)";
        };
    }

    /** A raw result: {@code 3} or {@code -1 EBADF}. */
    public static String result(long result) {
        String errno = Errnos.name(result);
        return errno == null ? String.valueOf(result) : "-1 " + errno;
    }

    /** {@code verify(offset=0, size=10) = 14}: a program that a call ran. */
    public static String print(HookRun run) {
        return switch (run) {
            case HookRun.Decide(_, int uid, int gid, int result) ->
                "decide(uid=" + Integer.toUnsignedString(uid) + ", gid="
                        + Integer.toUnsignedString(gid) + ") = " + result;
            case HookRun.Verify(_, long offset, long size, int result) -> "verify(offset=" + offset + ", size="
                    + Long.toUnsignedString(size) + ") = " + result;
        };
    }

    private static String print(CallShape shape, Output output) {
        List<String> arguments = shape.arguments().stream().map(argument -> argument(argument, output)).toList();
        return shape.name() + "(" + String.join(", ", arguments) + ")";
    }

    private static String argument(Argument argument, Output output) {
        return switch (argument.shown()) {
            case Shown.Decimal(long value) -> String.valueOf(value);
            case Shown.Octal(long value) -> "0" + (value == 0 ? "" : Long.toOctalString(value));
            case Shown.Symbol(SymbolTable table, long value) -> table.print(value);
            case Shown.Folder(int fd) -> fd == Flags.AT_FDCWD ? "AT_FDCWD" : String.valueOf(fd);
            case Shown.PathName(String path) ->
                path == null ? "fault" : quote(PathBytes.encode(path), Integer.MAX_VALUE);
            case Shown.Data(Source source) -> data(source);
            case Shown.DataVector(IoVector<Source> vector) -> vector(vector);
            case Shown.Room(Destination destination) -> room(destination, output);
            case Shown.RoomVector(IoVector<Destination> vector) -> rooms(vector, output);
            case Shown.Stored(Address address, int index) -> stored(address, index, output);
            case Shown.Offset(long offset, int index) -> offset(offset, index, output);
            case Shown.Rights(List<Integer> descriptors) -> descriptors.toString();
            case Shown.How(OpenHow how) -> how == null
                    ? "fault"
                    : String.format(Locale.ROOT, "{flags=%s, mode=0%o, resolve=%s}", Symbols.OPEN.print(how.flags()),
                            how.mode(), Symbols.RESOLVE.print(how.resolve()));
        };
    }

    private static String data(Source source) {
        if (source.readable().isEmpty() && source.length() != 0) {
            return "fault";
        }
        String quoted = quote(source.readable());
        return source.faults() ? "partial(" + quoted + ")" : quoted;
    }

    private static String vector(IoVector<Source> vector) {
        List<String> segments = new ArrayList<>();
        for (Source source : vector.segments()) {
            if (segments.size() == SHOWN_SEGMENTS) {
                segments.add("...");
                break;
            }
            segments.add("{iov_base=" + data(source) + ", iov_len=" + source.length() + "}");
        }
        return vector.segments().isEmpty() && vector.count() != 0 ? "fault" : "[" + String.join(", ", segments) + "]";
    }

    private static String room(Destination destination, Output output) {
        return switch (output) {
            case Output.Data(Rope bytes) -> quote(bytes);
            case Output.Message(Rope bytes, _) -> quote(bytes);
            default -> destination.writable() == 0 && destination.length() != 0 ? "fault" : "_";
        };
    }

    private static String rooms(IoVector<Destination> vector, Output output) {
        Rope rest = output instanceof Output.Data(Rope bytes) ? bytes : Rope.empty();
        List<String> segments = new ArrayList<>();
        for (Destination destination : vector.segments()) {
            long part = Math.min(rest.length(), Math.max(destination.length(), 0));
            segments.add("{iov_base=" + quote(rest.slice(0, part)) + ", iov_len=" + destination.length() + "}");
            rest = rest.slice(part, rest.length());
        }
        return "[" + String.join(", ", segments) + "]";
    }

    private static String stored(Address address, int index, Output output) {
        if (address != Address.USABLE) {
            return address == Address.NULL ? "NULL" : "fault";
        }
        return switch (output) {
            case Output.Stats(var sums) -> "[" + (index == 0 ? sums.written() : sums.after()) + "]";
            case Output.Pair(int first, int second) -> "[" + first + ", " + second + "]";
            case Output.Message(_, var descriptors) -> descriptors.toString();
            case Output.Attributes(int mode, int links, int uid, int gid, long size) -> String.format(Locale.ROOT,
                    "{st_mode=%s, st_nlink=%d, st_uid=%d, st_gid=%d, st_size=%d}", mode(mode), links, uid, gid, size);
            default -> "_";
        };
    }

    private static String offset(long before, int index, Output output) {
        Long after = output instanceof Output.Offsets(Long in, Long out) ? (index == 0 ? in : out) : null;
        return "[" + before + (after == null || after == before ? "" : " => " + after) + "]";
    }

    /** {@code S_IFREG|0644}. */
    private static String mode(int mode) {
        return Symbols.MODE.print(mode & Flags.S_IFMT) + String.format(Locale.ROOT, "|%04o", mode & ~Flags.S_IFMT);
    }

    private static String quote(Rope rope) {
        if (!rope.isKnown()) {
            return "_";
        }
        byte[] shown = new byte[(int) Math.min(rope.length(), SHOWN_BYTES + 1)];
        rope.copyTo(0, shown, 0, shown.length);
        return quote(shown, SHOWN_BYTES);
    }

    private static String quote(byte[] bytes, int limit) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(bytes.length, limit); i++) {
            char c = (char) (bytes[i] & 0xff);
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                case '"', '\\' -> text.append('\\').append(c);
                case 0 -> text.append(i + 1 < bytes.length && Character.isDigit(bytes[i + 1]) ? "\\x00" : "\\0");
                default -> {
                    if (c >= ' ' && c < 0x7f) {
                        text.append(c);
                    } else {
                        text.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
                    }
                }
            }
        }
        return text.append(bytes.length > limit ? "\"..." : "\"").toString();
    }
}
