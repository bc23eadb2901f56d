package org.bpfz.oracle.selftest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.bpfz.oracle.selftest.Expectation.Outcome;
import org.bpfz.spec.btf.BtfType.DeclTag;
import org.bpfz.verifier.Options;
import org.junit.jupiter.api.Test;

class ExpectationTest {
    private static Expectation of(String... tags) {
        return Expectation.of(Stream.of(tags).map(tag -> new DeclTag("comment:test_" + tag, 1, -1, false)).toList());
    }

    @Test
    void withoutTagsAPrivilegedLoadHasToSucceed() {
        Expectation expected = of();
        assertFalse(privileged(expected).failure());
        assertNull(expected.unprivileged());
    }

    private static Outcome privileged(Expectation expected) {
        Outcome outcome = expected.privileged();
        assertNotNull(outcome);
        return outcome;
    }

    @Test
    void theUnprivilegedLoadInheritsWhatItsTagsLeaveOpen() {
        Expectation expected = of("expect_failure", "expect_msg=0=bad", "expect_failure_unpriv");
        Outcome outcome = expected.unprivileged();
        assertNotNull(outcome);
        assertTrue(outcome.failure());
        assertEquals(List.of("bad"), outcome.messages().stream().map(String::valueOf).toList());
    }

    @Test
    void returnValuesAreNumbersOrNames() {
        assertReturns("retval=-7", -7);
        assertReturns("retval=0xffffffff", -1);
        assertReturns("retval=INT_MIN", Integer.MIN_VALUE);
        assertReturns("retval=TEST_DATA_LEN", 64);
        ExpectedReturn pointer = privileged(of("expect_success", "retval=POINTER_VALUE")).returned();
        assertNotNull(pointer);
        assertTrue(pointer.accepts(12345));
        assertThrows(IllegalArgumentException.class, () -> of("retval=many"));
    }

    private static void assertReturns(String tag, int value) {
        ExpectedReturn returned = privileged(of("expect_success", tag)).returned();
        assertNotNull(returned);
        assertTrue(returned.accepts(value), tag);
        assertFalse(returned.accepts(value + 1L), tag);
    }

    @Test
    void flagsAreAddedToTheDefaultOrTakenFromIt() {
        assertEquals(Options.TEST_REG_INVARIANTS | Options.TEST_STATE_FREQ,
                of("prog_flags=BPF_F_TEST_STATE_FREQ").flags());
        assertEquals(0, of("prog_flags=!BPF_F_TEST_REG_INVARIANTS").flags());
    }

    @Test
    void typesToRelocateForAreNamedByAFile() {
        assertEquals("types.bpf.o", of("btf_path=types.bpf.o").targetTypes());
        assertNull(of().targetTypes());
    }

    @Test
    void testsOfOtherMachinesAreNotForThisOne() {
        assertFalse(of("arch=ARM64").thisMachine());
        assertTrue(of("arch=ARM64", "arch=X86_64").thisMachine());
    }
}
