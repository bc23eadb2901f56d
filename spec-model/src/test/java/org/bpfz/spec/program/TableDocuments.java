package org.bpfz.spec.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bpfz.spec.kernel.Variant;
import org.jspecify.annotations.Nullable;

/** Writes the tables as Markdown, for readers: docs/HELPERS.md, docs/CLAUSES.md and docs/PROGRAM_TYPES.md. */
final class TableDocuments {
    /** The departures from the strict reading that decide over a compressor's helpers. */
    private static final List<Set<ContextReading>> READINGS = List.of(EnumSet.of(ContextReading.EMPTY_COPIES),
            EnumSet.of(ContextReading.GPL_ONLY_HELPERS),
            EnumSet.of(ContextReading.EMPTY_COPIES, ContextReading.GPL_ONLY_HELPERS));

    private TableDocuments() {
    }

    /** Every document by its file name. */
    static Map<String, String> all() {
        Map<String, String> documents = new LinkedHashMap<>();
        documents.put("HELPERS.md", helpers());
        documents.put("CLAUSES.md", clauses());
        documents.put("PROGRAM_TYPES.md", programTypes());
        return documents;
    }

    private static String helpers() {
        StringBuilder text = new StringBuilder(head("helpers.md"));
        for (HelperPrototype row : Helpers.all()) {
            text.append("| ").append(row.number()).append(" | `").append(row.name()).append("`");
            if (Helpers.prototypes(row.number()).size() > 1) {
                text.append("<br>`").append(row.prototype()).append('`');
            }
            text.append(" | ").append(row.arguments().stream().map(TableDocuments::argument)
                    .collect(Collectors.joining("<br>"))).append(" | ").append(result(row.result())).append(" | ")
                    .append(attributes(row)).append(" | ").append(compressorGate(row)).append(" | ")
                    .append(callers(row)).append(" |\n");
        }
        return text.toString();
    }

    private static String argument(ArgType type) {
        return type.kind() + flags(type.flags()) + (type.size() > 0 ? " of " + type.size() : "")
                + (type.struct() == null ? "" : " `" + type.struct() + "`");
    }

    private static String result(ReturnType type) {
        return type.kind() + flags(type.flags()) + (type.struct() == null ? "" : " `" + type.struct() + "`");
    }

    private static String flags(Set<TypeFlag> flags) {
        return flags.stream().sorted().map(flag -> "&nbsp;" + flag).collect(Collectors.joining());
    }

    private static String attributes(HelperPrototype row) {
        List<String> words = new ArrayList<>();
        if (row.gplOnly()) {
            words.add("gpl");
        }
        if (row.pktAccess()) {
            words.add("pkt");
        }
        if (row.mightSleep()) {
            words.add("sleep");
        }
        if (row.allowFastcall()) {
            words.add("fastcall");
        }
        if (row.changesPacketData()) {
            words.add("moves");
        }
        if (row.restriction() != null) {
            words.add("only=" + row.restriction());
        }
        return String.join(" ", words);
    }

    /** The capabilities without which a compressor does not get the helper. */
    private static String compressorGate(HelperPrototype row) {
        ProgramTraits traits = ProgramTraits.of(ProgramType.COMPRESSOR);
        if (!isGranted(row, traits)) {
            return READINGS.stream().filter(reading -> isGranted(row, traits.reading(reading))).findFirst()
                    .map(reading -> "by reading " + reading.stream().sorted().map(Enum::name)
                            .collect(Collectors.joining(", ")))
                    .orElse("no");
        }
        if (isGranted(row, traits.with(Set.of()))) {
            return "yes";
        }
        return isGranted(row, traits.with(Set.of(Capability.BPF))) ? "CAP_BPF" : "CAP_BPF, CAP_PERFMON";
    }

    private static String callers(HelperPrototype row) {
        List<String> callers = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (ProgramType type : ruled()) {
            List<ProgramTraits> all = traits(type);
            long granted = all.stream().filter(traits -> isGranted(row, traits)).count();
            if (granted > 0) {
                callers.add(type.toolName() + (granted < all.size() ? "*" : ""));
            }
            if (granted < all.size()) {
                others.add(type.toolName());
            }
        }
        if (others.isEmpty()) {
            return "all";
        }
        return others.size() <= 2 ? "all but " + String.join(", ", others) : String.join(" ", callers);
    }

