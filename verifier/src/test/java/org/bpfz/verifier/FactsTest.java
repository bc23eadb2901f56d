package org.bpfz.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bpfz.spec.engine.Facts.BranchFact;
import org.bpfz.spec.engine.Facts.MemoryFact;
import org.bpfz.spec.engine.Facts.NumberFact;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;

/** What an engine learns of accepted programs. */
class FactsTest {
    private static final MapSpec ARRAY = MapSpec.of("array", MapType.ARRAY, 4, 64, 4);
    private static final MapSpec OTHER = MapSpec.of("other", MapType.ARRAY, 4, 64, 4);

    private static Facts facts(String text, MapSpec... maps) {
        Verdict verdict = Programs.verify(ProgramType.SOCKET_FILTER, text, maps);
        return assertInstanceOf(Verdict.Accepted.class, verdict, verdict::log).facts();
    }

    @Test
    void accessesHaveAPlace() {
        Facts facts = facts("""
                r0 = *(u32 *)(r1 +16)
                *(u64 *)(r10 -8) = r0
                r2 = r10
                r2 += -16
                r0 = *(u32 *)(r2 +12)
                exit
                """);
        assertEquals(new MemoryFact.Context(16), facts.memory(0));
        assertEquals(new MemoryFact.OwnFrame(-8), facts.memory(1));
        assertEquals(MemoryFact.UNKNOWN, facts.memory(2));
        assertEquals(new MemoryFact.OwnFrame(-4), facts.memory(4));
        assertFalse(facts.isExposed(0, -8));
        assertTrue(facts.verified());
    }

    @Test
    void pathsThatAccessDifferentPlacesAtOneInstructionExposeBoth() {
        Facts facts = facts("""
                r0 = *(u32 *)(r1 +16)
                r2 = r10
                if r0 == 5 goto +1
                r2 += -8
                *(u32 *)(r2 -8) = 7
                r0 = 0
                exit
                """);
        assertEquals(MemoryFact.UNKNOWN, facts.memory(4));
        assertTrue(facts.isExposed(0, -8));
        assertTrue(facts.isExposed(0, -16));
        assertFalse(facts.isExposed(0, -4));
    }

    @Test
    void helpersAndCalleesExposeWhatTheyReach() {
        Facts facts = facts("""
                r1 = 0
                *(u32 *)(r10 -4) = r1
                *(u64 *)(r10 -16) = r1
                *(u64 *)(r10 -24) = r1
                r2 = r10
                r2 += -4
                r1 = map[idx:0]
                call 1
                r1 = r10
                r1 += -24
                call pc+2
                r0 = 0
                exit
                r0 = *(u64 *)(r1 +0)
                *(u64 *)(r10 -8) = r0
                exit
                """, ARRAY);
        assertTrue(facts.isExposed(0, -4));
        assertTrue(facts.isExposed(0, -1));
        assertTrue(facts.isExposed(0, -24));
        assertFalse(facts.isExposed(0, -5));
        assertFalse(facts.isExposed(0, -16));
        assertFalse(facts.isExposed(14, -8));
        assertEquals(0, facts.calledMap(8));
    }

    @Test
    void mapsAndTheRangeOfTheirValuesAreKnown() {
        Facts facts = facts("""
                r6 = *(u32 *)(r1 +16)
                r6 &= 31
                r1 = 0
                *(u32 *)(r10 -4) = r1
                r2 = r10
                r2 += -4
                r1 = map[idx:1]
                call 1
                if r0 == 0 goto +2
                r0 += r6
                *(u8 *)(r0 +3) = 1
                r0 = 0
                exit
                """, ARRAY, OTHER);
        assertEquals(new MemoryFact.MapValue(1, 3, 34), facts.memory(11));
        assertEquals(1, facts.calledMap(8));
    }

    @Test
    void aCallWithOneMapOrAnotherHasNone() {
        Facts facts = facts("""
                r6 = *(u32 *)(r1 +16)
                r1 = 0
                *(u32 *)(r10 -4) = r1
                r2 = r10
                r2 += -4
                r1 = map[idx:0]
                if r6 == 0 goto +2
                r1 = map[idx:1]
                call 1
                if r0 == 0 goto +1
                *(u8 *)(r0 +3) = 1
                r0 = 0
                exit
                """, ARRAY, OTHER);
        assertEquals(org.bpfz.spec.engine.Facts.NO_MAP, facts.calledMap(10));
        assertEquals(MemoryFact.UNKNOWN, facts.memory(12));
    }

    @Test
    void numbersOfAllPathsAreKnownWhereMemoryIsNotAsked() {
        Facts facts = facts("""
                r2 = *(u32 *)(r1 +16)
                r2 &= 7
                r2 += 1
                r0 = 100
                if r2 > 4 goto +1
                r0 = 200
                r0 /= r2
                exit
                """);
        NumberFact divisor = facts.source(6);
        assertEquals(1, divisor.umin());
        assertEquals(8, divisor.umax());
        assertFalse(divisor.contains(0));
        assertEquals(100, facts.destination(6).umin());
        assertEquals(200, facts.destination(6).umax());
        assertTrue(facts.destination(1).contains(-1));
        assertEquals(NumberFact.ANY, facts.source(7));
    }

    @Test
    void aLoopsCounterIsGivenUp() {
        Facts facts = facts("""
                r6 = 3
                r7 = 5
                r7 += 1
                r8 = r7
                if r7 < 100 goto -3
                r0 = r6
                exit
                """);
        assertTrue(facts.source(5).isConstant());
        assertEquals(3, facts.source(5).value());
        assertTrue(facts.destination(2).contains(99));
    }

    @Test
    void jumpsAreDecidedAndCodeIsDead() {
        Facts facts = facts("""
                r2 = *(u32 *)(r1 +16)
                r0 = 1
                if r2 == 3 goto +0
                r2 &= 7
                if r2 < 8 goto +1
                r0 = 2
                if r2 > 7 goto +1
                exit
                r0 = 3
                exit
                """);
        assertEquals(BranchFact.BOTH, facts.branch(2));
        assertEquals(BranchFact.ALWAYS, facts.branch(4));
        assertTrue(facts.isDead(5));
        assertEquals(BranchFact.NEVER, facts.branch(6));
        assertFalse(facts.isDead(7));
        assertTrue(facts.isDead(8));
    }
}
