package org.bpfz.spec.program;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel asks of the programs of one type: one block of program_types.txt.
 *
 * @param purpose  what the type is for, as the end of a sentence
 * @param context  the layout's name in contexts.txt
 * @param needs    the capabilities that loading takes
 * @param expects  the values of expected_attach_type that loading takes, empty for 0 alone; null where it takes any
 * @param attaches the attach types that attaching takes
 * @param through  the system calls or commands that attach
 * @param helpers  the set of helper_sets.txt that is asked first
 * @param returns  what r0 must be at exit
 * @param sleeps   when the program may ask to be allowed to sleep; true where it must
 */
public record ProgramRule(ProgramType type, String purpose, String context, Set<Capability> needs,
        @Nullable Set<AttachType> expects, Set<AttachType> attaches, List<String> through, List<Choice<String>> helpers,
        List<Choice<ReturnRule>> returns, List<Choice<Boolean>> sleeps) {

    private static final Map<ProgramType, ProgramRule> ALL = ProgramTable.read();

    public ProgramRule {
        needs = Set.copyOf(needs);
        expects = expects == null ? null : Set.copyOf(expects);
        attaches = Set.copyOf(attaches);
        through = List.copyOf(through);
        helpers = List.copyOf(helpers);
        returns = List.copyOf(returns);
        sleeps = List.copyOf(sleeps);
    }

    /** The rule of a type; UNSPEC has none and is an {@link IllegalArgumentException}. */
    public static ProgramRule of(ProgramType type) {
        ProgramRule rule = ALL.get(type);
        if (rule == null) {
            throw new IllegalArgumentException("no rule for " + type);
        }
        return rule;
    }

    /**
     * Whether BPF_PROG_LOAD takes this expected_attach_type, null standing for 0 (bpf_prog_load_check_attach). Otherwise it returns
     * -EINVAL.
     */
    public boolean acceptsExpected(@Nullable AttachType attachType) {
        AttachType effective = defaulted(attachType);
        return expects == null || (expects.isEmpty() ? effective.number() == 0 : expects.contains(effective));
    }

    /**
     * The expected_attach_type that the kernel goes on with: types that are older than the field have a default
     * (bpf_prog_load_fixup_attach_type).
     */
    public AttachType defaulted(@Nullable AttachType attachType) {
        AttachType given = attachType == null ? AttachType.CGROUP_INET_INGRESS : attachType;
        if (given.number() != 0) {
            return given;
        }
        return switch (type) {
            case CGROUP_SOCK -> AttachType.CGROUP_INET_SOCK_CREATE;
            case SK_REUSEPORT -> AttachType.SK_REUSEPORT_SELECT;
            default -> given;
        };
    }

    /** What the verifier demands of r0 at exit. */
    public ReturnRule returnRule(ProgramTraits traits) {
        ReturnRule rule = Choice.first(returns, traits);
        return rule == null ? new ReturnRule.Any() : rule;
    }

    /** Whether the program may ask to be allowed to sleep. */
    public boolean maySleep(ProgramTraits traits) {
        return Choice.first(sleeps, traits) != null;
    }

    /** Whether the program has to ask to be allowed to sleep. */
    public boolean mustSleep(ProgramTraits traits) {
        return Boolean.TRUE.equals(Choice.first(sleeps, traits));
    }

    /** The name of the set of helper_sets.txt that is asked first. */
    String helperSet(ProgramTraits traits) {
        String set = Choice.first(helpers, traits);
        if (set == null) {
            throw new IllegalStateException("no set of helpers for " + traits);
        }
        return set;
    }
}
