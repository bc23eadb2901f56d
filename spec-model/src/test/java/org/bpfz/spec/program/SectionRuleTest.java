package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How a section's name is read; the rows are compared with libbpf's elsewhere. */
class SectionRuleTest {
    @Test
    void namesTheCompressorsHooksInShortAndInFull() {
        for (String section : new String[]{"compressor/decide", "compressor/bpf_compressor_decide"}) {
            SectionRule rule = find(section);
            assertEquals(ProgramType.COMPRESSOR, rule.type());
            assertEquals(AttachType.COMPRESSOR, rule.attachType());
            assertEquals(Hook.DECIDE.function(), rule.target(section));
        }
        assertEquals("vfs_write", find("compressor/vfs_write").target("compressor/vfs_write"));
    }

    @Test
    void takesATargetOnlyWhereThePatternEndsInPlus() {
        assertEquals("sched/sched_switch", find("tp/sched/sched_switch").target("tp/sched/sched_switch"));
        assertNull(find("kprobe").target("kprobe"));
        assertNull(find("fentry/").target("fentry/"));
        assertNull(SectionRule.find("socket1"));
        assertNull(SectionRule.find("socket/mine"));
        assertNull(SectionRule.find("kprobes/x"));
        assertNull(SectionRule.find(""));
        assertNull(find("xdp/devmap").target("xdp/devmap"));
    }

    @Test
    void tellsSleepableSectionsByTheirSuffix() {
        assertTrue(find("fentry.s/do_unlinkat").sleepable());
        assertEquals(AttachType.LSM_MAC, find("lsm.s/bprm_check_security").attachType());
    }

    private static SectionRule find(String section) {
        SectionRule rule = SectionRule.find(section);
        assertNotNull(rule, section);
        return rule;
    }
}