    /** Every way to load a program of the type that the tables tell apart. */
    private static List<ProgramTraits> traits(ProgramType type) {
        ProgramRule rule = ProgramRule.of(type);
        Set<AttachType> attachTypes = rule.attaches().isEmpty()
                ? EnumSet.of(AttachType.CGROUP_INET_INGRESS)
                : rule.attaches();
        List<ProgramTraits> all = new ArrayList<>();
        for (AttachType attachType : attachTypes) {
            ProgramTraits traits = ProgramTraits.of(type).with(attachType);
            for (String target : targets(type, attachType)) {
                all.add(traits.withTarget(target));
                if (rule.maySleep(traits) && type != ProgramType.STRUCT_OPS) {
                    all.add(traits.withTarget(target).sleepable(true));
                }
            }
        }
        return all;
    }

    private static List<String> targets(ProgramType type, AttachType attachType) {
        return switch (type) {
            case STRUCT_OPS -> List.of("tcp_congestion_ops.init", "tcp_congestion_ops.release", "sched_ext_ops.init");
            case LSM -> attachType == AttachType.LSM_CGROUP
                    ? List.of("socket_bind", "sock_graft", "socket_socketpair")
                    : List.of("file_open");
            case TRACING -> attachType == AttachType.TRACE_ITER ? List.of("tcp", "task") : List.of("vfs_write");
            default -> List.of("");
        };
    }

    private static boolean isGranted(HelperPrototype row, ProgramTraits traits) {
        return row.equals(Helpers.allowed(row.number(), traits));
    }

    private static String clauses() {
        StringBuilder text = new StringBuilder(head("clauses.md"));
        for (Clause clause : Clause.values()) {
            text.append("\n## ").append(clause.id()).append("\n\n");
            if (clause.required() != null) {
                text.append("**Required.** ").append(clause.required()).append("\n\n");
            }
            if (clause.open() != null) {
                text.append("**Open.** ").append(clause.open()).append("\n\n");
                clause.questions().forEach(question -> text.append(answers(question)));
            }
            text.append("Said by ").append(joined(clause.code().stream().map(TableDocuments::simpleName).toList()))
                    .append(".\n");
        }
        return text.toString();
    }

    private static String answers(String question) {
        StringBuilder text = new StringBuilder("| `" + question + "` | |\n|---|---|\n");
        for (Class<?> each : Variant.class.getPermittedSubclasses()) {
            if (each.getSimpleName().equals(question)) {
                for (Object answer : each.getEnumConstants()) {
                    Variant variant = (Variant) answer;
                    text.append("| `").append(variant.name()).append("` | ").append(variant.meaning()).append(" |\n");
                }
            }
        }
        return text.append('\n').toString();
    }

    private static String programTypes() {
        StringBuilder text = new StringBuilder(head("program_types.md"));
        for (ProgramType type : ProgramType.values()) {
            if (type != ProgramType.UNSPEC) {
                text.append(programType(ProgramRule.of(type)));
            }
        }
        text.append("# Contexts\n");
        ContextLayout.all().forEach(layout -> text.append(context(layout)));
        text.append("\n# Map types\n\n");
        text.append("| # | Type | Holds | Key | Value | Entries | Helpers of its own | Sleepable programs |\n");
        text.append("|--:|------|-------|-----|-------|---------|--------------------|--------------------|\n");
        for (MapType type : MapType.values()) {
            if (type != MapType.UNSPEC) {
                text.append(map(MapRule.of(type)));
            }
        }
        return text.toString();
    }

