package org.bpfz.spec.program;

import java.util.List;
import org.bpfz.spec.program.TableReader.Row;
import org.jspecify.annotations.Nullable;

/**
 * What the name of an ELF section says about the programs in it: one row of sections.txt.
 *
 * @param pattern    the section's name; with a + at the end also every name that goes on with a slash and a target
 * @param attachType expected_attach_type, or null for 0
 * @param sleepable  whether the program asks to be allowed to sleep
 * @param frags      whether an XDP program understands packets in several buffers (BPF_F_XDP_HAS_FRAGS)
 * @param btfTarget  whether the target is found in the kernel's BTF, and loading fails without one
 */
public record SectionRule(String pattern, ProgramType type, @Nullable AttachType attachType, boolean sleepable,
        boolean frags, boolean btfTarget) {

    private static final List<SectionRule> ALL = TableReader.read("sections.txt").stream().map(SectionRule::of)
            .toList();

    /** Every row, in the order in which they are tried. */
    public static List<SectionRule> all() {
        return ALL;
    }

    /** The first row that matches the section's name, or null: then libbpf doesn't know what the section holds. */
    public static @Nullable SectionRule find(String section) {
        for (SectionRule rule : ALL) {
            if (rule.matches(section)) {
                return rule;
            }
        }
        return null;
    }

    /** Whether the section's name is the pattern's, or goes on with a slash where the pattern lets it (sec_def_matches). */
    public boolean matches(String section) {
        if (!pattern.endsWith("+")) {
            return section.equals(pattern);
        }
        String prefix = pattern.substring(0, pattern.length() - 1);
        return section.equals(prefix) || section.startsWith(prefix + "/");
    }

    /**
     * What the section's name says that its programs are for: what is behind the first slash, or null where there is nothing. The
     * compressor's hooks may be named in short: {@code compressor/decide} is for {@code bpf_compressor_decide}.
     */
    public @Nullable String target(String section) {
        int slash = section.indexOf('/');
        if (!pattern.endsWith("+") || slash < 0 || slash + 1 == section.length()) {
            return null;
        }
        String target = section.substring(slash + 1);
        return type == ProgramType.COMPRESSOR ? Hook.fullName(target) : target;
    }

    private static SectionRule of(Row row) {
        String attach = row.cell(2);
        List<String> flags = row.from(3);
        if (!List.of("sleeps", "frags", "btf").containsAll(flags)) {
            throw row.malformed("unknown flag among " + flags);
        }
        return new SectionRule(row.cell(0), ProgramType.valueOf(row.cell(1)),
                attach.equals("-") ? null : AttachType.valueOf(attach), flags.contains("sleeps"),
                flags.contains("frags"), flags.contains("btf"));
    }
}
