package org.bpfz.oracle.scenario;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bpfz.oracle.calls.CallPrinter;
import org.bpfz.oracle.calls.CallReader;
import org.bpfz.oracle.calls.Errnos;
import org.bpfz.oracle.syntax.CallText;
import org.bpfz.oracle.syntax.CallText.ResultText;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.oracle.syntax.Value.Field;
import org.bpfz.oracle.syntax.Value.Invocation;
import org.bpfz.oracle.syntax.Value.Name;
import org.bpfz.oracle.syntax.Value.Sequence;
import org.bpfz.oracle.syntax.Value.Struct;
import org.bpfz.spec.kernel.HookRun;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Rope;
import org.jspecify.annotations.Nullable;

/**
 * Compares what happened with what a scenario says there. Every method returns null where they agree, and otherwise what was
 * expected and what was seen, in a few words.
 */
final class Expectations {
    private final CallReader calls;
    private final Generators generators;
    private final Map<String, Long> variables;

    /** Expectations whose numbers may be variables; a variable without a value in the place of a descriptor gets one. */
    Expectations(CallReader calls, Generators generators, Map<String, Long> variables) {
        this.calls = calls;
        this.generators = generators;
        this.variables = variables;
    }

    /** The raw result that stands behind an equals sign. */
    static long raw(ResultText expected) throws NotationException {
        if (expected.errno() == null) {
            return expected.value();
        }
        Long result = Errnos.result(expected.errno());
        if (result == null) {
            throw new NotationException(expected.at(), "there is no error " + expected.errno());
        }
        return result;
    }

    /** A raw result. */
    static @Nullable String ofResult(@Nullable ResultText expected, long seen) throws NotationException {
        if (expected == null || expected.unknown() || raw(expected) == seen) {
            return null;
        }
        return "expected " + CallPrinter.result(raw(expected)) + ", got " + CallPrinter.result(seen);
    }

    /** A call's result, and what it stored: that stands where the call names the memory. */
    @Nullable
    String ofCall(CallText text, Outcome.Returned outcome) throws NotationException {
        String difference = ofResult(text.result(), outcome.result());
        if (difference != null || outcome.isError()) {
            return difference;
        }
        return switch (outcome.output()) {
            case Output.Data(Rope bytes) -> ofData(text, bytes);
            case Output.Message(Rope bytes, var descriptors) -> {
                String data = ofData(text, bytes);
                yield data != null ? data : ofDescriptors(text.argument(3), descriptors);
            }
            case Output.Stats(var sums) -> {
                String written = ofSum("written", text.argument(1), sums.written());
                yield written != null ? written : ofSum("after", text.argument(2), sums.after());
            }
            case Output.Pair(int first, int second) -> ofDescriptors(
                    text.argument(text.name().equals("socketpair") ? 3 : 0), List.of(first, second));
            case Output.Attributes attributes -> ofAttributes(text, attributes);
            case Output.Offsets _,Output.None _ -> null;
        };
    }

    private @Nullable String ofData(CallText text, Rope seen) throws NotationException {
        Value expected = text.argument(1);
        if (expected instanceof Sequence(List<Value> segments, _, _)) {
            Rope joined = Rope.empty();
            for (Value segment : segments) {
                Value base = segment instanceof Struct struct ? struct.field("iov_base") : segment;
                if (base == null || isAnything(base)) {
                    return null;
                }
                joined = joined.concat(generators.data(base));
            }
            return ofBytes(joined, seen);
        }
        return expected == null || isAnything(expected) ? null : ofBytes(generators.data(expected), seen);
    }

    /** Bytes. */
    static @Nullable String ofBytes(Rope expected, Rope seen) {
        if (expected.length() != seen.length()) {
            return "expected " + expected.length() + " bytes, got " + seen.length();
        }
        return expected.equals(seen)
                ? null
                : "expected other bytes: the first difference is at offset "
                        + Arrays.mismatch(expected.toByteArray(), seen.toByteArray());
    }

    private @Nullable String ofSum(String name, @Nullable Value expected, long seen) throws NotationException {
        if (expected instanceof Sequence(List<Value> items, _, _) && items.size() == 1) {
            return ofNumber(name, items.getFirst(), seen);
        }
        return null;
    }