    private static String programType(ProgramRule rule) {
        StringBuilder text = new StringBuilder();
        text.append("## ").append(rule.type().number()).append(' ').append(rule.type().toolName()).append("\n\n");
        text.append('`').append(rule.type().kernelName()).append("` ").append(rule.purpose()).append(".\n\n");
        text.append("- context: [").append(rule.context()).append("](#").append(rule.context()).append(")\n");
        text.append("- sections: ").append(joined(SectionRule.all().stream()
                .filter(section -> section.type() == rule.type()).map(SectionRule::pattern).toList())).append('\n');
        text.append("- loading needs: ").append(rule.needs().isEmpty()
                ? "nothing"
                : rule.needs().stream().sorted().map(Capability::kernelName).collect(Collectors.joining(", ")))
                .append('\n');
        text.append("- expected attach type: ").append(expected(rule)).append('\n');
        if (!rule.attaches().isEmpty()) {
            text.append("- attaches to: ").append(attachTypes(rule.attaches())).append('\n');
        }
        text.append("- attached through: ").append(String.join(", ", rule.through())).append('\n');
        text.append("- returns: ").append(rule.returns().stream().map(TableDocuments::returned)
                .collect(Collectors.joining("; "))).append('\n');
        if (!rule.sleeps().isEmpty()) {
            text.append("- sleeps: ").append(rule.sleeps().stream()
                    .map(choice -> (choice.value() ? "has to" : "if it asks") + when(choice.condition()))
                    .collect(Collectors.joining("; "))).append('\n');
        }
        return text.append('\n').toString();
    }

    private static String expected(ProgramRule rule) {
        if (rule.expects() == null) {
            return "not checked when loading";
        }
        return rule.expects().isEmpty() ? "none" : attachTypes(rule.expects());
    }

    private static String attachTypes(Collection<AttachType> types) {
        return types.stream().sorted().map(type -> type.toolName() + " (" + type.number() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String returned(Choice<ReturnRule> choice) {
        String what = switch (choice.value()) {
            case ReturnRule.Nothing() -> "nothing";
            case ReturnRule.Any() -> "any number";
            case ReturnRule.Range(int min, int max) -> min == max ? "" + min : min + " to " + max;
            case ReturnRule.IntRange(int min, int max) -> min + " to " + max + " in the lower half";
        };
        return what + when(choice.condition());
    }

    private static String when(String condition) {
        return condition.isEmpty() ? "" : " where `" + condition.replace(",", ", ") + "`";
    }

    private static String context(ContextLayout layout) {
        StringBuilder text = new StringBuilder();
        text.append("\n## ").append(layout.name()).append("\n\n`struct ").append(layout.struct()).append("`, ")
                .append(layout.size()).append(" bytes; ").append(layout.source()).append(".\n\n");
        text.append("| Offset | Field | Loads | Stores | Yields | Where |\n|--:|---|---|---|---|---|\n");
        for (ContextField field : layout.fields()) {
            text.append("| ").append(field.offset()).append(" | ").append(field.name()).append(" | ")
                    .append(widths(field.reads())).append(" | ").append(widths(field.writes())).append(" | ")
                    .append(field.pointer() == ContextPointer.NONE ? "" : field.pointer())
                    .append(field.struct() == null ? "" : " `" + field.struct() + "`").append(" | ")
                    .append(field.startOnly() ? "at its start " : "")
                    .append(field.condition().isEmpty() ? "" : "`" + field.condition().replace(",", ", ") + "`")
                    .append(" |\n");
        }
        return text.toString();
    }

    private static String widths(int mask) {
        return Arrays.stream(new int[]{1, 2, 4, 8}).filter(width -> (mask & width) != 0).mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
    }

    private static String map(MapRule rule) {
        return "| " + rule.type().number() + " | " + rule.type().toolName() + " | " + rule.purpose() + " | "
                + sizes(rule.keySizes()) + " | " + sizes(rule.valueSizes()) + " | " + sizes(rule.entries()) + " | "
                + joined(new TreeSet<>(rule.own())) + " | " + (rule.sleepable() ? "yes" : "no") + " |\n";
    }

    private static String sizes(MapRule.Sizes sizes) {
        if (sizes.pages()) {
            return "a power of two, whole pages";
        }
        return sizes.ranges().stream().map(range -> {
            if (range.from() == range.to()) {
                return "" + range.from();
            }
            return range.to() == 0xffff_ffffL ? "from " + range.from() : range.from() + " to " + range.to();
        }).collect(Collectors.joining(" or "));
    }

    /** What stands before the tables. */
    private static String head(String resource) {
        try (InputStream in = TableDocuments.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ProgramType> ruled() {
        return Arrays.stream(ProgramType.values())
                .filter(type -> type != ProgramType.UNSPEC && type != ProgramType.EXT).toList();
    }

    private static String simpleName(@Nullable String className) {
        return className == null ? "" : className.substring(className.lastIndexOf('.') + 1);
    }

    private static String joined(Collection<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }
}
