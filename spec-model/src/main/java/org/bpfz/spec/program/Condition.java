package org.bpfz.spec.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * When a row of a table applies to a program: a conjunction of tests on its {@link ProgramTraits}. The language is explained at the head of
 * helper_sets.txt.
 */
final class Condition {
    static final Condition ALWAYS = new Condition(List.of(), "");

    private final List<Predicate<ProgramTraits>> tests;
    private final String text;

    private Condition(List<Predicate<ProgramTraits>> tests, String text) {
        this.tests = tests;
        this.text = text;
    }

    /** Parses cells such as {@code cap=BPF} and {@code attach!=TRACE_ITER,TRACE_RAW_TP}. */
    static Condition parse(List<String> cells) {
        if (cells.isEmpty()) {
            return ALWAYS;
        }
        List<Predicate<ProgramTraits>> tests = new ArrayList<>();
        for (String cell : cells) {
            tests.add(test(cell));
        }
        return new Condition(List.copyOf(tests), String.join(" ", cells));
    }

    /** Whether the cell is one of this language. */
    static boolean isCondition(String cell) {
        return cell.matches("(cap|type|attach|target|hook|sleepable|reading)!?=.*");
    }

    boolean holds(ProgramTraits traits) {
        for (Predicate<ProgramTraits> test : tests) {
            if (!test.test(traits)) {
                return false;
            }
        }
        return true;
    }

    /** As the table writes it; empty where it always holds. */
    @Override
    public String toString() {
        return text;
    }

    private static Predicate<ProgramTraits> test(String cell) {
        int equals = cell.indexOf('=');
        boolean negated = equals > 0 && cell.charAt(equals - 1) == '!';
        String key = cell.substring(0, negated ? equals - 1 : Math.max(equals, 0));
        List<String> values = Arrays.asList(cell.substring(equals + 1).split(",", -1));
        Predicate<ProgramTraits> test = switch (key) {
            case "cap" -> capability(Capability.valueOf(values.getFirst()));
            case "type" -> type(values);
            case "attach" -> attach(values);
            case "target" -> traits -> isTarget(traits, values);
            case "hook" -> hook(LsmHook.Kind.valueOf(values.getFirst().toUpperCase(Locale.ROOT)));
            case "sleepable" -> traits -> traits.sleepable() == values.getFirst().equals("yes");
            case "reading" -> reading(ContextReading.valueOf(values.getFirst()));
            default -> throw new IllegalArgumentException("no condition: " + cell);
        };
        return negated ? test.negate() : test;
    }

    private static Predicate<ProgramTraits> capability(Capability capability) {
        return traits -> capability.isGrantedBy(traits.capabilities());
    }

    private static Predicate<ProgramTraits> type(List<String> names) {
        Set<ProgramType> types = EnumSet.noneOf(ProgramType.class);
        names.forEach(name -> types.add(ProgramType.valueOf(name)));
        return traits -> types.contains(traits.type());
    }

    private static Predicate<ProgramTraits> attach(List<String> names) {
        Set<AttachType> types = EnumSet.noneOf(AttachType.class);
        names.forEach(name -> types.add(AttachType.valueOf(name)));
        return traits -> types.contains(traits.effectiveAttachType());
    }

    private static boolean isTarget(ProgramTraits traits, List<String> targets) {
        String target = traits.attachTarget();
        return target != null && targets.stream().anyMatch(each -> each.endsWith(".*")
                ? target.startsWith(each.substring(0, each.length() - 1))
                : target.equals(each));
    }

    private static Predicate<ProgramTraits> hook(LsmHook.Kind kind) {
        return traits -> {
            LsmHook hook = LsmHook.of(traits.attachTarget());
            return hook != null && hook.kind() == kind;
        };
    }

    private static Predicate<ProgramTraits> reading(ContextReading reading) {
        return traits -> traits.readings().contains(reading);
    }
}