    /** A number: {@code 5}, {@code _}, {@code at_least(5)}, {@code at_most(5)}. */
    @Nullable
    String ofNumber(String name, Value expected, long seen) throws NotationException {
        boolean agrees;
        String wanted;
        if (isAnything(expected)) {
            return null;
        }
        if (expected instanceof Invocation(String bound, List<Field> arguments, int at)) {
            if (arguments.size() != 1 || (!bound.equals("at_least") && !bound.equals("at_most"))) {
                throw new NotationException(at, "a number, _, at_least(number) or at_most(number) expected");
            }
            long limit = calls.number(arguments.getFirst().value());
            agrees = bound.equals("at_least") ? seen >= limit : seen <= limit;
            wanted = bound.replace('_', ' ') + " " + limit;
        } else {
            long number = calls.number(expected);
            agrees = seen == number;
            wanted = String.valueOf(number);
        }
        return agrees ? null : "expected " + name + " " + wanted + ", got " + seen;
    }

    private @Nullable String ofDescriptors(@Nullable Value expected, List<Integer> seen) throws NotationException {
        if (!(expected instanceof Sequence(List<Value> items, _, int at))) {
            return null;
        }
        if (items.size() != seen.size()) {
            throw new NotationException(at, seen.size() + " descriptors expected");
        }
        for (int i = 0; i < seen.size(); i++) {
            if (items.get(i) instanceof Name(String name, _) && !name.equals("_")) {
                variables.put(name, (long) seen.get(i));
                continue;
            }
            String difference = ofNumber("descriptor", items.get(i), seen.get(i));
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private @Nullable String ofAttributes(CallText text, Output.Attributes seen) throws NotationException {
        for (Field argument : text.arguments()) {
            if (!(argument.value() instanceof Struct struct)) {
                continue;
            }
            for (Field field : struct.fields()) {
                String name = field.name() == null ? "" : field.name();
                String difference = switch (name) {
                    case "st_mode" -> ofNumber(name, field.value(), seen.mode());
                    case "st_nlink" -> ofNumber(name, field.value(), seen.links());
                    case "st_uid" -> ofNumber(name, field.value(), seen.uid());
                    case "st_gid" -> ofNumber(name, field.value(), seen.gid());
                    case "st_size" -> ofNumber(name, field.value(), seen.size());
                    default -> throw new NotationException(field.value().at(), "no such field of struct stat: " + name);
                };
                if (difference != null) {
                    return difference;
                }
            }
        }
        return null;
    }

    /** A run of a program. */
    @Nullable
    String ofRun(Step.ExpectRun expected, @Nullable HookRun seen) throws NotationException {
        if (seen == null) {
            return "expected a run of " + expected.hook() + ", there was none";
        }
        boolean decide = seen instanceof HookRun.Decide;
        if (decide != expected.hook().equals("decide")) {
            return "expected a run of " + expected.hook() + ", got " + CallPrinter.print(seen);
        }
        for (Field argument : expected.arguments()) {
            String name = argument.name() == null ? "" : argument.name();
            String difference = switch (seen) {
                case HookRun.Decide(_, int uid, int gid, _) -> switch (name) {
                    case "uid" -> ofNumber(name, argument.value(), Integer.toUnsignedLong(uid));
                    case "gid" -> ofNumber(name, argument.value(), Integer.toUnsignedLong(gid));
                    default -> throw new NotationException(argument.value().at(), "decide has uid=... and gid=...");
                };
                case HookRun.Verify(_, long offset, long size, _) -> switch (name) {
                    case "offset" -> ofNumber(name, argument.value(), offset);
                    case "size" -> ofNumber(name, argument.value(), size);
                    default -> throw new NotationException(argument.value().at(), "verify has offset=... and size=...");
                };
            };
            if (difference != null) {
                return difference + " in " + CallPrinter.print(seen);
            }
        }
        return ofResult(expected.result(), seen.result());
    }

    private static boolean isAnything(Value value) {
        return value instanceof Name(String name, _) && name.equals("_");
    }
}
